import { accountMetricRow } from '../catalog/account-metric.ts';
import type { QueryProblem } from '../insights-error.ts';
import { addDays, countDays } from './calendar-day.ts';
import { checkAccountMetrics } from './check-account-metrics.ts';
import { checkAccountDates } from './check-dates.ts';
import { precedingRange } from './date-range.ts';
import {
	type AccountCompareQuery,
	type BreakdownChoices,
	type QueryContext,
	readBreakdowns,
} from './insights-query.ts';
import { problem } from './query-problem.ts';

/** Problems of both periods; those of the period before say so, for it is not the caller's own words. */
export function checkCompare(query: AccountCompareQuery, context: QueryContext): QueryProblem[] {
	const totals = { ...query, kind: 'account-totals' } as const;
	const problems = [
		...checkAccountMetrics(totals, context),
		...checkComparable(query),
		...checkAccountDates(totals, context),
	];
	const { since, until } = query;
	const canCount = !problems.some(({ field }) => field === 'since' || field === 'until');
	if (!canCount) return problems;
	const before = precedingRange(query, countDays(since, until));
	const earlier = checkAccountDates({ ...totals, ...before }, context).map(({ message, ...problem }) => {
		const oldest = problem.suggestion;
		// Two periods of equal length, the later of which ends with `until`, have room for half of the days each.
		const half = oldest === undefined ? 0 : Math.floor((countDays(oldest, until) - 2) / 2);
		const suggestion = half > 0 ? addDays(until, -half) : undefined;
		return {
			...problem,
			value: since,
			...(suggestion ? { suggestion } : {}),
			message: `The period before (${before.since} to ${before.until}): ${message}`,
		};
	});
	return [...problems, ...earlier];
}

/** A comparison sets one number beside another: it has no buckets, and no place for metrics that have nothing else. */
function checkComparable(query: AccountCompareQuery): QueryProblem[] {
	if ('breakdown' in query && readBreakdowns(query.breakdown as BreakdownChoices).length > 0) {
		const message = 'A comparison takes no breakdown. Ask for the totals of both periods with it.';
		return [problem('breakdown', 'unsupported-breakdown', message, { suggestion: 'account-totals' })];
	}
	return [...new Set(query.metrics)].flatMap((metric) => {
		if (!accountMetricRow(metric)?.requiresBreakdown || accountMetricRow(metric)?.periods.includes('lifetime'))
			return [];
		const message = `"${metric}" has no value of its own to compare, only buckets: ask for the totals of both periods with a breakdown.`;
		return [problem('metrics', 'metric-elsewhere', message, { value: metric, suggestion: 'account-totals' })];
	});
}
