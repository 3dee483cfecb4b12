import type { IDataObject } from 'n8n-workflow';
import { accountParameter } from '../../../panel/account';
import { mediaParameter } from '../../../panel/media';
import { metricsParameters } from '../../../panel/metrics';
import { fieldsOptions, optionsParameter, readFields } from '../../../panel/options';
import { metricColumns } from '../../../rows/columns';
import { mediaRow } from '../../../rows/mediaRows';
import {
	breakdownParameter,
	mediaBreakdowns,
	mediaMetricsFacesByBreakdown,
	NO_BREAKDOWN,
} from '../../descriptions/breakdown';
import { mediaComputedParameters } from '../../descriptions/computed';
import { outputParameters } from '../../descriptions/output';
import type { Operation } from '../operation';
import { chosenMediaId } from './chosenMediaId';
import { insightsOfMany, insightsOfOne } from './insightsOfMany';

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

const PRODUCTS = ['FEED', 'REELS'] as const;

/** The insights of posts and reels whose IDs are known. */
export const getInsights: Operation = {
	value: 'getInsights',
	name: 'Get Insights',
	action: 'Get post insights',
	description:
		'Retrieve the lifetime insights of one post or reel: reach, views, likes, comments, saves, shares, watch time and more. To read many posts, use Get Many, which needs fewer calls.',
	builderHint:
		'Use for the numbers of one known post or reel. For several posts, use getMany: it returns their numbers too, without a loop.',
	fields: [
		accountParameter,
		mediaParameter,
		breakdownParameter(mediaBreakdowns(PRODUCTS), {
			optional: true,
			preselected: NO_BREAKDOWN,
			description: 'Whether to break the metric down. Returns one row per part. Posts only.',
		}),
		...metricsParameters(
			mediaMetricsFacesByBreakdown(PRODUCTS, [
				'reach',
				'views',
				'likes',
				'comments',
				'saved',
				'shares',
				'total_interactions',
			]),
		),
		...mediaComputedParameters({ breakdown: [NO_BREAKDOWN] }),
		...outputParameters,
		optionsParameter([], { metrics: true }),
	],
	ofOneMedium: true,
	run: insightsOfOne,
	runTogether: insightsOfMany,
};
