import { BREAKDOWNS, type BreakdownRow } from '../catalog/breakdown.ts';
import { limitsOn } from '../catalog/limit.ts';
import type { QueryProblem } from '../insights-error.ts';
import {
	addDays,
	countDays,
	type Day,
	dayIn,
	INSIGHTS_TIME_ZONE,
	isDay,
	isTimeZone,
	pacificDay,
} from './calendar-day.ts';
import type {
	AccountDailyQuery,
	AccountTotalsQuery,
	MediaListQuery,
	OnlineFollowersQuery,
	QueryContext,
} from './insights-query.ts';
import { readBreakdowns } from './insights-query.ts';
import { oldestDay } from './plan-requests.ts';
import { problem } from './query-problem.ts';

type Dates = { readonly since?: Day | undefined; readonly until?: Day | undefined };
/** The oldest day that can be asked for, and what the message says it applies to. */
type Oldest = { readonly day: Day; readonly what: string };

/**
 * Problems of the date range of account insights. A metric that Meta keeps for a shorter time is a problem only when every
 * metric is. Together with others it gets no number (`outside-retention`) and the others are read.
 */
export function checkAccountDates(
	query: AccountTotalsQuery | AccountDailyQuery,
	context: QueryContext,
): QueryProblem[] {
	const missing = checkBothEnds(query, context);
	if (missing.length > 0) return missing;
	const { host, now } = context;
	const general: Oldest = { day: addDays(pacificDay(now), -limitsOn(host).daysBack), what: 'Account insights' };
	const ofMetrics = [...new Set(query.metrics)].map((metric): Oldest => {
		return { day: oldestDay(metric, context), what: `"${metric}"` };
	});
	const isShorter = ofMetrics.length > 0 && ofMetrics.every(({ day }) => day > general.day);
	const oldest = isShorter ? ofMetrics : [general];
	const breakdowns = 'breakdown' in query ? readBreakdowns(query.breakdown).flat() : [];
	for (const [name, { limits }] of Object.entries<BreakdownRow>(BREAKDOWNS)) {
		if (limits === undefined || !breakdowns.includes(name)) continue;
		const day = addDays(pacificDay(now), -limitsOn(host, limits).daysBack);
		oldest.push({ day, what: `The breakdown "${name}"` });
	}
	return checkRange(query, context, oldest);
}

/** Account numbers need a range of days: without an end, Graph chooses its own. */
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
		// In JSON a missing day may be null.
		if (day !== undefined && day !== null) return [];
		const message = `The ${name} day of the range is missing. Write it as year-month-day, for example ${suggestion}.`;
		return [problem(field, 'range-incomplete', message, { suggestion })];
	});
}

/** Problems of the date range of online followers, which is optional. */
export function checkOnlineDates(query: OnlineFollowersQuery, context: QueryContext): QueryProblem[] {
	const { since, until } = query;
	if ((since === undefined) !== (until === undefined)) {
		const field = since === undefined ? 'since' : 'until';
		const message = 'The date range has only one end. Set the first and the last day, or neither.';
		return [problem(field, 'range-incomplete', message)];
	}
	const metric = 'online_followers';
	return checkRange(query, context, [{ day: oldestDay(metric, context), what: `"${metric}"` }]);
}

/** Problems of the dates that filter a media list. Posts may be of any age, and either end may be open. */
export function checkMediaDates(query: MediaListQuery, context: QueryContext): QueryProblem[] {
	return checkRange(query, context, []);
}

/** Problems of the zone of the people who ask. */
export function checkTimeZone({ timeZone }: QueryContext): QueryProblem[] {
	if (timeZone === undefined || isTimeZone(timeZone)) return [];
	const message = `"${timeZone}" is not a time zone. Use an IANA name, for example "Europe/Lisbon".`;
	return [problem('timeZone', 'unknown-time-zone', message, { value: timeZone })];
}

function checkRange({ since, until }: Dates, context: QueryContext, limits: readonly Oldest[]): QueryProblem[] {
	const problems = [...checkDay('since', since), ...checkDay('until', until)];
	if (problems.length > 0) return problems;
	const today = pacificDay(context.now);
	const ownToday = dayIn(context.now, context.timeZone ?? INSIGHTS_TIME_ZONE);
	const isAhead = ownToday > today;
	const last = isAhead ? ownToday : today;
	const where = isAhead ? `in ${context.timeZone}` : "in California, where Instagram's days begin and end";
	if (since !== undefined && until !== undefined && until < since) {
		const message = `The range ends (${until}) before it begins (${since}). Swap the two days; both are included.`;
		problems.push(problem('until', 'until-before-since', message, { value: until, suggestion: since }));
	}
	for (const [field, day] of Object.entries({ since, until })) {
		if (day === undefined || day <= last) continue;
		const message = `${day} is in the future. The last day you can ask for is ${last}, today ${where}.`;
		problems.push(problem(field, 'future', message, { value: day, suggestion: last }));
	}
	for (const { day: oldest, what } of limits) {
		if (since === undefined || since >= oldest) continue;
		const days = countDays(oldest, today) - 1;
		const message = `${what} can be read ${days} days back: ${since} is too old. The first day can be ${oldest} or later.`;
		problems.push(problem('since', 'too-old', message, { value: since, suggestion: oldest }));
	}
	return problems;
}

/** The problem of a text that is not a day. */
export function checkDay(field: 'since' | 'until', day: Day | undefined): QueryProblem[] {
	if (day === undefined || isDay(day)) return [];
	const message = `"${day}" is not a valid date. Write it as year-month-day, for example 2026-11-23.`;
	const found = /^\d{4}-\d{2}-\d{2}/.exec(day)?.[0];
	return [problem(field, 'not-a-day', message, { value: day, suggestion: found && isDay(found) ? found : undefined })];
}
