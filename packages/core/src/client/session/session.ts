import type { z } from 'zod/v4';
import { HOSTS, type Host } from '../../catalog/host.ts';
import type { GraphRequest, GraphResponse } from '../../graph/graph-request.ts';
import { type Answer, readAnswer } from '../../graph/read-answer.ts';
import { readUsage } from '../../graph/usage-header.ts';
import { InsightsError, isInsightsError } from '../../insights-error.ts';
import { redact } from '../../redact.ts';
import type { Clock, Transport } from '../ports.ts';
import { decideRetry, LONGEST_DELAY_MS } from './retry-policy.ts';

/** One HTTP request as it left. */
export type RequestInfo = {
	readonly method: 'GET' | 'POST' | 'DELETE';
	readonly host: Host;
	readonly path: string;
	/** 1 when this request is sent first, 2 for its first retry. */
	readonly attempt: number;
	/** Calls as Meta counts them: each item of a batch is one. */
	readonly metaCalls: number;
};

export type SessionOptions = {
	readonly host: Host;
	readonly transport: Transport;
	readonly clock: Clock;
	readonly graphVersion: string;
	/** A number from 0 to below 1 each time. */
	readonly random: () => number;
	readonly patienceMs: number;
	readonly maxAttempts: number;
	readonly onRequest?: ((info: RequestInfo) => void) | undefined;
};

export type AskOptions = {
	/** What is asked, to begin error messages with: `insights of media 1789`. */
	readonly what: string;
	readonly signal?: AbortSignal | undefined;
	/** Calls as Meta counts them; 1 when left out. */
	readonly metaCalls?: number;
	/** Values that must not appear in an error, whatever they look like. */
	readonly secrets?: readonly string[];
	/** '' for the login paths that take no version; the session's own when left out. */
	readonly version?: string;
};

/** A request to the session's host; a planned request may name the host. */
export type AskedRequest = Omit<GraphRequest, 'host'> & { readonly host?: Host };

/** Sends all requests of a client: counts them, keeps the pace and retries. */
export type Session = {
	readonly host: Host;
	/** Returns the answer as read by the schema. Throws everything else as an {@link InsightsError}. */
	ask<T>(request: AskedRequest, schema: z.ZodType<T>, options: AskOptions): Promise<Answer<T>>;
	/**
	 * What to do about a refusal inside an answer (one item of a batch): the pause in milliseconds before a retry, or null
	 * for no retry. A rate limit stops the session: the next `ask` waits or fails.
	 */
	judgeItem(error: InsightsError, attempt: number): number | null;
	/** Adjust the pace to the usage headers of one item of a batch. */
	noteItemUsage(answer: Pick<GraphResponse, 'headers'>): void;
	sleep(ms: number, options: Pick<AskOptions, 'what' | 'signal'>): Promise<void>;
	now(): Date;
	/** What was sent since the session began, retries included. */
	usage(): { readonly httpRequests: number; readonly metaCalls: number };
	/** A session for another account of the token. It shares the app's limit and the counts, and has an account limit of its own. */
	ofAnotherAccount(): Session;
};

export function createSession(options: SessionOptions): Session {
	return openSession(options, { pace: OPEN_PACE, httpRequests: 0, metaCalls: 0 });
}

/** What the sessions of all accounts of a token share: the pace of the app, and what was sent. */
type Shared = { pace: Pace; httpRequests: number; metaCalls: number };

/** The refusal that Meta counts for one account; every other limit is the app's, the user's or the Page's. */
const ACCOUNT_LIMIT = 'rate-instagram';

