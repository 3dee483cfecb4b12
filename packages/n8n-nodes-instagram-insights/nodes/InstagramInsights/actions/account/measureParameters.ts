import {
	ACCOUNT_METRICS,
	type AccountMetricRow,
	COMPUTED_ACCOUNT_METRICS,
	takesBreakdown,
} from '@instagram-insights/core/internal';
import type { INodeProperties } from 'n8n-workflow';
import { accountMetricOptions } from '../../../panel/metricOptions';
import { type MetricsFace, metricsParameters, preselecting } from '../../../panel/metrics';
import { wrongSetting } from '../../../panel/wrongSetting';
import { accountBreakdowns, breakdownParameter, NO_BREAKDOWN } from '../../descriptions/breakdown';
import { computedParameter } from '../../descriptions/computed';
import type { Item } from '../item';

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

/** Titles of the metrics that Meta gives as a series. */
const SERIES = Object.values<AccountMetricRow>(ACCOUNT_METRICS)
	.filter(({ periods, metricTypes }) => periods.includes('day') && metricTypes.join() !== 'total_value')
	.map(({ title }) => title);

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
		hint: `${SERIES.join(' and ')} cost one call each for all days. All others cost one call a day.`,
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

/** What to measure and how: granularity, breakdown, and the metrics that fit both. */
export const measureParameters: INodeProperties[] = [
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
	computedParameter(COMPUTED_ACCOUNT_METRICS, {
		show: { granularity: ['total'], breakdown: [NO_BREAKDOWN], simplify: [true] },
	}),
];

/**
 * @throws {InsightsError} `invalid-query`: an expression gave another word
 */
export function readGranularity(item: Item): 'total' | 'daily' {
	const value = item.parameter('granularity', 'total');
	if (value === 'total' || value === 'daily') return value;
	throw wrongSetting('granularity', value, `Choose "total" or "daily", not "${String(value)}".`);
}
