import type { Clock } from '@instagram-insights/core';
import type { Logger } from 'pino';
import type { Attempted, Happening, Observer } from '../relay/observe.ts';
import { CLOCK_TOLERANCE_MS } from '../relay/rules.ts';
import { type Hold, StoreError } from '../relay/store.ts';
import { adviceFor } from './attention.ts';

/**
 * The log: codes, names, counts, and what to do. Accepted events are counted by the metrics, not logged: a line per event
 * would be the slowest thing the relay does. Lines that anyone on the internet can cause are limited to one per minute and
 * reason, with a count of those left out. Each subscriber: its first failure, each change of the reason, each hold and its
 * end.
 */
export function logObserver(log: Logger, clock: Clock): Observer & { close(): void } {
	const throttled = throttledLines(clock);
	const failing = new Map<string, string>();

	/** One line a minute for each `name`. */
	function seldom(name: string, level: 'info' | 'warn' | 'error', fields: object, words: string): void {
		throttled.line(name, (leftOut) => log[level]({ ...fields, ...(leftOut > 0 && { leftOut }) }, words));
	}

	function seeAttempt({ delivery, verdict, dead, attempt, durationMs, lagMs, skewMs }: Attempted): void {
		const { subscriberId, eventId } = delivery;
		const line = {
			subscriberId,
			eventId,
			attempt,
			outcome: verdict.kind,
			reason: verdict.reason,
			dead,
			durationMs,
			lagMs,
		};
		const before = failing.get(subscriberId);
		if (verdict.kind === 'delivered') {
			log.debug(line, 'attempt');
			if (failing.delete(subscriberId))
				log.info({ subscriberId, reason: before }, 'subscriber accepts deliveries again');
			return;
		}
		failing.set(subscriberId, verdict.reason);
		const skew = Math.abs(skewMs) > CLOCK_TOLERANCE_MS && { clockAheadSeconds: Math.round(skewMs / 1000) };
		if (dead) log.error(line, 'delivery given up: fix the cause, then replay it');
		else if (before === verdict.reason) log.debug(line, 'attempt');
		else log.warn({ ...line, ...skew }, `delivery failed, will retry: ${adviceFor(verdict.reason)}`);
	}

	return {
		see(happening: Happening) {
			switch (happening.kind) {
				case 'handshake': {
					const { outcome } = happening;
					if (outcome === 'accepted') return log.info({ outcome }, 'handshake');
					return seldom(`handshake ${outcome}`, 'info', { outcome }, 'handshake');
				}
				case 'refused': {
					const { reason, otherSecret } = happening;
					const fields = { reason, ...(otherSecret !== null && { wouldMatch: otherSecret }) };
					const words =
						reason === 'too-old'
							? 'webhook refused: Meta sent it longer ago than RELAY_MAX_AGE allows'
							: 'signature refused: if Meta sent this, the app secret is wrong or belongs to the other login';
					return seldom(`signature ${reason} ${otherSecret}`, 'warn', fields, words);
				}
				case 'stored': {
					const { stored, duplicates, changed, commitMs } = happening.appended;
					const fields = { events: stored.length, duplicates, changed, commitMs: Math.round(commitMs) };
					return log.debug(fields, 'received');
				}
				case 'not-stored': {
					const fields = storeFields(happening.error);
					return seldom(
						`not stored ${fields.kind}`,
						'error',
						fields,
						'events not stored, answered 503: Meta will send them again',
					);
				}
				case 'turned-away':
					return seldom(
						`turned away ${happening.reason}`,
						'warn',
						{ reason: happening.reason },
						TURNED_AWAY[happening.reason],
					);
				case 'attempted':
					return seeAttempt(happening);
				case 'cut-off':
					return log.debug({ subscriberId: happening.delivery.subscriberId }, 'attempt interrupted, will retry');
				case 'hold': {
					const { subscriberId, hold } = happening;
					if (hold === null) return log.info({ subscriberId }, 'hold ended, deliveries continue');
					const until = hold.until === null ? {} : { until: new Date(hold.until).toISOString() };
					const reason = failing.get(subscriberId);
					return log.warn({ subscriberId, hold: hold.kind, reason, ...until }, HELD[hold.kind]);
				}
				case 'failed': {
					const { during, error } = happening;
					const fields = storeFields(error);
					const words =
						error instanceof StoreError ? 'store failed, deliveries wait' : 'delivery failed, will retry later';
					return seldom(`${during} ${fields.kind}`, 'error', fields, during === 'request' ? 'request failed' : words);
				}
				default:
					return happening satisfies never;
			}
		},
		close: throttled.close,
	};
}

/** The kind and text of a store error; SQLite's texts name tables and files, never values. */
export function storeFields(error: unknown): { kind: string; error: string } {
	const kind = error instanceof StoreError ? error.kind : 'unknown';
	return { kind, error: error instanceof Error ? error.message : String(error) };
}

const HELD: Readonly<Record<Hold['kind'], string>> = {
	circuit: 'subscriber on hold: it does not answer. Deliveries wait while the relay probes it',
	asked: 'subscriber on hold: it asked the relay to wait',
	access: 'subscriber paused: it refuses access. Deliveries wait while the relay probes it every two minutes',
	operator: 'subscriber paused by the operator: deliveries wait until it is resumed',
};

const TURNED_AWAY = {
	path: "request for an unknown path or method: Meta's callback URL must end in /webhooks/instagram",
	'admin-token': 'request refused: wrong admin token',
	'too-large': 'request body larger than RELAY_BODY_LIMIT_MB, answered 413. If Meta sent it, raise the limit',
	busy: 'too many request bodies at once, answered 503',
	connections: 'too many open connections, closed a new one',
} as const;

/** Within this time, lines of one name become one line with a count. */
const WINDOW_MS = 60_000;

type WriteLine = (leftOut: number) => void;

/**
 * One line per minute and name, so that outsiders cannot fill the log. Further ones are counted, and become one line when
 * the minute ends. Use few names: each keeps a minute of its own.
 */
function throttledLines(clock: Clock) {
	const halt = new AbortController();
	const held = new Map<string, { count: number; write: WriteLine }>();

	/** At the end of the minute: what was counted becomes one line, which begins the next minute. */
	async function guard(name: string): Promise<void> {
		for (;;) {
			await clock.sleep(WINDOW_MS, halt.signal).catch(() => {});
			const { count = 0, write } = held.get(name) ?? {};
			held.delete(name);
			// The line itself is one of them.
			if (count > 0) write?.(count - 1);
			if (count === 0 || halt.signal.aborted) return;
			held.set(name, { count: 0, write: () => {} });
		}
	}

	return {
		/** @param write called with the number of further lines that this one stands for */
		line(name: string, write: WriteLine): void {
			const waiting = held.get(name);
			if (!halt.signal.aborted && waiting !== undefined) {
				waiting.count += 1;
				waiting.write = write;
				return;
			}
			write(0);
			if (halt.signal.aborted) return;
			held.set(name, { count: 0, write });
			void guard(name);
		},
		/** Write what is counted. Lines after this are written as they come. */
		close: () => halt.abort(),
	};
}
