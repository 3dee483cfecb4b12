import { addDays, type Day } from './calendar-day.ts';
import { dayIn, INSIGHTS_TIME_ZONE, pacificDay } from './pacific-day.ts';

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

/** The range of equal length that ends the day before `range` begins. */
export function precedingRange(range: DayRange, days: number): DayRange {
	return { since: addDays(range.since, -days), until: addDays(range.since, -1) };
}

function earlier(one: Day, other: Day): Day {
	return one < other ? one : other;
}