function openSession(options: SessionOptions, shared: Shared): Session {
	const { host, transport, clock } = options;
	let pace: Pace = OPEN_PACE;

	function noteHeaders(headers: GraphResponse['headers']): void {
		const usage = readUsage(headers);
		const nowMs = clock.now().getTime();
		if (usage.app !== null) shared.pace = noteUsage(shared.pace, { percent: usage.appPercent, regainMs: 0 }, nowMs);
		if (usage.business.length === 0) return;
		pace = noteUsage(pace, { percent: usage.accountPercent, regainMs: usage.regainMs }, nowMs);
	}

	/** @returns how long to wait, in milliseconds */
	function noteLimit({ retryAfterMs, graph }: InsightsError): number {
		const nowMs = clock.now().getTime();
		if (graph?.rule === ACCOUNT_LIMIT) pace = noteRateLimit(pace, retryAfterMs, nowMs);
		else shared.pace = noteRateLimit(shared.pace, retryAfterMs, nowMs);
		return closedUntilMs() - nowMs;
	}

	function closedUntilMs(): number {
		return Math.max(pace.closedUntilMs, shared.pace.closedUntilMs);
	}

	/** Wait for the request's send slot, or fail if that takes longer than `patienceMs`. */
	async function waitForTurn({ what, signal, metaCalls }: AskOptions, waitedMs: number): Promise<number> {
		let waited = waitedMs;
		for (;;) {
			const nowMs = clock.now().getTime();
			const [ofApp, own] = [takeTurn(shared.pace, nowMs, metaCalls), takeTurn(pace, nowMs, metaCalls)];
			shared.pace = ofApp.pace;
			pace = own.pace;
			const waitMs = Math.max(ofApp.waitMs, own.waitMs);
			const isClosed = ofApp.closed || own.closed;
			if (waitMs <= 0) return waited;
			if (isClosed) {
				if (waited + waitMs > options.patienceMs) throw budgetUsedUp(what, nowMs, waitMs);
				waited += waitMs;
			}
			await clock.sleep(waitMs, signal);
			// Another answer may have reported a used-up limit meanwhile: check again.
			if (!isClosed && closedUntilMs() <= clock.now().getTime()) return waited;
		}
	}

	async function sendOnce(request: GraphRequest, attempt: number, ask: AskOptions): Promise<GraphResponse> {
		const { metaCalls = 1, version = options.graphVersion, signal, what } = ask;
		shared.httpRequests += 1;
		shared.metaCalls += metaCalls;
		options.onRequest?.({ method: request.method, host, path: request.path, attempt, metaCalls });
		let response: GraphResponse;
		try {
			response = await unlessAborted(transport.send({ ...request, version }, { signal }), signal);
		} catch (error) {
			throw asNetworkError(error, what, host);
		}
		noteHeaders(response.headers);
		return response;
	}

	async function sleep(ms: number, { what, signal }: Pick<AskOptions, 'what' | 'signal'>): Promise<void> {
		try {
			await clock.sleep(ms, signal);
		} catch (error) {
			throw signal?.aborted ? cancelled(what) : error;
		}
	}

	return {
		host,
		now: () => clock.now(),
		sleep,
		judgeItem(error, attempt) {
			if (attempt >= options.maxAttempts) return null;
			if (error.kind === 'rate-limit') {
				noteLimit(error);
				return 0;
			}
			const { maxAttempts, patienceMs } = options;
			const state = { attempt, maxAttempts, random: options.random(), patienceLeftMs: patienceMs };
			const decision = decideRetry(error, state);
			return decision.retry ? decision.delayMs : null;
		},
		noteItemUsage: ({ headers }) => noteHeaders(headers),
		usage: () => ({ httpRequests: shared.httpRequests, metaCalls: shared.metaCalls }),
		ofAnotherAccount: () => openSession(options, shared),
		async ask(asked, schema, ask) {
			const { method, path, query, body } = asked;
			const request = { method, host, path, query, ...(body ? { body } : {}) };
			const { signal, what } = ask;
			let waitedMs = 0;
			for (let attempt = 1; ; attempt += 1) {
				try {
					signal?.throwIfAborted();
					waitedMs = await waitForTurn(ask, waitedMs);
					return readAnswer(await sendOnce(request, attempt, ask), schema, {
						what,
						secrets: ask.secrets ?? [],
						now: clock.now(),
					});
				} catch (error) {
					if (signal?.aborted) throw cancelled(what);
					if (!isInsightsError(error)) throw error;
					if (error.kind === 'rate-limit' && error.graph) {
						const waitMs = noteLimit(error);
						if (attempt < options.maxAttempts && waitedMs + waitMs <= options.patienceMs) continue;
						throw budgetUsedUp(what, clock.now().getTime(), waitMs, error);
					}
					const { maxAttempts, patienceMs } = options;
					const patienceLeftMs = patienceMs - waitedMs;
					const decision = decideRetry(error, { attempt, maxAttempts, random: options.random(), patienceLeftMs });
					if (!decision.retry) throw error;
					if (decision.delayMs > LONGEST_DELAY_MS) waitedMs += decision.delayMs;
					await sleep(decision.delayMs, ask);
				}
			}
		},
	};
}

function budgetUsedUp(what: string, nowMs: number, waitMs: number, refused?: InsightsError): InsightsError {
	const time = new Date(nowMs + waitMs).toISOString().slice(0, 16).replace('T', ' ');
	return new InsightsError('rate-limit', `${what}: Meta's call limit is used up until about ${time} UTC`, {
		advice: 'Try again after that time, or ask for less at once.',
		retryAfterMs: waitMs,
		...(refused?.graph ? { graph: refused.graph } : {}),
		...(refused ? { cause: refused } : {}),
	});
}

