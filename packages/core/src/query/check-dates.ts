import { accountMetricRow } from '../catalog/account-metric.ts';
import { LIMITS } from '../catalog/limit.ts';
import type { QueryProblem } from '../insights-error.ts';
import { addDays, type Day, isDay } from './calendar-day.ts';
import type {
	AccountDailyQuery,
	AccountTotalsQuery,
	MediaListQuery,
	OnlineFollowersQuery,
	QueryContext,
} from './insights-query.ts';
import { readBreakdowns } from './insights-query.ts';
import { pacificDay } from './pacific-day.ts';
import { problem } from './query-problem.ts';

type Dates = { readonly since?: Day | undefined; readonly until?: Day | undefined };
/** How far back something can be asked, and for whom the limit stands in the sentence. */
type Reach = { readonly days: number; readonly what: string };

/**
 * Problems of the date range of account insights. A metric that Meta keeps for a shorter time is one only where every
 * metric is: beside others it is left without a number (`outside-retention`), and costs the others nothing.
 */
export function checkAccountDates(
	query: AccountTotalsQuery | AccountDailyQuery,
	context: QueryContext,
): QueryProblem[] {
	const missing = checkBothEnds(query, context);
	if (missing.length > 0) return missing;
	const ownReaches = query.metrics.map((metric) => accountMetricRow(metric)?.maxLookbackDays ?? null);
	const shorter = ownReaches.includes(null)
		? []
		: query.metrics.map((metric, index): Reach => ({ days: ownReaches[index] ?? 0, what: `"${metric}"` }));
	const breakdowns = 'breakdown' in query ? readBreakdowns(query.breakdown).flat() : [];
	if (breakdowns.includes('follow_type')) {
		shorter.push({ days: LIMITS.followTypeLookbackDays.safe, what: 'The breakdown "follow_type"' });
	}
	return checkRange(query, context, [{ days: LIMITS.lookbackDays.safe, what: 'Account insights' }, ...shorter]);
}

/** Numbers of an account are of a range of days: without an end Graph would choose days of its own. */
function checkBothEnds({ since, until }: Dates, context: QueryContext): QueryProblem[] {
	const today = pacificDay(context.now);
	const ends = [
		{
			field: 'since',
			day: since,
			name: 'first',
			suggestion: addDays(until !== undefined && isDay(until) ? until : addDays(today, -1), -6),
		},
		{ field: 'until', day: until, name: 'last', suggestion: addDays(today, -1) },
	];
	return ends.flatMap(({ field, day, name, suggestion }) => {
		// Out of JSON a missing day may come as null.
		if (day !== undefined && day !== null) return [];
		const message = `The ${name} day of the range is missing. Give it as year-month-day, for example ${suggestion}.`;
		return [problem(field, 'range-incomplete', message, { suggestion })];
	});
}

/** Problems of the date range of online followers; it may be left out whole. */
export function checkOnlineDates(query: OnlineFollowersQuery, context: QueryContext): QueryProblem[] {
	const { since, until } = query;
	if ((since === undefined) !== (until === undefined)) {
		const field = since === undefined ? 'since' : 'until';
		const message = 'Only one end of the date range is given. Give the first and the last day, or neither.';
		return [problem(field, 'range-incomplete', message)];
	}
	return checkRange(query, context, [{ days: LIMITS.onlineFollowersDays, what: '"online_followers"' }]);
}

/** Problems of the dates that a media list is narrowed to; posts may be of any age, and either end may be open. */
export function checkMediaDates(query: MediaListQuery, context: QueryContext): QueryProblem[] {
	return checkRange(query, context, []);
}

function checkRange({ since, until }: Dates, context: QueryContext, reaches: readonly Reach[]): QueryProblem[] {
	const problems = [...checkDay('since', since), ...checkDay('until', until)];
	if (problems.length > 0) return problems;
	const today = pacificDay(context.now);
	if (since !== undefined && until !== undefined && until < since) {
		const message = `The range ends (${until}) before it begins (${since}). Swap the two days; both are included.`;
		problems.push(problem('until', 'until-before-since', message, { value: until, suggestion: since }));
	}
	for (const [field, day] of Object.entries({ since, until })) {
		if (day === undefined || day <= today) continue;
		const message = `${day} is in the future: the last day that can be asked for is ${today}, today in California, where Instagram's days begin and end.`;
		problems.push(problem(field, 'future', message, { value: day, suggestion: today }));
	}
	for (const { days, what } of reaches) {
		const oldest = addDays(today, -days);
		if (since === undefined || since >= oldest) continue;
		const message = `${what} can be read ${days} days back, no further: ${since} is too old. The oldest first day is ${oldest}.`;
		problems.push(problem('since', 'too-old', message, { value: since, suggestion: oldest }));
	}
	return problems;
}

function checkDay(field: 'since' | 'until', day: Day | undefined): QueryProblem[] {
	if (day === undefined || isDay(day)) return [];
	const message = `"${day}" is not a day of the calendar. Write it as year-month-day, for example 2026-11-23.`;
	const found = /^\d{4}-\d{2}-\d{2}/.exec(day)?.[0];
	return [problem(field, 'not-a-day', message, { value: day, suggestion: found && isDay(found) ? found : undefined })];
}
