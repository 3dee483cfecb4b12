import { addDays, type Day } from './calendar-day.ts';

/**
 * Meta's insight days run from midnight to midnight in Los Angeles, whatever zone the account lives in: buckets end at
 * 07:00 UTC in summer and 08:00 UTC in winter. This file is the only place that knows it.
 */
export const INSIGHTS_TIME_ZONE = 'America/Los_Angeles';

const HOUR_MS = 3_600_000;
const dateParts = new Intl.DateTimeFormat('en-CA', {
	timeZone: INSIGHTS_TIME_ZONE,
	year: 'numeric',
	month: '2-digit',
	day: '2-digit',
});

/** The Pacific calendar day an instant falls on. */
export function pacificDay(instant: Date): Day {
	const parts = new Map(dateParts.formatToParts(instant).map(({ type, value }) => [type, value]));
	return `${parts.get('year')?.padStart(4, '0')}-${parts.get('month')}-${parts.get('day')}`;
}

/**
 * The instant a Pacific day begins. The clocks change at two in the morning, so midnight always exists, and it is
 * seven hours after UTC midnight in summer, eight in winter.
 *
 * @throws {RangeError} `day` is not a day that exists
 */
export function pacificMidnight(day: Day): Date {
	const utcMidnight = Date.parse(`${addDays(day, 0)}T00:00:00Z`);
	const summer = new Date(utcMidnight + 7 * HOUR_MS);
	return pacificDay(summer) === day ? summer : new Date(utcMidnight + 8 * HOUR_MS);
}