/** A connection error by name and code. The message of what the transport threw is dropped: it may contain a token. */
function asNetworkError(error: unknown, what: string, host: Host): InsightsError {
	if (isInsightsError(error)) return error;
	const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? redact(error.code) : null;
	const cause = new Error(code ?? 'unknown');
	if (error instanceof Error) cause.name = redact(error.name);
	return new InsightsError('network', `${what}: no answer from ${host}${code === null ? '' : ` (${code})`}`, {
		advice: `Check the connection to ${HOSTS[host].title} and the base URL, then try again.`,
		cause: code === null ? cause : Object.assign(cause, { code }),
	});
}

/** Settles like the work, or rejects as soon as the signal aborts, even if the work ignores the signal. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (!signal) return work;
	return new Promise((resolve, reject) => {
		const stop = () => reject(signal.reason);
		if (signal.aborted) stop();
		signal.addEventListener('abort', stop, { once: true });
		work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
	});
}

function cancelled(what: string): InsightsError {
	return new InsightsError('cancelled', `${what}: cancelled`, { advice: 'The caller stopped the request.' });
}

/**
 * How fast the client may go. Plain data, instants in milliseconds since 1970.
 *
 * Meta counts calls against a limit that rolls over hours, and its headers say how much of it is used. Below
 * `SLOW_DOWN_PERCENT` requests are not delayed; above it they are spaced more and more widely. Once Meta says that the
 * limit is used up, nothing is sent until the time it names.
 */
export type Pace = {
	readonly usedPercent: number;
	/** Nothing is sent before this instant; 0 when open. */
	readonly closedUntilMs: number;
	/** The next request may be sent at this instant. */
	readonly nextTurnMs: number;
};

/** Nothing known yet: send at once. */
export const OPEN_PACE: Pace = { usedPercent: 0, closedUntilMs: 0, nextTurnMs: 0 };

/** From this share of the limit on, requests are spaced. */
export const SLOW_DOWN_PERCENT = 80;
const WIDEST_SPACING_MS = 5_000;
/** Longest pause after a batch, however many calls it has. */
const WIDEST_PAUSE_MS = 60_000;
/** Wait to assume if Meta names none: its shortest limit rolls over an hour. */
export const ASSUMED_REGAIN_MS = 3_600_000;

/** The pace after an answer that says how much of a limit is used, and how long to wait (0: not at all). */
export function noteUsage(
	pace: Pace,
	{ percent, regainMs }: { readonly percent: number; readonly regainMs: number },
	nowMs: number,
): Pace {
	const closedUntilMs = regainMs > 0 ? Math.max(pace.closedUntilMs, nowMs + regainMs) : pace.closedUntilMs;
	return { ...pace, usedPercent: percent, closedUntilMs };
}

/** The pace after a refusal because of the rate limit. */
export function noteRateLimit(pace: Pace, retryAfterMs: number | undefined, nowMs: number): Pace {
	return { ...pace, closedUntilMs: Math.max(pace.closedUntilMs, nowMs + (retryAfterMs ?? ASSUMED_REGAIN_MS)) };
}

/** When the next request may be sent, counted from now. `closed`: the limit is used up; otherwise it is only spacing. */
export type Turn = { readonly pace: Pace; readonly waitMs: number; readonly closed: boolean };

/**
 * Reserve the next send slot. Concurrent requests get slots one spacing apart. A batch takes as many slots as it has
 * calls, because Meta counts each call.
 */
export function takeTurn(pace: Pace, nowMs: number, calls = 1): Turn {
	if (pace.closedUntilMs > nowMs) return { pace, waitMs: pace.closedUntilMs - nowMs, closed: true };
	const startMs = Math.max(nowMs, pace.nextTurnMs);
	const pauseMs = Math.min(spacingMs(pace) * calls, WIDEST_PAUSE_MS);
	return { pace: { ...pace, nextTurnMs: startMs + pauseMs }, waitMs: startMs - nowMs, closed: false };
}

/** Zero below the threshold, then rising evenly to the widest spacing when the limit is used up. */
function spacingMs({ usedPercent }: Pace): number {
	const over = Math.min(100, usedPercent) - SLOW_DOWN_PERCENT;
	return over <= 0 ? 0 : Math.round((over / (100 - SLOW_DOWN_PERCENT)) * WIDEST_SPACING_MS);
}
