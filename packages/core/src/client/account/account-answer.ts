import { LIMITS } from '../../catalog/limit.ts';
import type { Insight } from '../../insight/insight.ts';
import { type Day, pacificDay } from '../../query/calendar-day.ts';
import type { LeftOut } from '../../query/plan-requests.ts';

/** Something to know when reading the numbers. `code` never changes; `message` is a sentence for people. */
export type Note = { readonly code: NoteCode; readonly message: string };

/** The codes of notes. Test these, not the messages. */
export type NoteCode =
	/** Unique people of several windows are not added up. */
	| 'reach-not-summed'
	/** The range needed several requests. */
	| 'window-split'
	/** The last days of the range may still grow. */
	| 'data-lag'
	/** A metric was refused and left out. */
	| 'metric-dropped'
	/** Instagram does not count today for the metric. */
	| 'today-left-out'
	/** The range ends with days that have not begun in California. */
	| 'future-left-out'
	/** Graph answered without any number. On graph.facebook.com a missing permission looks the same. */
	| 'nothing-came';

/** The numbers of one part of the range, read in one request. */
export type WindowAnswer = { readonly since: string; readonly until: string; readonly insights: readonly Insight[] };

/** What an account question answered. */
export type AccountAnswer = {
	/** The account's id; `me` where the token's own account was asked and its id did not come along. */
	readonly accountId: string;
	readonly since?: string;
	readonly until?: string;
	/** One entry per metric and breakdown, in the order asked, for the whole range. */
	readonly insights: readonly Insight[];
	/** The same by window, in time order; empty for questions without a range. */
	readonly windows: readonly WindowAnswer[];
	readonly notes: readonly Note[];
	/** Graph's bodies as parsed, in the order asked, without paging links. */
	readonly raw: readonly unknown[];
};

/** The first Pacific day whose numbers may still be missing or grow (`LIMITS.dataDelayHours`). */
export function firstLaggingDay(now: Date): Day {
	return pacificDay(new Date(now.getTime() - LIMITS.dataDelayHours * 3_600_000));
}

/** A note when the numbers of the last days may still grow. */
export function lagNotes(until: Day | undefined, now: Date): Note[] {
	const lagging = firstLaggingDay(now);
	if (until === undefined || until < lagging) return [];
	const message = `Instagram counts with a delay of up to ${LIMITS.dataDelayHours} hours. Numbers from ${lagging} on may still grow.`;
	return [{ code: 'data-lag', message }];
}

/** A note for each end of the range that some metrics do not cover. */
export function leftOutNotes(leftOut: readonly LeftOut[]): Note[] {
	const today = leftOut.filter(({ reason }) => reason === 'today-not-counted').map(({ metric }) => metric);
	const ahead = leftOut.find(({ reason }) => reason === 'not-begun');
	return [
		...(today.length === 0
			? []
			: [
					{
						code: 'today-left-out',
						message: `Instagram does not count today for ${today.join(', ')}: the numbers end yesterday.`,
					} as const,
				]),
		...(ahead === undefined
			? []
			: [{ code: 'future-left-out', message: `No numbers yet from ${ahead.since} on: ${daysAhead(ahead)}` } as const]),
	];
}

function daysAhead({ since, until }: LeftOut): string {
	const which = since === until ? 'this day has' : `the days to ${until} have`;
	return `${which} not begun in California, where Instagram's days begin and end.`;
}
