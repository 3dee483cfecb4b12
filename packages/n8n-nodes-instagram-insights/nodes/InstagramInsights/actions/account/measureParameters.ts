import type { INodeProperties } from 'n8n-workflow';
import { breakdownParameter, NO_BREAKDOWN } from '../../descriptions/breakdown';
import { accountMetricOptions } from '../../descriptions/metricOptions';
import { type MetricsFace, metricsParameters } from '../../descriptions/metrics';
import { wrongSetting } from '../../errors/wrongSetting';
import type { Item } from '../item';

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
];

/**
 * @throws {InsightsError} `invalid-query`: an expression gave another word
 */
export function readGranularity(item: Item): 'total' | 'daily' {
	const value = item.parameter('granularity', 'total');
	if (value === 'total' || value === 'daily') return value;
	throw wrongSetting('granularity', value, `"${String(value)}" is no granularity. Choose "total" or "daily".`);
}
