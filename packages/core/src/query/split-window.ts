import { ACCOUNT_LIMITS } from '../catalog/limit.ts';
import { addDays, type Day } from './calendar-day.ts';
import type { DayRange } from './date-range.ts';
import { pacificMidnight } from './pacific-day.ts';

/** A range of Pacific days that one request may carry; first and last day both included. */
export type Window = DayRange;

/** The widest `until - since` in seconds that every host is known to take. */
export const SAFE_WINDOW_SECONDS = Math.min(
	...Object.values(ACCOUNT_LIMITS.perHost ?? {}).map(({ windowDays }) => (windowDays ?? Infinity) * 86_400),
);

/**
 * Split a range of Pacific days into the fewest windows no longer than `maxSeconds` on the wire.
 *
 * The cap is one of seconds, not of days: the autumn clock change makes a day 25 hours long, so a 30-day cap holds
 * 29 days there and 30 elsewhere.
 *
 * @param maxSeconds widest window, or null when the host has no cap
 * @returns windows in time order, without gaps or overlap
 * @throws {RangeError} a day does not exist, `until` is before `since`, or the cap is shorter than one day
 */
export function splitWindow(range: DayRange, maxSeconds: number | null): Window[] {
	if (range.until < range.since) throw new RangeError(`until (${range.until}) is before since (${range.since})`);
	if (maxSeconds === null) return [{ since: range.since, until: range.until }];
	const windows: Window[] = [];
	let since = range.since;
	while (since <= range.until) {
		const until = lastDayWithin(since, range.until, maxSeconds);
		windows.push({ since, until });
		since = addDays(until, 1);
	}
	return windows;
}

/**
 * A window on the wire, in Unix seconds: `since` is midnight at the start of the first Pacific day, `until` midnight
 * at the end of the last one (Graph takes `until` as exclusive).
 */
export function windowSeconds(window: Window): { since: number; until: number } {
	return {
		since: pacificMidnight(window.since).getTime() / 1000,
		until: pacificMidnight(addDays(window.until, 1)).getTime() / 1000,
	};
}

function lastDayWithin(since: Day, until: Day, maxSeconds: number): Day {
	// A day is 23 to 25 hours: start at the most days that could fit, step back until they do.
	let days = Math.floor(maxSeconds / (23 * 3600));
	for (; days > 0; days -= 1) {
		const last = addDays(since, days - 1);
		const window = { since, until: last < until ? last : until };
		const seconds = windowSeconds(window);
		if (seconds.until - seconds.since <= maxSeconds) return window.until;
	}
	throw new RangeError(`a window of ${maxSeconds} seconds cannot hold a day`);
}
