import { accountMetricRow } from '../catalog/account-metric.ts';
import type { QueryProblem } from '../insights-error.ts';
import { addDays, countDays } from './calendar-day.ts';
import { checkAccountMetrics } from './check-account-metrics.ts';
import { checkAccountDates } from './check-dates.ts';
import { COMPARE_WITH, comparedRange } from './date-range.ts';
import {
	type AccountCompareQuery,
	type BreakdownChoices,
	type QueryContext,
	readBreakdowns,
} from './insights-query.ts';
import { either, problem } from './query-problem.ts';

/** Problems of both periods. Those of the period before say so, because the caller did not name its days. */
export function checkCompare(query: AccountCompareQuery, context: QueryContext): QueryProblem[] {
	const totals = { ...query, kind: 'account-totals' } as const;
	const problems = [
		...checkAccountMetrics(totals, context),
		...checkComparable(query),
		...checkCompareWith(query),
		...checkAccountDates(totals, context),
	];
	const { since, until, compareWith = 'previousPeriod' } = query;
	const canCount = !problems.some(({ field }) => ['since', 'until', 'compareWith'].includes(field));
	if (!canCount) return problems;
	const before = comparedRange(query, compareWith);
	const earlier = checkAccountDates({ ...totals, ...before }, context).map(({ message, ...problem }) => {
		const oldest = problem.suggestion;
		// Two periods of equal length that end with `until` can each have half of the days.
		const canHalve = oldest !== undefined && compareWith === 'previousPeriod';
		const half = canHalve ? Math.floor((countDays(oldest, until) - 2) / 2) : 0;
		const suggestion = half > 0 ? addDays(until, -half) : undefined;
		return {
			...problem,
			value: since,
			...(suggestion ? { suggestion } : {}),
			message: `The period to compare with (${before.since} to ${before.until}): ${message}`,
		};
	});
	return [...problems, ...earlier];
}

/** A comparison is between two numbers: it has no buckets, so metrics that only have buckets cannot be compared. */
function checkComparable(query: AccountCompareQuery): QueryProblem[] {
	if ('breakdown' in query && readBreakdowns(query.breakdown as BreakdownChoices).length > 0) {
		const message = 'A comparison cannot have a breakdown. Ask for the totals of both periods with the breakdown.';
		return [problem('breakdown', 'unsupported-breakdown', message, { suggestion: 'account-totals' })];
	}
	return [...new Set(query.metrics)].flatMap((metric) => {
		if (!accountMetricRow(metric)?.requiresBreakdown || accountMetricRow(metric)?.periods.includes('lifetime'))
			return [];
		const message = `"${metric}" has no value of its own to compare, only buckets: ask for the totals of both periods with a breakdown.`;
		return [problem('metrics', 'metric-elsewhere', message, { value: metric, suggestion: 'account-totals' })];
	});
}

function checkCompareWith({ compareWith }: AccountCompareQuery): QueryProblem[] {
	if (compareWith === undefined || COMPARE_WITH.includes(compareWith)) return [];
	const message = `"${compareWith}" is not a period to compare with. Choose ${either(COMPARE_WITH)}.`;
	return [problem('compareWith', 'unknown-comparison', message, { value: String(compareWith) })];
}
