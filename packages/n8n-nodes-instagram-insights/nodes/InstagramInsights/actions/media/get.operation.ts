import type { IDataObject } from 'n8n-workflow';
import { accountParameter } from '../../../panel/account';
import { mediaParameter } from '../../../panel/media';
import { fieldsOptions, optionsParameter, readFields } from '../../../panel/options';
import { metricColumns } from '../../../rows/columns';
import { mediaRow } from '../../../rows/mediaRows';
import { outputParameters } from '../../descriptions/output';
import type { Operation } from '../operation';
import { chosenMediaId } from './chosenMediaId';

/** One post or reel. */
export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get post',
	description: 'Retrieve one post or reel: caption, link, date, format, likes and comments',
	builderHint: 'Use for caption, link and fields of one known post. For its numbers, use getInsights.',
	fields: [accountParameter, mediaParameter, ...outputParameters, optionsParameter(fieldsOptions('media'))],
	ofOneMedium: true,
	async *run(item) {
		const client = await item.client();
		const id = await chosenMediaId(item, client);
		const fields = readFields(item.options.fields);
		const found = await client.mediaById(id, { ...(fields === undefined ? {} : { fields }), signal: item.signal });
		const { timeZone } = item;
		yield item.simplify ? mediaRow(found, metricColumns([], []), { fields, timeZone }) : ({ ...found } as IDataObject);
	},
};
