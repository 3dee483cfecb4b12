import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { accountParameter } from '../../descriptions/account';
import { breakdownParameter, NO_BREAKDOWN, readBreakdown } from '../../descriptions/breakdown';
import { dateRangeParameters } from '../../descriptions/dateRange';
import { accountMetricOptions } from '../../descriptions/metricOptions';
import { type MetricsFace, metricsParameters, readNames } from '../../descriptions/metrics';
import { optionsParameter } from '../../descriptions/options';
import { simplifyParameter } from '../../descriptions/simplify';
import { bucketRows } from '../../output/bucketRows';
import { dailyRows } from '../../output/dailyRows';
import { metricColumns, withMetrics } from '../../output/metricColumns';
import { rawRows } from '../../output/rawRows';
import type { Item } from '../item';
import type { Operation } from '../operation';
import { answerHints } from './answerHints';
import { chosenDays } from './chosenDays';

const BREAKDOWNS = ['contact_button_type', 'follow_type', 'follow_type,media_product_type', 'media_product_type'];

const granularityParameter: INodeProperties = {
	displayName: 'Granularity',
	name: 'granularity',
	type: 'options',
	options: [
		{ name: 'Total', value: 'total', description: 'One number for the whole range' },
		{ name: 'Daily', value: 'daily', description: 'One number for each day' },
	],
	default: 'total',
	description: 'Whether to return one number for the whole range or one for each day',
};

/** Where granularity or breakdown is an expression, n8n preselects what the last one does: a metric that fits all. */
const METRICS: readonly MetricsFace[] = [
	{
		show: { granularity: ['total'], breakdown: [NO_BREAKDOWN] },
		options: accountMetricOptions((row) => row.valueShape === 'total_value' && row.periods.includes('day')),
		preselected: ['reach', 'views', 'accounts_engaged', 'total_interactions'],
	},
	{
		show: { granularity: ['daily'] },
		options: accountMetricOptions((row) => row.periods.includes('day') && !row.requiresBreakdown),
		preselected: ['reach', 'follower_count'],
		hint: 'Accounts Reached and New Followers cost one call each for all days. All others cost one call a day.',
	},
	...BREAKDOWNS.map((choice) => ({
		show: { granularity: ['total'], breakdown: [choice] },
		options: accountMetricOptions(
			(row) =>
				row.periods.includes('day') &&
				(row.breakdowns.some((name) => name === choice) ||
					row.breakdownPairs.some((pair) => pair.join(',') === choice)),
		),
		preselected: [choice === 'contact_button_type' ? 'profile_links_taps' : 'views'],
	})),
];

/** Account numbers over days: totals, days or buckets. */
export const getInsights: Operation = {
	value: 'getInsights',
	name: 'Get Insights',
	action: 'Get account insights',
	description:
		'Retrieve how an account did over a range of days: accounts reached, views, interactions, profile visits and more. As totals, day by day, or split by followers, content type or contact button.',
	fields: [
		accountParameter,
		granularityParameter,
		{
			...breakdownParameter(BREAKDOWNS, {
				optional: true,
				preselected: NO_BREAKDOWN,
				description: 'Whether to split each metric into parts, one row for each part',
			}),
			displayOptions: { show: { granularity: ['total'] } },
		},
		...metricsParameters(METRICS),
		...dateRangeParameters,
		simplifyParameter,
		optionsParameter([], { metrics: true }),
	],
	async *run(item) {
		const metrics = readNames(item.parameter('metrics', []));
		const { since, until } = chosenDays(item);
		yield* item.parameter('granularity', 'total') === 'daily'
			? await daily(item, { metrics, since, until })
			: await totals(item, { metrics, since, until });
	},
};

type Asked = { readonly metrics: readonly string[]; readonly since: string; readonly until: string };

async function daily(item: Item, asked: Asked): Promise<IDataObject[]> {
	const client = await item.client();
	const answer = await client.accountDaily(asked, { signal: item.signal });
	answerHints(item, answer);
	return item.simplify ? dailyRows(answer.insights, asked) : rawRows(answer.raw);
}

async function totals(item: Item, asked: Asked): Promise<IDataObject[]> {
	const breakdown = readBreakdown(item.parameter('breakdown', NO_BREAKDOWN));
	const client = await item.client();
	const answer = await client.accountTotals({ ...asked, breakdown }, { signal: item.signal });
	answerHints(item, answer);
	if (!item.simplify) return rawRows(answer.raw);
	if (breakdown !== undefined) return bucketRows(answer.insights, String(breakdown));
	return [withMetrics({ since: asked.since, until: asked.until }, metricColumns(answer.insights))];
}
