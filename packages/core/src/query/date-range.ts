import { addDays, type Day } from './calendar-day.ts';
import { pacificDay } from './pacific-day.ts';

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
 * The Pacific days a preset means at `now`.
 *
 * `lastNDays` are N complete days ending yesterday; `thisMonth` runs from the first to today (today is incomplete);
 * `lastMonth` is the whole calendar month before.
 */
export function resolveDateRange(preset: DateRangePreset, now: Date): DayRange {
	const today = pacificDay(now);
	const firstOfMonth = `${today.slice(0, 8)}01`;
	if (preset === 'thisMonth') return { since: firstOfMonth, until: today };
	if (preset === 'lastMonth') {
		const until = addDays(firstOfMonth, -1);
		return { since: `${until.slice(0, 8)}01`, until };
	}
	return { since: addDays(today, -PRESET_DAYS[preset]), until: addDays(today, -1) };
}

/** The range of equal length that ends the day before `range` begins. */
export function precedingRange(range: DayRange, days: number): DayRange {
	return { since: addDays(range.since, -days), until: addDays(range.since, -1) };
}
