/**
 * Stand-ins for your own tests: a clock you move, a transport that plays a script, webhooks signed as Meta signs them.
 *
 * @module @instagram-insights/core/testing
 */

import { createHmac } from 'node:crypto';
import type { Clock, Transport } from '../client/ports.ts';
import type { GraphResponse, VersionedRequest } from '../graph/graph-request.ts';

/** A clock that a test controls. */
export type ManualClock = Clock & {
	/** Advance the time and wake every sleeper whose time has come, earliest first. */
	advance(ms: number): Promise<void>;
	/** How long each sleep was asked to last, in the order asked. */
	readonly sleeps: readonly number[];
};

/**
 * A clock that stands still until it is advanced.
 *
 * With `passing: 'by-itself'` a sleep ends at once and advances the clock: two sleeps started together end together,
 * and the clock is at the later end. Use it for code that waits where no test advances the clock.
 */
export function manualClock(
	start: Date | string,
	{ passing = 'by-hand' }: { passing?: 'by-hand' | 'by-itself' } = {},
): ManualClock {
	let nowMs = new Date(start).getTime();
	const sleeps: number[] = [];
	const sleepers = new Set<{ dueMs: number; wake: () => void }>();

	return {
		now: () => new Date(nowMs),
		sleeps,
		async sleep(ms, signal) {
			signal?.throwIfAborted();
			sleeps.push(ms);
			if (ms <= 0) return;
			const dueMs = nowMs + ms;
			if (passing === 'by-itself') {
				await Promise.resolve();
				signal?.throwIfAborted();
				nowMs = Math.max(nowMs, dueMs);
				return;
			}
			await new Promise<void>((resolve, reject) => {
				const sleeper = { dueMs, wake: resolve };
				sleepers.add(sleeper);
				signal?.addEventListener('abort', () => {
					sleepers.delete(sleeper);
					reject(signal.reason);
				});
			});
		},
		async advance(ms) {
			nowMs += ms;
			const due = [...sleepers].filter(({ dueMs }) => dueMs <= nowMs).sort((a, b) => a.dueMs - b.dueMs);
			for (const sleeper of due) {
				sleepers.delete(sleeper);
				sleeper.wake();
				await Promise.resolve();
			}
		},
	};
}

/**
 * What the script answers: a body with a status (200 when left out), or an error, which is thrown as a network fault.
 * A string body is sent unchanged (truncated JSON, an HTML page), anything else as JSON.
 */
export type ScriptedAnswer = { status?: number; headers?: Readonly<Record<string, string>>; body: unknown } | Error;

/** A transport that plays a script and remembers what it was sent. */
export type ScriptedTransport = Transport & {
	/** Every request sent so far, in order. */
	readonly requests: readonly VersionedRequest[];
};

/**
 * A transport that plays a script: the answers of a list in order, one per request, or the result of a function for each
 * request. It never touches the network.
 *
 * @throws {Error} (from `send`) the list is used up: the message names the request that had no answer
 */
export function scriptedTransport(
	script: readonly ScriptedAnswer[] | ((request: VersionedRequest, index: number) => ScriptedAnswer),
): ScriptedTransport {
	const requests: VersionedRequest[] = [];
	return {
		requests,
		async send(request, options): Promise<GraphResponse> {
			options?.signal?.throwIfAborted();
			const index = requests.push(request) - 1;
			const answer = typeof script === 'function' ? script(request, index) : script[index];
			if (answer === undefined) {
				throw new Error(`the script has ${index} answers; nothing for ${request.method} ${request.path}`);
			}
			if (answer instanceof Error) throw answer;
			const { status = 200, headers = {}, body } = answer;
			return { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) };
		},
	};
}

/** A webhook ready to be posted to a receiver. */
type SignedWebhook = {
	/** The bytes to send, escaped as Meta escapes them. */
	body: Uint8Array;
	headers: { 'content-type': string; 'x-hub-signature-256': string; 'x-hub-signature': string };
};

/**
 * A webhook as Meta would send it: for your own tests of a receiver.
 *
 * A value is serialized as Meta does it, non-ASCII letters as lower-case `\u00e9` and slashes as `\/`, which reveals
 * receivers that hash a re-serialized body. Text and bytes are signed unchanged.
 *
 * @param payload a value to serialize, or the exact text or bytes
 * @param secret the app secret: the Instagram one for Instagram Login, the Facebook one for Facebook Login
 */
export function signWebhook(payload: unknown, secret: string): SignedWebhook {
	const body = toBytes(payload);
	return {
		body,
		headers: {
			'content-type': 'application/json',
			'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
			'x-hub-signature': `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`,
		},
	};
}

function toBytes(payload: unknown): Uint8Array {
	if (payload instanceof Uint8Array) return payload;
	return Buffer.from(typeof payload === 'string' ? payload : escapeAsMeta(JSON.stringify(payload)), 'utf8');
}

function escapeAsMeta(json: string): string {
	return json
		.replaceAll('/', '\\/')
		.replace(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
