import type { HostName } from '../world/host.ts';
import {
	ACCOUNT_BREAKDOWN_PAIRS,
	ACCOUNT_BREAKDOWNS,
	ACCOUNT_METRIC_NAMES,
	ACCOUNT_METRIC_RULES,
	type AccountMetricRule,
	CURRENT_TIMEFRAMES,
	METRIC_TYPES,
	PERIODS,
	TIMEFRAMES,
} from './account-metric-rules.ts';
import type { InsightsQuery } from './insights-query.ts';
import { invalidParameter, mustBeOneOf } from './refusals.ts';

/** A question that Meta would answer. */
export type CheckedAccountQuery = InsightsQuery & {
	readonly asked: readonly { readonly name: string; readonly rule: AccountMetricRule }[];
	readonly period: 'day' | 'lifetime' | 'week' | 'days_28';
	readonly metricType: 'default' | 'time_series' | 'total_value';
};

/**
 * Refuse what Meta refuses, in Meta's order: names, period, metric type, breakdown, timeframe. One bad metric fails all.
 *
 * @throws {GraphRefusal}
 */
export function checkAccountQuery(host: HostName, query: InsightsQuery): CheckedAccountQuery {
	const asked = query.metrics.map((name, index) => {
		const rule = Object.hasOwn(ACCOUNT_METRIC_RULES, name) ? ACCOUNT_METRIC_RULES[name] : undefined;
		if (rule === undefined) throw mustBeOneOf(`metric[${index}]`, ACCOUNT_METRIC_NAMES);
		return { name, rule };
	});
	const period = checkPeriod(host, query, asked);
	const metricType = checkMetricType(query, asked);
	checkBreakdowns(query, asked, metricType);
	checkTimeframe(query, asked);
	return { ...query, asked, period, metricType };
}

type Asked = CheckedAccountQuery['asked'];

function checkPeriod(host: HostName, query: InsightsQuery, asked: Asked): CheckedAccountQuery['period'] {
	const period = query.period;
	if (period === null) throw invalidParameter('The parameter period is required');
	if (!PERIODS.some((known) => known === period)) throw mustBeOneOf('period', PERIODS);
	// The Instagram host takes the old rolling periods without a word and answers days.
	const rolling = period === 'week' || period === 'days_28' ? period : null;
	const served = host === 'graph.instagram.com' && rolling !== null ? 'day' : period;
	const misfits = asked
		.filter(({ rule }) => rule.period !== served && !(served === rolling && rule.rolling))
		.map((metric) => metric.name);
	if (misfits.length > 0) {
		throw invalidParameter(`The following periods (${period}) are incompatible with the metric (${misfits.join(',')})`);
	}
	if (served === rolling && rolling !== null) return rolling;
	return served === 'day' ? 'day' : 'lifetime';
}

function checkMetricType(query: InsightsQuery, asked: Asked): CheckedAccountQuery['metricType'] {
	const known = METRIC_TYPES.find((type) => type === (query.metricType ?? 'default'));
	if (known === undefined) throw mustBeOneOf('metric_type', METRIC_TYPES);
	if (known === 'default') {
		const names = asked.filter((metric) => metric.rule.type === 'total').map((metric) => metric.name);
		if (names.length > 0) {
			throw invalidParameter(
				`The following metrics (${names.join(',')}) should be specified with parameter metric_type=total_value`,
			);
		}
		return known;
	}
	const misfits = asked.filter(
		({ rule }) => rule.type === 'default' || (known === 'time_series' && rule.type === 'total'),
	);
	if (misfits.length > 0) {
		const names = misfits.map((metric) => metric.name).join(',');
		const subject = misfits.length === 1 ? `metric (${names}) is` : `metrics (${names}) are`;
		throw invalidParameter(`The following ${subject} incompatible with the metric type (${known})`);
	}
	return known;
}

/** Only totals take breakdowns; a series drops them without a word. */
function checkBreakdowns(query: InsightsQuery, asked: Asked, metricType: CheckedAccountQuery['metricType']): void {
	query.breakdowns.forEach((name, index) => {
		if (!ACCOUNT_BREAKDOWNS.some((known) => known === name)) {
			throw mustBeOneOf(`breakdown[${index}]`, ACCOUNT_BREAKDOWNS);
		}
	});
	if (metricType !== 'total_value' || query.breakdowns.length === 0) return;
	for (const { name, rule } of asked) {
		const each = query.breakdowns.every((breakdown) => rule.breakdowns.includes(breakdown));
		const together =
			query.breakdowns.length === 1 ||
			ACCOUNT_BREAKDOWN_PAIRS.some(
				({ metric, pair }) =>
					metric === name && query.breakdowns.length === 2 && pair.every((part) => query.breakdowns.includes(part)),
			);
		if (!each || !together) throw invalidParameter('An unknown error has occurred');
	}
}

function checkTimeframe(query: InsightsQuery, asked: Asked): void {
	const timeframe = query.timeframe?.toLowerCase();
	if (timeframe === undefined) return;
	if (!Object.hasOwn(TIMEFRAMES, timeframe)) throw mustBeOneOf('timeframe', Object.keys(TIMEFRAMES));
	const restricted = asked.some(
		({ name }) => name === 'engaged_audience_demographics' || name === 'reached_audience_demographics',
	);
	if (restricted && !CURRENT_TIMEFRAMES.includes(timeframe)) throw mustBeOneOf('timeframe', CURRENT_TIMEFRAMES);
}
