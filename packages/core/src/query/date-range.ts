import { ACCOUNT_LIMITS } from '../catalog/limit.ts';
import {
	addDays,
	countDays,
	type Day,
	dayIn,
	INSIGHTS_TIME_ZONE,
	pacificDay,
	pacificMidnight,
} from './calendar-day.ts';

/** A range of Pacific days, first and last day both included. */
export type DayRange = { since: Day; until: Day };

/** How many complete days each preset spans; the two months are worked out from the calendar. */
const PRESET_DAYS = { last7Days: 7, last14Days: 14, last28Days: 28, last30Days: 30, last90Days: 90 } as const;

/** A range of days that moves with today. */
export type DateRangePreset = keyof typeof PRESET_DAYS | 'thisMonth' | 'lastMonth';

/** The names of all presets, shortest first. */
export const DATE_RANGE_PRESETS: readonly DateRangePreset[] = [
	...(Object.keys(PRESET_DAYS) as (keyof typeof PRESET_DAYS)[]),
	'thisMonth',
	'lastMonth',
];

/**
 * The Pacific days a preset means at `now` for people in `timeZone`.
 *
 * Months are named by the calendar of `timeZone`, and are Pacific days of that name. `lastNDays` are the N newest days that
 * are over in California; `thisMonth` runs from the first to today (today is incomplete), but no further than
 * the day that runs in California, unless the month has not begun there; `lastMonth` is the whole calendar month before.
 *
 * @param timeZone IANA name; that of Instagram's days when left out
 */
export function resolveDateRange(preset: DateRangePreset, now: Date, timeZone = INSIGHTS_TIME_ZONE): DayRange {
	const today = dayIn(now, timeZone);
	const firstOfMonth = `${today.slice(0, 8)}01`;
	if (preset === 'thisMonth') {
		const until = earlier(today, pacificDay(now));
		return { since: firstOfMonth, until: until < firstOfMonth ? firstOfMonth : until };
	}
	if (preset === 'lastMonth') {
		const until = addDays(firstOfMonth, -1);
		return { since: `${until.slice(0, 8)}01`, until };
	}
	const until = lastCompleteDay(now);
	return { since: addDays(until, 1 - PRESET_DAYS[preset]), until };
}

/** The newest day that is over in California. */
export function lastCompleteDay(now: Date): Day {
	return addDays(pacificDay(now), -1);
}

/** The most days before today that the first day of a preset lies. */
export function presetDaysBack(preset: DateRangePreset): number {
	// The first of a month of 31 days on its last one, and that of July on the last of August.
	const months = { thisMonth: 30, lastMonth: 61 } as const;
	return preset === 'thisMonth' || preset === 'lastMonth' ? months[preset] : PRESET_DAYS[preset];
}

/** What a period is set beside. */
export const COMPARE_WITH = ['previousPeriod', 'sameDaysPreviousMonth', 'previousMonth', 'previousYear'] as const;
/** One of `COMPARE_WITH`. */
export type CompareWith = (typeof COMPARE_WITH)[number];

/** What people mean when they compare a preset: months with months, everything else with as many days right before. */
export function usualComparison(preset: DateRangePreset): CompareWith {
	if (preset === 'thisMonth') return 'sameDaysPreviousMonth';
	return preset === 'lastMonth' ? 'previousMonth' : 'previousPeriod';
}

/**
 * The days that a range is compared with.
 *
 * - `previousPeriod`: as many days, right before
 * - `sameDaysPreviousMonth`: the same days of the month before; a day that month lacks is its last one
 * - `previousMonth`: the whole calendar month before the one the range begins in
 * - `previousYear`: the same days a year before; 28 February for the 29th
 *
 * @returns for a range without days, what is compared with its first day
 */
export function comparedRange({ since, until }: DayRange, compareWith: CompareWith): DayRange {
	const end = until < since ? since : until;
	switch (compareWith) {
		case 'previousPeriod':
			return { since: addDays(since, -countDays(since, end)), until: addDays(since, -1) };
		case 'sameDaysPreviousMonth':
			return { since: monthsBefore(since, 1), until: monthsBefore(end, 1) };
		case 'previousMonth': {
			const last = addDays(`${since.slice(0, 8)}01`, -1);
			return { since: `${last.slice(0, 8)}01`, until: last };
		}
		case 'previousYear':
			return { since: monthsBefore(since, 12), until: monthsBefore(end, 12) };
		default:
			return compareWith satisfies never;
	}
}

/** The same day of the month, or the month's last one where it is shorter. */
function monthsBefore(day: Day, count: number): Day {
	const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
	const last = new Date(Date.UTC(year, month - count, 0));
	return `${last.toISOString().slice(0, 8)}${String(Math.min(date, last.getUTCDate())).padStart(2, '0')}`;
}

function earlier(one: Day, other: Day): Day {
	return one < other ? one : other;
}

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
