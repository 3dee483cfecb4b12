import { hash } from 'node:crypto';
import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace';

/** The part of a span that travels between programs. */
export type TraceContext = {
	/** 32 hex digits, not all 0 */
	readonly traceId: string;
	/** 16 hex digits, not all 0 */
	readonly spanId: string;
	readonly sampled: boolean;
};

/**
 * The trace of an event and, in it, the span that every attempt is a child of. They follow from the event's ID alone: every
 * replica and every later attempt finds the same ones, and the store keeps nothing about traces (docs/decisions/0009). A
 * person finds the trace by `printf %s <event id> | sha256sum | cut -c1-32`.
 */
export function eventTrace(eventId: string): { traceId: string; spanId: string } {
	const digest = hash('sha256', eventId, 'hex');
	return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48) };
}

/** The span of one attempt, from its lease, which no other attempt has. */
export function attemptSpanId(delivery: { eventId: string; subscriberId: string; lease: string }): string {
	return hash('sha256', JSON.stringify([delivery.eventId, delivery.subscriberId, delivery.lease]), 'hex').slice(0, 16);
}

export type GivenIds = IdGenerator & {
	/** Give these ids to the span that `start` starts, in place of random ones. A span with a parent is in its parent's trace. */
	use<T>(ids: { traceId?: string; spanId?: string }, start: () => T): T;
};

/** Random ids, unless given: the SDK offers no other way to set the id of a span. */
export function givenIds(random: IdGenerator = new RandomIdGenerator()): GivenIds {
	let given: { traceId?: string; spanId?: string } = {};
	return {
		generateTraceId: () => given.traceId ?? random.generateTraceId(),
		generateSpanId: () => given.spanId ?? random.generateSpanId(),
		use(ids, start) {
			given = ids;
			try {
				return start();
			} finally {
				given = {};
			}
		},
	};
}

const TRACEPARENT =
	/^(?<version>(?!ff)[0-9a-f]{2})-(?<traceId>(?!0{32})[0-9a-f]{32})-(?<spanId>(?!0{16})[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<more>-.*)?$/;

/** The `traceparent` header, version 00 (https://www.w3.org/TR/trace-context/#traceparent-header, read 2026-11-26). */
export function writeTraceparent({ traceId, spanId, sampled }: TraceContext): string {
	return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/**
 * Read a `traceparent` header. Later versions may have more at their end.
 *
 * @returns null when it is missing or not valid
 */
export function readTraceparent(header: string | undefined): TraceContext | null {
	const { version, traceId, spanId, flags, more } = TRACEPARENT.exec(header ?? '')?.groups ?? {};
	if (traceId === undefined || spanId === undefined || flags === undefined) return null;
	if (version === '00' && more !== undefined) return null;
	return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
