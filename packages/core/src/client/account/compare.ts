import { type Comparison, changeBetween } from '../../insight/compare-posts.ts';
import { absenceOfLeftOut, absent, type Insight, totalOf } from '../../insight/insight.ts';
import { addDays, type Day } from '../../query/calendar-day.ts';
import { type CompareWith, comparedRange, type DayRange } from '../../query/date-range.ts';
import type { AccountCompareQuery } from '../../query/insights-query.ts';
import { type LeftOut, planRequests } from '../../query/plan-requests.ts';
import { assertAskable, type ClientContext, type QuestionOptions } from '../client-context.ts';
import { askAccountTotals } from './account-totals.ts';

/**
 * Compare the totals of a period with those of an earlier one. Metrics without numbers for today are compared up to
 * yesterday, over the same number of days.
 *
 * @throws {InsightsError} `invalid-query` before anything is sent, also when only the period before is too old
 */
export async function comparePeriods(
	query: AccountCompareQuery,
	context: ClientContext,
	options: QuestionOptions = {},
): Promise<readonly Comparison[]> {
	assertAskable(query, context);
	const { since, until, compareWith = 'previousPeriod' } = query;
	const metrics = [...new Set(query.metrics)];
	const { host } = context.session;
	const totals = { ...query, kind: 'account-totals', metrics } as const;
	const { leftOut } = planRequests(totals, { host, now: context.session.now() });
	const byEnd = Map.groupBy(metrics, (metric) => endOf(metric, until, leftOut));
	const found: Comparison[] = [];
	for (const [end, some] of byEnd) {
		const asked = { metrics: some, range: { since, until: end }, compareWith, leftOut };
		found.push(...(await compareRange(asked, context, options)));
	}
	return metrics.flatMap((metric) => found.filter((comparison) => comparison.metric === metric));
}

/** The last day of the range that Graph counts for a metric. */
function endOf(metric: string, until: Day, leftOut: readonly LeftOut[]): Day {
	const late = leftOut.filter((one) => one.metric === metric && one.reason !== 'outside-retention');
	return late.reduce((end, { since }) => (since <= end ? addDays(since, -1) : end), until);
}

type Compared = {
	readonly metrics: readonly string[];
	readonly range: DayRange;
	readonly compareWith: CompareWith;
	readonly leftOut: readonly LeftOut[];
};

/** A range without days has no numbers to compare. */
async function compareRange(
	{ metrics, range, compareWith, leftOut }: Compared,
	context: ClientContext,
	options: QuestionOptions,
): Promise<Comparison[]> {
	const { since, until } = range;
	const before = comparedRange(range, compareWith);
	if (metrics.length === 0) return [];
	if (until < since) {
		return metrics.map((metric) => {
			const missing = leftOut.find((one) => one.metric === metric);
			const now = absent(metric, missing ? absenceOfLeftOut(missing) : { reason: 'no-data' });
			return compareOne(metric, [now, undefined], { range, before });
		});
	}
	const ask = (days: DayRange) =>
		askAccountTotals({ kind: 'account-totals', metrics, ...days }, context, { ...options, complete: true });
	const current = await ask(range);
	const previous = await ask(before);
	return metrics.map((metric) => {
		const now = current.insights.find((insight) => insight.metric === metric);
		const then = previous.insights.find((insight) => insight.metric === metric);
		return compareOne(metric, [now, then], { range, before });
	});
}

function compareOne(
	metric: string,
	[now, then]: readonly [Insight | undefined, Insight | undefined],
	{ range, before }: { readonly range: DayRange; readonly before: DayRange },
): Comparison {
	const [current, previous] = [totalOf(now), totalOf(then)];
	const absence = current === null ? absenceIn(now) : previous === null ? absenceIn(then) : {};
	return {
		metric,
		...changeBetween(current, previous),
		...absence,
		since: range.since,
		until: range.until,
		previousSince: before.since,
		previousUntil: before.until,
	};
}

function absenceIn(insight: Insight | undefined): Pick<Comparison, 'reason' | 'message'> {
	if (insight?.shape !== 'absent') return { reason: 'no-data' };
	const { reason, message } = insight;
	return { reason, ...(message === undefined ? {} : { message }) };
}
