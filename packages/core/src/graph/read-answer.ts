import type { z } from 'zod/v4';
import { InsightsError } from '../insights-error.ts';
import { classifyError, isErrorBody } from './error-answer.ts';
import type { GraphResponse } from './graph-request.ts';
import { parseJson } from './parse-json.ts';
import { redact } from './redact.ts';

/** A good answer: what was read of it, and all of it. */
export type Answer<T> = {
	/** What the schema read. */
	readonly data: T;
	/** The whole body, as parsed. It may hold `paging.next` with the token inside: see {@link withoutPagingLinks}. */
	readonly raw: unknown;
};

/** What an error about an answer says besides its message. */
export type ReadOptions = {
	/** What was asked, as the head of every message: `insights of media 1789…`. */
	readonly what: string;
	/** Values that must not appear in an error, whatever they look like. */
	readonly secrets?: readonly string[];
	/** Now, for a date in `retry-after`. */
	readonly now?: Date;
};

/**
 * Reads a response by a schema.
 *
 * @throws {InsightsError} the kind the refusal stands for; `answer-unreadable` when the body is not JSON or has not the
 * shape, with the place in it; `network` when it is not Meta's at all
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

/** The way out where an answer has a shape that nobody knows. */
export const UNREADABLE_ADVICE =
	'Meta may have changed the shape of this answer, or something on the way answered instead. Check the base address; then update, or report it with this message.';

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
