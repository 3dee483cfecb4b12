/** What came of one HTTP try. */
export type AttemptResult =
	| {
			kind: 'answer';
			status: number;
			contentType: string;
			/** `Retry-After` as it came */
			retryAfter: string | null;
			/** the first few kB of the body */
			text: string;
			/** false: the connection broke inside the body */
			complete: boolean;
	  }
	| { kind: 'no-answer'; reason: NoAnswerReason };

export type NoAnswerReason = 'timeout' | 'refused' | 'reset' | 'dns' | 'tls' | 'forbidden-address' | 'network';

/** A decision and its code. Codes are stable: they stand in logs, metrics, the dashboard and the README. */
export type Verdict =
	| { kind: 'delivered'; reason: 'ok' }
	| { kind: 'retry'; reason: string; retryAfterMs?: number; alert?: boolean }
	/** retrying the same bytes cannot help */
	| { kind: 'dead'; reason: string }
	/** everything for this subscriber would fail alike until a person mends it */
	| { kind: 'pause'; reason: string; disable: boolean };

/**
 * n8n answers **200** with this page while its database migrates, and forgets what it was sent (measured on 2.41.1: four
 * seconds of every start). Every other relay that trusts the status loses events there.
 */
const STARTING_UP = /n8n is starting up/i;

/** Where a body of JSON says it, it is somebody's data. */
const IS_JSON = /^application\/(?:[\w.+-]+\+)?json\b/i;

/** n8n's 404 for a workflow that is inactive, or that it has lost the registration of (n8n#15666, #34838). */
const NOT_REGISTERED = /is not registered/i;

/**
 * Was this delivered, and if not, what now?
 *
 * @param success `n8n` looks at the body too; `status` takes any 2xx
 * @param now for a `Retry-After` that names a date
 */
export function judgeResponse(result: AttemptResult, success: 'n8n' | 'status', now: number): Verdict {
	if (result.kind === 'no-answer') return { kind: 'retry', reason: result.reason };
	if (result.status >= 200 && result.status < 300) return judgeSuccess(result, success);
	const retryAfterMs = readRetryAfter(result.retryAfter, now);
	const patience = retryAfterMs === null ? {} : { retryAfterMs };
	switch (result.status) {
		case 401:
		case 403:
			return { kind: 'pause', reason: `http-${result.status}`, disable: false };
		case 404:
			return { kind: 'retry', ...notFound(result.text), ...patience };
		case 410:
			return { kind: 'pause', reason: 'http-410', disable: true };
		case 413:
			return { kind: 'dead', reason: 'http-413' };
		default:
			// Redirects are not followed: the address that was checked is the address that gets the data.
			return { kind: 'retry', reason: `http-${result.status}`, ...patience };
	}
}

function judgeSuccess(answer: Extract<AttemptResult, { kind: 'answer' }>, success: 'n8n' | 'status'): Verdict {
	if (success === 'status') return { kind: 'delivered', reason: 'ok' };
	if (STARTING_UP.test(answer.text) && !IS_JSON.test(answer.contentType))
		return { kind: 'retry', reason: 'n8n-starting' };
	if (!answer.complete) return { kind: 'retry', reason: 'answer-cut' };
	return { kind: 'delivered', reason: 'ok' };
}

function notFound(text: string): { reason: string; alert?: boolean } {
	return NOT_REGISTERED.test(text) ? { reason: 'n8n-not-registered', alert: true } : { reason: 'http-404' };
}

/**
 * `Retry-After` in ms: seconds, or an HTTP date.
 *
 * @returns null when absent, past or unreadable
 */
export function readRetryAfter(header: string | null, now: number): number | null {
	if (header === null || header.trim() === '') return null;
	if (/^\s*\d{1,9}\s*$/.test(header)) return Number(header) * 1000;
	const wait = Date.parse(header) - now;
	return wait > 0 ? wait : null;
}
