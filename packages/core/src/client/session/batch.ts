import { z } from 'zod/v4';
import { GRAPH_ERROR_CODES } from '../../catalog/graph-error-code.ts';
import { HOSTS } from '../../catalog/host.ts';
import type { GraphResponse } from '../../graph/graph-request.ts';
import { readAnswer, UNREADABLE_ADVICE } from '../../graph/read-answer.ts';
import { InsightsError, type InsightsErrorKind, isInsightsError } from '../../insights-error.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';
import { allInParallel } from './in-parallel.ts';
import type { AskedRequest } from './session.ts';

/** One of many requests of the same kind. */
export type BulkRequest = {
	readonly path: string;
	readonly query: Readonly<Record<string, string>>;
	/** What is asked, to begin error messages with. */
	readonly what: string;
	/** Called just before sending: answers that came meanwhile may make the request unnecessary. */
	readonly skip?: () => boolean;
	/** Called with the request's refusal as soon as it is final, before the others have ended. */
	readonly onRefused?: (error: InsightsError) => void;
};

/** `tally`: how many media of the question have answered. */
type BulkContext = ClientContext & { readonly tally: { answered: number } };

/** An answer, an error of its own, or null for a request that was skipped. */
export type BulkResult<T> = { readonly data: T; readonly raw: unknown } | InsightsError | null;

/**
 * Send many small requests. Each gets its own answer or error, in the order of the requests. They go in batches if the
 * host takes batches, otherwise one by one within the client's concurrency. Meta counts each item as a call either way.
 *
 * Only items that a batch left unanswered, or that failed for a passing reason, are sent again. If a batch is refused as
 * a whole, its items are sent one by one. The first request of a client goes alone, so that a blocked app or a refused
 * token costs a single request.
 *
 * @throws {InsightsError} what concerns all of them: token, rate limit, connection, cancellation
 */
export async function askEach<T>(
	requests: readonly BulkRequest[],
	schema: z.ZodType<T>,
	asking: BulkContext,
	options: QuestionOptions,
): Promise<BulkResult<T>[]> {
	const context = { ...asking, tally: { answered: asking.tally.answered } };
	const { batchMaxItems } = HOSTS[context.session.host];
	if (batchMaxItems === null || requests.length === 1) {
		const alone = context.session.usage().httpRequests === 0 ? requests.slice(0, 1) : [];
		const ask = (request: BulkRequest) => askAlone(request, schema, context, options);
		const first = await allInParallel(alone, 1, ask);
		return [...first, ...(await allInParallel(requests.slice(alone.length), context.concurrency, ask))];
	}
	const chunks: (readonly BulkRequest[])[] = [];
	for (let at = 0; at < requests.length; at += batchMaxItems) chunks.push(requests.slice(at, at + batchMaxItems));
	const answered = await allInParallel(chunks, context.concurrency, async (chunk) => {
		try {
			return await askBatch(chunk, schema, context, options);
		} catch (error) {
			if (!isInsightsError(error) || concernsAllMedia(error, context.tally.answered > 0)) throw error;
			// Meta refused the batch, not its items: they may be answered one by one.
			const share = Math.max(1, Math.floor(context.concurrency / chunks.length));
			return allInParallel(chunk, share, (request) => askAlone(request, schema, context, options));
		}
	});
	return answered.flat();
}

async function askAlone<T>(
	{ path, query, what, skip, onRefused }: BulkRequest,
	schema: z.ZodType<T>,
	{ session, tally }: BulkContext,
	{ signal }: QuestionOptions,
): Promise<BulkResult<T>> {
	if (skip?.()) return null;
	try {
		const answer = await session.ask({ method: 'GET', path, query }, schema, { what, signal });
		tally.answered += 1;
		return answer;
	} catch (error) {
		if (!isInsightsError(error) || concernsAllMedia(error, tally.answered > 0)) throw error;
		onRefused?.(error);
		return error;
	}
}

