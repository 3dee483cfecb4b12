import { addDays, type Day } from './calendar-day.ts';

/**
 * Meta's insight days run from midnight to midnight in Los Angeles, whatever zone the account lives in: buckets end at
 * 07:00 UTC in summer and 08:00 UTC in winter. This file is the only place that knows it.
 */
export const INSIGHTS_TIME_ZONE = 'America/Los_Angeles';

const HOUR_MS = 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The Pacific calendar day an instant falls on. */
export function pacificDay(instant: Date): Day {
	return dayIn(instant, INSIGHTS_TIME_ZONE);
}

/**
 * The calendar day an instant falls on in a time zone.
 *
 * @param timeZone IANA name, such as `Europe/Lisbon`
 * @throws {RangeError} no such time zone
 */
export function dayIn(instant: Date, timeZone: string): Day {
	let format = formats.get(timeZone);
	if (format === undefined) {
		format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
		formats.set(timeZone, format);
	}
	const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
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
