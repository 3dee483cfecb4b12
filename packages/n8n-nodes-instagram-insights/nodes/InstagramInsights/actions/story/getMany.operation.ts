import { accountParameter } from '../../descriptions/account';
import { fieldsOptions, readFields } from '../../descriptions/fields';
import { includeInsightsParameter, readIncludedMetrics } from '../../descriptions/includeInsights';
import { mediaMetricsFaces } from '../../descriptions/mediaMetricsFaces';
import { metricsParameters } from '../../descriptions/metrics';
import { optionsParameter } from '../../descriptions/options';
import { readLimit, resultCountParameters } from '../../descriptions/resultCount';
import { simplifyParameter } from '../../descriptions/simplify';
import { metricColumns } from '../../output/columns';
import { mediaRow } from '../../output/mediaRows';
import { rawMediaRows } from '../../output/rawRows';
import { reasonHints } from '../../output/reasonHints';
import type { Operation } from '../operation';
import { STORY_METRICS } from './storyMetrics';

/** The live stories of an account, each with its numbers. */
export const getMany: Operation = {
	value: 'getMany',
	name: 'Get Many',
	action: 'Get many stories',
	description:
		'Retrieve the live stories of an account, those of the last 24 hours, each with its date and, if wanted, its insights such as reach, views and replies',
	fields: [
		accountParameter,
		includeInsightsParameter,
		...metricsParameters(
			mediaMetricsFaces(['STORY'], { show: { includeInsights: [true] }, preselected: STORY_METRICS }),
		),
		...resultCountParameters,
		simplifyParameter,
		optionsParameter(fieldsOptions('media'), { metrics: true }),
	],
	async *run(item) {
		const metrics = readIncludedMetrics(item.parameter, true);
		const fields = readFields(item.options.fields);
		const { timeZone } = item;
		const client = await item.client();
		const pages = client.stories({ metrics, fields, limit: readLimit(item) }, { signal: item.signal });
		let count = 0;
		for await (const { items, raw } of pages) {
			count += items.length;
			for (const { insights } of items) for (const hint of reasonHints(insights)) item.hint(...hint);
			yield* item.simplify
				? items.map(({ media, insights }) => mediaRow(media, metricColumns(metrics, insights), { fields, timeZone }))
				: rawMediaRows(raw, items);
		}
		item.hint(count === 0 ? 'no-stories' : 'stories-expire');
	},
};
