import { LIMITS } from '../../catalog/limit.ts';
import { type Day, pacificDay } from '../../query/calendar-day.ts';
import type { LeftOut } from '../../query/plan-requests.ts';
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

/** A note for each end of the range that some metrics do not reach. */
export function leftOutNotes(leftOut: readonly LeftOut[]): Note[] {
	const today = leftOut.filter(({ reason }) => reason === 'today-not-counted').map(({ metric }) => metric);
	const ahead = leftOut.find(({ reason }) => reason === 'not-begun');
	return [
		...(today.length === 0
			? []
			: [{ code: 'today-left-out', message: `${today.join(', ')} ends yesterday: today is never counted.` } as const]),
		...(ahead === undefined
			? []
			: [{ code: 'future-left-out', message: `No numbers yet from ${ahead.since} on: ${daysAhead(ahead)}` } as const]),
	];
}

function daysAhead({ since, until }: LeftOut): string {
	const which = since === until ? 'this day has' : `the days to ${until} have`;
	return `${which} not begun in California, where Instagram's days begin and end.`;
}
