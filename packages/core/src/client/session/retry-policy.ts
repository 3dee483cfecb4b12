import { GRAPH_ERROR_CODES, type GraphErrorRetry } from '../../catalog/graph-error-code.ts';
import type { InsightsError } from '../../insights-error.ts';

/** Whether to send again, and after how many milliseconds. */
export type RetryDecision = { readonly retry: false } | { readonly retry: true; readonly delayMs: number };

/** How far the attempts of one request have come. */
export type RetryState = {
	/** How often the request has been sent, 1 after the first time. */
	readonly attempt: number;
	/** Most times a request is sent. */
	readonly maxAttempts: number;
	/** A number from 0 to below 1: spreads the retries of many clients. */
	readonly random: number;
	/** How much longer the caller waits for Meta, in milliseconds; no limit by default. */
	readonly patienceLeftMs?: number;
};

const FIRST_DELAY_MS = 500;
/** Our longest pause. Longer ones come from Meta and count against the caller's `patienceMs`. */
export const LONGEST_DELAY_MS = 30_000;

/**
 * Whether to send a failed request again, and after which pause. Pure.
 *
 * Passing errors are retried after a pause that doubles each time; half of it is random. Errors marked `never` in the
 * table of error codes are never retried, whatever their HTTP status: the HTTP 500 about `ids` is permanent. `once` is
 * retried a single time (100/33 also occurs under load). If Meta asks for a pause longer than ours, it is respected only
 * within the caller's patience. Rate limits are handled by the pace, not here.
 */
export function decideRetry(
	error: Pick<InsightsError, 'kind' | 'graph' | 'retryAfterMs'>,
	{ attempt, maxAttempts, random, patienceLeftMs = Number.POSITIVE_INFINITY }: RetryState,
): RetryDecision {
	const allowed = attemptsAllowed(retryOf(error), maxAttempts);
	if (attempt >= allowed) return { retry: false };
	const pauseMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
	const delayMs = Math.max(error.retryAfterMs ?? 0, Math.round(pauseMs * (0.5 + random / 2)));
	return delayMs > LONGEST_DELAY_MS && delayMs > patienceLeftMs ? { retry: false } : { retry: true, delayMs };
}

function retryOf({ kind, graph }: Pick<InsightsError, 'kind' | 'graph'>): GraphErrorRetry {
	const row = GRAPH_ERROR_CODES.find(({ id }) => id === graph?.rule);
	if (row) return row.retry;
	// An answer that was cut off may be complete the second time; a proxy in the way stays there.
	if (graph?.rule === 'not-graph') return 'never';
	if (kind === 'answer-unreadable') return 'once';
	return kind === 'transient' || kind === 'network' ? 'backoff' : 'never';
}

function attemptsAllowed(retry: GraphErrorRetry, maxAttempts: number): number {
	switch (retry) {
		case 'never':
		case 'wait':
			return 1;
		case 'once':
			return Math.min(2, maxAttempts);
		case 'backoff':
			return maxAttempts;
		default:
			return retry satisfies never;
	}
}