async function askBatch<T>(
	requests: readonly BulkRequest[],
	schema: z.ZodType<T>,
	{ session, tally }: BulkContext,
	{ signal }: QuestionOptions,
): Promise<BulkResult<T>[]> {
	const results: BulkResult<T>[] = requests.map(() => null);
	let open = requests.map((request, index) => ({ request, index })).filter(({ request }) => !request.skip?.());
	const what = `batch of ${requests.length}: ${requests[0]?.what ?? 'nothing'} and others`;
	for (let attempt = 1; open.length > 0; attempt += 1) {
		const post = batchRequest(open.map(({ request }) => request));
		const { data } = await session.ask(post, BatchAnswer, { what, signal, metaCalls: open.length });
		const again: typeof open = [];
		let pauseMs = 0;
		const read = open.map((one, place) => {
			const item = data[place] ?? null;
			if (item) session.noteItemUsage(item);
			return { one, result: readItem(item, schema, one.request.what) };
		});
		tally.answered += read.filter(({ result }) => !isInsightsError(result)).length;
		for (const { one, result } of read) {
			results[one.index] = result;
			if (!isInsightsError(result)) continue;
			const delayMs = session.judgeItem(result, attempt);
			if (delayMs !== null) {
				again.push(one);
				pauseMs = Math.max(pauseMs, delayMs);
				continue;
			}
			if (concernsAllMedia(result, tally.answered > 0)) throw result;
			one.request.onRefused?.(result);
		}
		open = again;
		if (pauseMs > 0) await session.sleep(pauseMs, { what, signal });
	}
	return results;
}

function batchRequest(requests: readonly BulkRequest[]): AskedRequest {
	const batch = requests.map(({ path, query }) => ({
		method: 'GET',
		relative_url: `${path.slice(1)}?${new URLSearchParams(query)}`,
	}));
	return { method: 'POST', path: '/', query: {}, body: { batch: JSON.stringify(batch) } };
}

function readItem<T>(item: BatchAnswer[number], schema: z.ZodType<T>, what: string): BulkResult<T> {
	if (item === null) {
		return new InsightsError('transient', `${what}: the batch ran out of time before this item`, {
			advice: 'Try again, or ask for fewer items at a time.',
		});
	}
	try {
		return readAnswer(item, schema, { what });
	} catch (error) {
		if (!isInsightsError(error)) throw error;
		// The batch itself came from Meta: an empty item, or one that is not JSON, concerns that item only.
		if (error.graph?.rule !== 'not-graph') return error;
		return new InsightsError('answer-unreadable', error.message, { advice: UNREADABLE_ADVICE, cause: error });
	}
}

/** Whether every account of the token would be refused as well, not only one Page or account. */
export function concernsAll(error: InsightsError): boolean {
	const scope = rowOf(error)?.scope;
	// Without a row, a limit was closed by an earlier answer: usually that of the account, and the others show for themselves.
	if (error.kind === 'rate-limit' && (scope === undefined || scope === 'app+ig-user')) return false;
	return CONCERNS_ALL.includes(error.kind) && scope !== 'page' && scope !== 'account';
}

/**
 * Whether every media item of the account would be refused as well. A missing permission may concern only one media item; a missing
 * role concerns all, unless one of them has answered.
 */
export function concernsAllMedia(error: InsightsError, hasAnswer: boolean): boolean {
	const row = rowOf(error);
	const isOfPeople = row?.kind === 'permission' && (row.scope === 'page' || row.scope === 'user');
	return CONCERNS_ALL.includes(error.kind) || (isOfPeople && !hasAnswer);
}

function rowOf({ graph }: InsightsError) {
	return GRAPH_ERROR_CODES.find(({ id }) => id === graph?.rule);
}

const CONCERNS_ALL: readonly InsightsErrorKind[] = [
	'auth',
	'wrong-host',
	'blocked',
	'rate-limit',
	'network',
	'cancelled',
];

/**
 * The answer of a batch: one item per request, in their order. `body` is JSON inside a string. An item is null when the
 * batch ran out of time before it (S25).
 */
export const BatchAnswer = z.array(
	z
		.object({
			code: z.number(),
			headers: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
			body: z.string().nullish(),
		})
		.nullable()
		.transform((item): GraphResponse | null => {
			if (item === null) return null;
			const headers = (item.headers ?? []).map(({ name, value }) => [name.toLowerCase(), value] as const);
			return { status: item.code, headers: Object.fromEntries(headers), text: item.body ?? '' };
		}),
);
export type BatchAnswer = z.infer<typeof BatchAnswer>;
