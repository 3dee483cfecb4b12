import type { EventBrowser, EventFilter, EventRow, Page } from './admin-store.ts';
import { hasText } from './event-text.ts';

/** `search`: part of the event id, or of what the event says, in any case. */
export type EventQuery = EventFilter & { readonly search?: string | undefined };

/** Events looked at in one read of a search. */
const STEP = 500;

/**
 * A page of events, newest first. A search ends when the page is full, when there are no older events, or when
 * `isLate` says so: then the page may hold fewer rows than the limit, and `next` is where to go on.
 */
export async function findEvents(
	browse: Pick<EventBrowser, 'events'>,
	{ search, ...filter }: EventQuery,
	isLate: () => boolean = () => false,
): Promise<Page<EventRow>> {
	if (search === undefined) return browse.events(filter);
	// The store searches for the longest part that JSON does not escape; the matches are then checked in full.
	const [contains] = (search.match(/[a-z0-9]+/gi) ?? []).toSorted((a, b) => b.length - a.length);
	const found: EventRow[] = [];
	for (let { before } = filter; ; ) {
		const { rows, next } = await browse.events({ ...filter, contains, before, limit: STEP });
		for (const row of rows) {
			if (!row.eventId.includes(search) && !hasText(row.beginning, search)) continue;
			found.push(row);
			if (found.length < filter.limit) continue;
			const isLast = next === null && row === rows.at(-1);
			return { rows: found, next: isLast ? null : row.seq };
		}
		if (next === null || isLate()) return { rows: found, next };
		before = next;
	}
}
