import { z } from 'zod/v4';
import { InsightsError } from '../insights-error.ts';
import { redact } from '../redact.ts';
import { classifyError, isErrorBody } from './error-answer.ts';
import type { GraphResponse } from './graph-request.ts';
import { parseJson } from './parse-json.ts';

/** An answer: what the schema read, and the whole body. */
export type Answer<T> = {
	/** What the schema read. */
	readonly data: T;
	/** The whole body, as parsed. It may hold `paging.next` with the token inside: see {@link withoutPagingLinks}. */
	readonly raw: unknown;
};

/** What error messages about an answer need to know. */
export type ReadOptions = {
	/** What was asked, to begin every message with: `insights of media 1789…`. */
	readonly what: string;
	/** Values that must not appear in an error, whatever they look like. */
	readonly secrets?: readonly string[];
	/** Now, for a date in `retry-after`. */
	readonly now?: Date;
};

/**
 * Read a response with a schema.
 *
 * @throws {InsightsError} the kind of the refusal; `answer-unreadable` if the body is not JSON or has another
 * shape, with the place in it; `network` if it is not from Meta
 */
export function readAnswer<T>(response: GraphResponse, schema: z.ZodType<T>, options: ReadOptions): Answer<T> {
	if (response.status >= 300 || !/^\s*[[{]/.test(response.text)) throw classifyError(response, options);
	const raw = parseJson(response.text, options.what, options.secrets);
	// A refusal may come with status 200, inside a batch and outside.
	if (isErrorBody(raw)) throw classifyError(response, options);
	const read = schema.safeParse(raw);
	if (read.success) return { data: read.data, raw };
	const places = read.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
	const message = redact(`${options.what}: ${places.join('; ')}`, options.secrets);
	throw new InsightsError('answer-unreadable', message, {
		advice: UNREADABLE_ADVICE,
		cause: new TypeError(redact(places.join('; '), options.secrets)),
	});
}

/** What to do if an answer has an unknown shape. */
export const UNREADABLE_ADVICE =
	'Meta may have changed the format of this answer, or something on the way answered instead. Check the base URL. If it is right, update this package, or report this message.';

/**
 * A body without the links of its paging, at any depth: they hold the access token. Cursors stay.
 */
export function withoutPagingLinks(raw: unknown): unknown {
	if (Array.isArray(raw)) return raw.map(withoutPagingLinks);
	if (typeof raw !== 'object' || raw === null) return raw;
	const kept = Object.entries(raw).map(([name, member]): [string, unknown] =>
		name === 'paging' ? [name, withoutLinks(member)] : [name, withoutPagingLinks(member)],
	);
	return Object.fromEntries(kept);
}

function withoutLinks(paging: unknown): unknown {
	if (typeof paging !== 'object' || paging === null || !('cursors' in paging)) return {};
	return { cursors: paging.cursors };
}

/** An object that may be missing. PHP, which Graph runs on, writes an empty object as `[]`. */
export function optional<T extends z.ZodType>(schema: T) {
	return z.preprocess((value) => (Array.isArray(value) && value.length === 0 ? undefined : value), schema.nullish());
}

/** The items of a list that have an id, unless none has: one malformed item must not cost the others. */
export function itemsWithId(data: unknown): unknown {
	return Array.isArray(data) && data.some(hasId) ? data.filter(hasId) : data;
}

/** Whether an item of a list is an object with an id. */
export function hasId(item: unknown): boolean {
	if (typeof item !== 'object' || item === null || !('id' in item)) return false;
	return typeof item.id === 'string' || Number.isInteger(item.id);
}

/** The used part of `paging`. `next` contains the token: only its presence is checked. */
export const Paging = optional(
	z.object({
		cursors: optional(z.object({ before: z.string().nullish(), after: z.string().nullish() })),
		next: z.string().nullish(),
	}),
);
export type Paging = z.infer<typeof Paging>;

/**
 * The `after` of the next page, or null at the end. A list ends when `paging.next` is missing (the last page still
 * carries cursors), when there is no cursor, or when a cursor comes a second time, which would loop forever.
 *
 * Do not use it for account insights: their paging goes by time and never ends.
 *
 * @param seen every cursor already followed
 */
export function nextCursor(paging: Paging, seen: ReadonlySet<string>): string | null {
	const after = paging?.cursors?.after;
	if (!paging?.next || !after || seen.has(after)) return null;
	return after;
}

/** An id as a string. Meta has also sent numbers; those beyond 2^53 are strings already (exact-json.ts). */
export const Id = z.union([z.string(), z.number().int().transform(String)]);

/**
 * Read an object that Meta's documentation shows as `{"data":[{…}]}` and live hosts send flat (S23 against S21, S38).
 * An answer whose `data` has several items stays as it is and fails the schema.
 */
export function flatOrWrapped<T extends z.ZodType>(schema: T): z.ZodPipe<z.ZodTransform, T> {
	return z.preprocess((body) => {
		if (typeof body !== 'object' || body === null || !('data' in body)) return body;
		const { data } = body;
		return Array.isArray(data) && data.length === 1 ? data[0] : body;
	}, schema);
}
