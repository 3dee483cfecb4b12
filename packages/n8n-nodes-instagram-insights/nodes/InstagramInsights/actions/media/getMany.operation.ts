import type { Insight } from '@instagram-insights/core';
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
import { filterOptions, inFilter, readFilter } from './mediaFilter';

const METRICS = mediaMetricsFaces(['FEED', 'REELS'], {
	show: { includeInsights: [true] },
	preselected: ['reach', 'views', 'likes', 'comments', 'saved', 'shares', 'total_interactions'],
});

/** The posts and reels of an account, newest first, each with its numbers. */
export const getMany: Operation = {
	value: 'getMany',
	name: 'Get Many',
	action: 'Get many media',
	description:
		'Retrieve the posts and reels of an account, newest first, each with its caption, link, date, likes and comments and, if wanted, its insights such as reach, views and saves',
	fields: [
		accountParameter,
		includeInsightsParameter,
		...metricsParameters(METRICS),
		...resultCountParameters,
		simplifyParameter,
		optionsParameter([...fieldsOptions('media'), ...filterOptions], { metrics: true }),
	],
	async *run(item) {
		const metrics = readIncludedMetrics(item.parameter, true);
		const fields = readFields(item.options.fields);
		const { timeZone } = item;
		const client = await item.client();
		const pages = client.media(
			{
				metrics,
				fields,
				limit: readLimit(item),
				...readFilter(item),
			},
			{ signal: item.signal },
		);
		let count = 0;
		let hasComments = false;
		for await (const { items, raw } of pages) {
			count += items.length;
			hasComments ||= items.some(({ insights }) => insights.some(isCommentCount));
			for (const { insights } of items) for (const hint of reasonHints(insights)) item.hint(...hint);
			yield* item.simplify
				? items.map(({ media, insights }) => mediaRow(media, metricColumns(metrics, insights), { fields, timeZone }))
				: rawMediaRows(raw, items);
		}
		if (hasComments) item.hint('comments-without-ads');
		if (count === 0) item.hint('no-media');
	},
	inPanel: inFilter,
};

function isCommentCount(insight: Insight): boolean {
	return insight.metric === 'comments' && insight.shape === 'total';
}
