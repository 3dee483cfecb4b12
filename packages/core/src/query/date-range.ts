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

/** How many complete days these presets span. */
const PRESET_DAYS = {
	yesterday: 1,
	last7Days: 7,
	last14Days: 14,
	last28Days: 28,
	last30Days: 30,
	last90Days: 90,
} as const;

/**
 * How many days before today a calendar preset can begin at most: on a Sunday; on the last day of a month of 31 days;
 * on 31 August, for July; on 31 December, for the quarter since July; over a 29 February.
 */
const CALENDAR_DAYS_BACK = { lastWeek: 13, thisMonth: 30, lastMonth: 61, lastQuarter: 183, last12Months: 366 } as const;

/** A range of days that moves with today. */
export type DateRangePreset = keyof typeof PRESET_DAYS | keyof typeof CALENDAR_DAYS_BACK;

/** The names of all presets, shortest first. */
export const DATE_RANGE_PRESETS: readonly DateRangePreset[] = [
	'yesterday',
	'last7Days',
	'lastWeek',
	'last14Days',
	'last28Days',
	'last30Days',
	'thisMonth',
	'lastMonth',
	'last90Days',
	'lastQuarter',
	'last12Months',
];

/**
 * The days of a preset at `now`, for people in `timeZone`.
 *
 * Weeks (from Monday), months and quarters follow the calendar of `timeZone`; their days are Meta's Pacific days of the same date.
 * `yesterday` and `lastNDays` are the newest days that are over in California, and `last12Months` is the year that ends
 * with the newest of them. `thisMonth` runs from the first to today (today is incomplete), but no further than the current day
 * in California, unless the month has not begun there. `lastWeek`, `lastMonth` and `lastQuarter` are whole.
 *
 * @param timeZone IANA name; `America/Los_Angeles`, the zone of Instagram's days, when left out
 * @throws {RangeError} the preset or the time zone does not exist
 */
export function resolveDateRange(preset: DateRangePreset, now: Date, timeZone = INSIGHTS_TIME_ZONE): DayRange {
	const today = dayIn(now, timeZone);
	switch (preset) {
		case 'thisMonth': {
			const since = firstOfMonth(today);
			const until = earlier(today, pacificDay(now));
			return until < since ? { since, until: since } : { since, until };
		}
		case 'lastWeek': {
			const monday = addDays(today, -((new Date(today).getUTCDay() + 6) % 7));
			return { since: addDays(monday, -7), until: addDays(monday, -1) };
		}
		case 'lastMonth':
			return monthsBeforeThat(firstOfMonth(today), 1);
		case 'lastQuarter':
			return monthsBeforeThat(firstOfQuarter(today), 3);
		case 'last12Months': {
			const until = lastCompleteDay(now);
			return { since: addDays(monthsBefore(until, 12), 1), until };
		}
		default: {
			if (!Object.hasOwn(PRESET_DAYS, preset)) {
				throw new RangeError(`"${preset}" is not a date range: ${DATE_RANGE_PRESETS.join(', ')}`);
			}
			const until = lastCompleteDay(now);
			return { since: addDays(until, 1 - PRESET_DAYS[preset]), until };
		}
	}
}

/** Whole months right before the first day of one. */
function monthsBeforeThat(first: Day, count: number): DayRange {
	return { since: monthsBefore(first, count), until: addDays(first, -1) };
}

function firstOfMonth(day: Day): Day {
	return `${day.slice(0, 8)}01`;
}

function firstOfQuarter(day: Day): Day {
	return monthsBefore(firstOfMonth(day), (Number(day.slice(5, 7)) - 1) % 3);
}

/** The newest day that is over in California. */
export function lastCompleteDay(now: Date): Day {
	return addDays(pacificDay(now), -1);
}

/** The most days before today that the first day of a preset lies. */
export function presetDaysBack(preset: DateRangePreset): number {
	return { ...PRESET_DAYS, ...CALENDAR_DAYS_BACK }[preset];
}

/** What a period can be compared with. */
export const COMPARE_WITH = [
	'previousPeriod',
	'sameDaysPreviousMonth',
	'previousMonth',
	'previousQuarter',
	'previousYear',
] as const;
/** One of `COMPARE_WITH`. */
export type CompareWith = (typeof COMPARE_WITH)[number];

/** The comparison people expect for a preset: months with months, everything else with the same number of days right before. */
export function usualComparison(preset: DateRangePreset): CompareWith {
	switch (preset) {
		case 'thisMonth':
			return 'sameDaysPreviousMonth';
		case 'lastMonth':
			return 'previousMonth';
		case 'lastQuarter':
			return 'previousQuarter';
		case 'last12Months':
			return 'previousYear';
		default:
			return 'previousPeriod';
	}
}

/**
 * The days that a range is compared with.
 *
 * - `previousPeriod`: the same number of days, right before
 * - `sameDaysPreviousMonth`: the same days of the month before; a day that this month lacks becomes its last day
 * - `previousMonth`: the whole calendar month before the one the range begins in
 * - `previousQuarter`: the whole calendar quarter before the one the range begins in
 * - `previousYear`: the same days a year before; 28 February for the 29th
 *
 * @returns for a range without days, the days compared with its first day
 * @throws {RangeError} a day or a name that does not exist
 */
export function comparedRange({ since, until }: DayRange, compareWith: CompareWith): DayRange {
	const end = until < since ? since : until;
	switch (compareWith) {
		case 'previousPeriod':
			return { since: addDays(since, -countDays(since, end)), until: addDays(since, -1) };
		case 'sameDaysPreviousMonth':
			return { since: monthsBefore(since, 1), until: monthsBefore(end, 1) };
		case 'previousMonth':
			return monthsBeforeThat(firstOfMonth(since), 1);
		case 'previousQuarter':
			return monthsBeforeThat(firstOfQuarter(since), 3);
		case 'previousYear':
			return { since: monthsBefore(since, 12), until: monthsBefore(end, 12) };
		default:
			throw new RangeError(
				`"${compareWith satisfies never}" is not a range to compare with: ${COMPARE_WITH.join(', ')}`,
			);
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

/** A range of Pacific days for one request, first and last day both included. */
export type Window = DayRange;

/** The widest `until - since` in seconds that every host is known to accept. */
export const SAFE_WINDOW_SECONDS = Math.min(
	...Object.values(ACCOUNT_LIMITS.perHost ?? {}).map(({ windowDays }) => (windowDays ?? Infinity) * 86_400),
);

/**
 * Split a range of Pacific days into the fewest windows no longer than `maxSeconds` on the wire.
 *
 * The limit is in seconds, not days: the autumn clock change makes a day 25 hours long, so a limit of 30 days fits
 * 29 days there and 30 elsewhere.
 *
 * @param maxSeconds widest window, or null when the host has no limit
 * @returns windows in time order, without gaps or overlap
 * @throws {RangeError} a day does not exist, `until` is before `since`, or the limit is shorter than one day
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
