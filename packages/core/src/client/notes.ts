import { LIMITS } from '../catalog/limit.ts';
import type { Day } from '../query/calendar-day.ts';
import { pacificDay } from '../query/pacific-day.ts';
import type { Note } from './account-answer.ts';

/** The first Pacific day whose numbers may still be missing or grow: Meta counts with up to two days' delay. */
export function firstLaggingDay(now: Date): Day {
	return pacificDay(new Date(now.getTime() - LIMITS.dataDelayHours * 3_600_000));
}

/** A note when the range ends among days that may still grow. */
export function lagNotes(until: Day | undefined, now: Date): Note[] {
	const lagging = firstLaggingDay(now);
	if (until === undefined || until < lagging) return [];
	const message = `Instagram counts with up to two days' delay: numbers from ${lagging} on may still grow.`;
	return [{ code: 'data-lag', message }];
}
