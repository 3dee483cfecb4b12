import { z } from 'zod/v4';
import type { EventBrowser, EventFilter, EventRow, Page } from './admin-store.ts';
import { hasText } from './event-text.ts';

/** Queries for stored events, of the admin API and of commands. */

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const MOMENT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/i;
export const TIME_FORMS =
	'use a time with its zone (2026-11-23T12:00:00Z), a day (2026-11-23, from 00:00 UTC) or Unix seconds';

/**
 * A time as people and programs write it: ISO 8601 with a zone, a day in UTC, Unix seconds or milliseconds.
 *
 * @returns ms since 1970; null: it has another form, or the day does not exist
 */
export function readTime(given: string | number): number | null {
	// A query string turns an unescaped + into a space.
	const text = String(given).trim().replace(' ', '+');
	if (/^(0|\d{9,10})$/.test(text)) return Number(text) * 1000;
	if (/^\d{12,13}$/.test(text)) return Number(text);
	const [, day = text] = MOMENT.exec(text) ?? [];
	const ms = Date.parse(text);
	return isCalendarDay(day) && !Number.isNaN(ms) ? ms : null;
}

/** `Date.parse` takes 30 February for 2 March. */
function isCalendarDay(text: string): boolean {
	const [, year, month, day] = DAY.exec(text) ?? [];
	const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
	return day !== undefined && date.toISOString().startsWith(text);
}

const time = z.union([z.string(), z.number()]).transform((given, context) => {
	const ms = readTime(given);
	if (ms === null) context.addIssue({ code: 'custom', message: `must be a time: ${TIME_FORMS}` });
	return ms ?? z.NEVER;
});
const range = { since: time.optional(), until: time.optional() };
const ordered = ({
	since = Number.NEGATIVE_INFINITY,
	until = Number.POSITIVE_INFINITY,
}: {
	since?: number | undefined;
	until?: number | undefined;
}) => since < until;
const ORDERED = { path: ['until'], message: 'must be later than since' };

const list = z
	.union([z.string(), z.array(z.string())])
	.transform((given) => [given].flat().flatMap((text) => text.split(',')));
const search = z.string().trim().min(1).max(200);
const state = z.enum(['pending', 'delivered', 'dead']);
const page = {
	before: z.coerce.number().int().positive().optional(),
	limit: z.coerce.number().int().min(1).max(500).default(50),
};

export const eventsQuerySchema = z
	.strictObject({
		field: list.optional(),
		account: list.optional(),
		state: state.optional(),
		subscriber: z.string().optional(),
		search: search.optional(),
		...range,
		...page,
	})
	.refine(ordered, ORDERED);

export const deliveriesQuerySchema = z.strictObject({
	state: state.optional(),
	subscriber: z.string().optional(),
	...page,
});

const oneOrMany = z
	.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(10_000)], {
		error: 'must be a string in double quotes, or a list of 1 to 10,000 of them, and not empty',
	})
	.transform((given) => [given].flat())
	.optional();

/** Each filter takes one value or several, under its singular or plural name. */
export const replayBodySchema = z
	.strictObject({
		/** ids. Default: all subscribers */
		subscriber: oneOrMany,
		subscribers: oneOrMany,
		id: oneOrMany,
		ids: oneOrMany,
		field: oneOrMany,
		fields: oneOrMany,
		account: oneOrMany,
		accounts: oneOrMany,
		search: search.optional(),
		...range,
		state: z.enum(['dead', 'delivered']).optional(),
		/** only count */
		dryRun: z.boolean().default(false),
	})
	.refine(ordered, ORDERED)
	.transform((body) => ({
		dryRun: body.dryRun,
		wanted: body.subscribers ?? body.subscriber,
		filter: {
			eventIds: body.ids ?? body.id,
			fields: body.fields ?? body.field,
			accounts: body.accounts ?? body.account,
			search: body.search,
			since: body.since,
			until: body.until,
			state: body.state,
		},
	}))
	.refine(
		({ wanted, filter }) => [wanted, ...Object.values(filter)].some((part) => part !== undefined),
		'name at least one of ids, field, account, search, since, until, state, subscriber',
	);

/** `search`: part of the event id or of the event's text, ignoring case. */
export type EventQuery = EventFilter & { readonly search?: string | undefined };

/** Events read in one step of a search. */
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
