import {
	ACCOUNT_METRICS,
	type AccountMetricRow,
	addDays,
	COMPUTED_ACCOUNT_METRICS,
	isDay,
	limitsOn,
	pacificDay,
	readComputedTotals,
	shownMetrics,
	takesBreakdown,
} from '@instagram-insights/core/internal';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { accountParameter } from '../../../panel/account';
import { accountMetricOptions } from '../../../panel/metricOptions';
import { type MetricsFace, metricsParameters, preselecting, readNames } from '../../../panel/metrics';
import { optionsParameter } from '../../../panel/options';
import { wrongSetting } from '../../../panel/wrongSetting';
import { accountBreakdowns, breakdownParameter, NO_BREAKDOWN, readBreakdown } from '../../descriptions/breakdown';
import { computedParameter, readComputed } from '../../descriptions/computed';
import { chosenDays, dateRangeParameters, inDateRange, readDay } from '../../descriptions/dateRange';
import { HIDDEN_WHEN_RAW, outputParameters } from '../../descriptions/output';
import { bucketRows, dailyRows, totalRow } from '../../output/accountRows';
import { answerHints } from '../../output/hints';
import { rawRows } from '../../output/rawRows';
import type { Item } from '../item';
import type { Operation } from '../operation';

const BREAKDOWNS = accountBreakdowns(({ periods }) => periods.includes('day'));

const granularityParameter: INodeProperties = {
	displayName: 'Rows',
	name: 'granularity',
	type: 'options',
	options: [
		{ name: 'One Total', value: 'total', description: 'One number for the whole range' },
		{ name: 'One per Day', value: 'daily', description: 'One number for each day' },
	],
	default: 'total',
	description: 'Whether to return one number for the whole range or one for each day',
};

/** Titles of the metrics that Meta returns as a series of days. */
const SERIES = Object.values<AccountMetricRow>(ACCOUNT_METRICS)
	.filter(({ periods, metricTypes }) => periods.includes('day') && metricTypes.join() !== 'total_value')
	.map(({ title }) => title);

/** If granularity or breakdown is an expression, n8n takes the default of the last list: it must hold a metric that fits all. */
const METRICS: readonly MetricsFace[] = [
	{
		show: { granularity: ['total'], breakdown: [NO_BREAKDOWN] },
		options: accountMetricOptions((row) => row.valueShape === 'total_value' && row.periods.includes('day')),
		preselected: ['reach', 'views', 'accounts_engaged', 'total_interactions'],
	},
	{
		show: { granularity: ['daily'] },
		options: accountMetricOptions((row) => row.periods.includes('day') && !row.requiresBreakdown),
		preselected: ['reach', 'views'],
		hint: `${SERIES.join(' and ')} take one call each for all days. All other metrics take one call per day.`,
	},
	...BREAKDOWNS.map((choice) => ({
		show: { granularity: ['total'], breakdown: [choice] },
		...preselecting(
			accountMetricOptions((row) => row.periods.includes('day') && takesBreakdown(row, choice.split(','))),
		),
	})).sort(viewsLast),
];

function viewsLast(a: MetricsFace, b: MetricsFace): number {
	return Number(a.preselected.includes('views')) - Number(b.preselected.includes('views'));
}

/** Granularity, breakdown, and the metrics that fit both. */
export const measureParameters: INodeProperties[] = [
	granularityParameter,
	{
		...breakdownParameter(BREAKDOWNS, {
			optional: true,
			preselected: NO_BREAKDOWN,
			description: 'Whether to break each metric down. Returns one row per part.',
		}),
		displayOptions: { show: { granularity: ['total'] } },
	},
	...metricsParameters(METRICS),
	computedParameter(COMPUTED_ACCOUNT_METRICS, {
		show: { granularity: ['total'], breakdown: [NO_BREAKDOWN] },
		hide: HIDDEN_WHEN_RAW,
	}),
];

/**
 * @throws {InsightsError} `invalid-query`: an expression returned another value
 */
export function readGranularity(item: Item): 'total' | 'daily' {
	const value = item.parameter('granularity', 'total');
	if (value === 'total' || value === 'daily') return value;
	throw wrongSetting('granularity', value, `Choose "total" or "daily", not "${String(value)}".`);
}

/** The numbers of a day may grow for this many days, so these days are read again. */
const GROWING_DAYS = 2;

