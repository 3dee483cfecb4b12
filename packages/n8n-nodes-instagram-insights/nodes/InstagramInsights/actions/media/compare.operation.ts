import {
	COMPUTED_MEDIA_METRICS,
	comparedRange,
	comparePosts,
	computeMetrics,
	inputsOf,
	isMediaMetric,
	type MediaItem,
	type PostComparison,
	pacificDay,
	readFollowersNow,
	shownMetrics,
	withInputs,
} from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';
import { accountParameter } from '../../../panel/account';
import { mediaMetricsFaces, metricsParameters, readWantedMetrics } from '../../../panel/metrics';
import { optionsParameter } from '../../../panel/options';
import { columnOf, inColumn, withReasons } from '../../../rows/columns';
import { comparedDays, compareWithParameters, readCompareWith } from '../../descriptions/compareWith';
import { mediaComputedParameters, readComputed } from '../../descriptions/computed';
import { DATE_RANGES, publishedParameters } from '../../descriptions/dateRange';
import { filterOptions, inFilter, readProductTypes } from '../../descriptions/listParameters';
import { agentOutputParameters } from '../../descriptions/output';
import { reasonHints } from '../../output/hints';
import type { Operation } from '../operation';

const METRICS = mediaMetricsFaces(['FEED', 'REELS'], { preselected: ['reach', 'views', 'total_interactions'] });

/** The posts and reels of a period compared with those of an earlier one. */
export const compare: Operation = {
	value: 'compare',
	name: 'Compare Periods',
	action: 'Compare posts of two periods',
	description:
		'Compare the posts and reels published in a period with those of an earlier one: how many there are, and the total, average and median of each metric, with the change as a number and in percent. One row per metric and statistic.',
	builderHint:
		'Use to see whether posts do better or worse than before. Set dateRange and compareWith; you do not need a second node or a Code node.',
	fields: [
		accountParameter,
		...metricsParameters(METRICS),
		...mediaComputedParameters(),
		...publishedParameters({ preselected: 'last28Days', withAnyTime: false }),
		...compareWithParameters,
		...agentOutputParameters(),
		optionsParameter(filterOptions, { metrics: true }),
	],
	async *run(item) {
		const days = comparedDays(item, DATE_RANGES);
		const compareWith = readCompareWith(item);
		const metrics = readWantedMetrics(item.parameter('metrics', []), '');
		const computed = readComputed(item, COMPUTED_MEDIA_METRICS);
		const filter = readProductTypes(item);
		const client = await item.client();
		const needsFollowers = inputsOf(computed, COMPUTED_MEDIA_METRICS).includes('followers_count');
		const followers = needsFollowers ? [await readFollowersNow(client, item)] : [];
		const shown = shownMetrics(metrics, computed, COMPUTED_MEDIA_METRICS);
		const posts: MediaItem[] = [];
		for (const range of [days, comparedRange(days, compareWith)]) {
			const asked = { metrics: withInputs(metrics, computed, COMPUTED_MEDIA_METRICS, isMediaMetric), ...range };
			for await (const { items } of client.media({ ...asked, ...filter }, { signal: item.signal })) {
				for (const { media, insights } of items) {
					const found = computeMetrics(computed, COMPUTED_MEDIA_METRICS, [...insights, ...followers]);
					for (const hint of reasonHints([...insights, ...found], shown)) item.hint(...hint);
					posts.push({ media, insights: [...insights, ...found] });
				}
			}
		}
		if (days.until > pacificDay(item.now)) item.hint('not-begun');
		if (posts.length === 0) item.hint('no-media');
		yield* comparePosts(posts, { ...days, metrics: shown, compareWith }).map(comparisonRow);
	},
	inPanel: inFilter,
};

/** One statistic of both periods, in the unit of its column. */
function comparisonRow({ metric, statistic, ...comparison }: PostComparison): IDataObject {
	const { since, until, previousSince, previousUntil, posts, previousPosts, reason, message } = comparison;
	const inUnit = (value: number | null) => (value === null ? null : inColumn(metric, value));
	const column = columnOf(metric);
	const row = {
		metric: column,
		statistic,
		since,
		until,
		previousSince,
		previousUntil,
		current: inUnit(comparison.current),
		previous: inUnit(comparison.previous),
		change: inUnit(comparison.change),
		changePercent: comparison.changePercent,
		posts,
		previousPosts,
	};
	return withReasons(row, reason === undefined ? [] : [{ column, reason, message }]);
}