const LAST_KEPT: INodeProperties = {
	displayName: 'Only Days Not Yet Kept',
	name: 'lastKeptDay',
	type: 'string',
	default: '',
	placeholder: 'e.g. {{ $json.date }}',
	description:
		'The newest date in your table. The node continues from there, which also fills in days that were missed, and reads the last two stored days again because their numbers may have grown. Upsert by account_id and date. Leave empty to read the whole Date Range.',
	displayOptions: { show: { '/granularity': ['daily'] } },
};

/** Account insights over days: totals, one row per day, or buckets. */
export const getInsights: Operation = {
	value: 'getInsights',
	name: 'Get Insights',
	action: 'Get account insights',
	description:
		'Retrieve the insights of an account for a date range: reach, views, interactions, profile visits and more. Returns totals, one row per day, or a breakdown by followers, content type or contact button.',
	builderHint:
		'Use for the insights of an account over a date range. Set granularity to total for one row, or to daily for one row per day.',
	fields: [
		accountParameter,
		...measureParameters,
		...dateRangeParameters(),
		...outputParameters,
		optionsParameter([LAST_KEPT], { metrics: true }),
	],
	async *run(item) {
		const metrics = readNames(item.parameter('metrics', []));
		const { since, until } = chosenDays(item);
		yield* readGranularity(item) === 'daily'
			? await daily(item, { metrics, since: firstDayToRead(item, since), until })
			: await totals(item, { metrics, since, until });
	},
	inPanel: inDateRange,
};

type Asked = { readonly metrics: readonly string[]; readonly since: string; readonly until: string };

/**
 * The first day to read if a table has the days up to `lastKeptDay`: before `since` if days are missing, after it if they are kept.
 *
 * @throws {InsightsError} `invalid-query`: the option is not a day
 */
function firstDayToRead(item: Item, since: string): string {
	const kept = item.options.lastKeptDay;
	const day = readDay(kept, item.timeZone);
	if (day === '') return since;
	if (isDay(day)) {
		const next = addDays(day, 1 - GROWING_DAYS);
		const oldest = addDays(pacificDay(item.now), -limitsOn(item.host).daysBack);
		// Meta no longer has the days before.
		const isForgotten = next < oldest;
		return isForgotten ? oldest : next;
	}
	throw wrongSetting(
		'lastKeptDay',
		kept,
		`"${day}" is not a day. Give the newest date of your table, such as 2026-11-01.`,
	);
}

async function daily(item: Item, asked: Asked): Promise<IDataObject[]> {
	const breakdown = readBreakdown(item.parameter('breakdown', NO_BREAKDOWN));
	if (breakdown !== undefined) {
		const message = 'Days cannot be broken down. Set Rows to One Total (total), or Breakdown to None (none).';
		throw wrongSetting('breakdown', breakdown, message);
	}
	if (asked.since > asked.until) {
		item.hint('all-kept');
		return [];
	}
	const client = await item.client();
	const answer = await client.accountDaily(asked, { signal: item.signal });
	answerHints(item, answer);
	return item.simplify ? dailyRows(asked.metrics, answer.insights, asked) : rawRows(answer.raw, answer.insights);
}

async function totals(item: Item, asked: Asked): Promise<IDataObject[]> {
	const breakdown = readBreakdown(item.parameter('breakdown', NO_BREAKDOWN), BREAKDOWNS);
	const canCompute = breakdown === undefined && item.simplify;
	const computed = canCompute ? readComputed(item, COMPUTED_ACCOUNT_METRICS) : [];
	const client = await item.client();
	if (computed.length > 0) {
		const found = await readComputedTotals(client, { ...asked, computed }, item);
		const shown = shownMetrics(asked.metrics, computed, COMPUTED_ACCOUNT_METRICS);
		answerHints(item, found, shown);
		return [totalRow(shown, found.insights, asked)];
	}
	const answer = await client.accountTotals({ ...asked, breakdown }, { signal: item.signal });
	answerHints(item, answer);
	if (!item.simplify) return rawRows(answer.raw, answer.insights);
	const { metrics, since, until } = asked;
	if (breakdown !== undefined) return bucketRows(answer.insights, String(breakdown), { since, until });
	return [totalRow(metrics, answer.insights, { since, until })];
}
