import { hash } from 'node:crypto';

/** Where an event stands among traces: its trace, and in it the span that every attempt is a child of. */
export type EventTrace = {
	/** 32 hex digits */
	readonly traceId: string;
	/** 16 hex digits */
	readonly spanId: string;
};

/**
 * The trace of an event, from its id alone: every replica and every later attempt finds the same one, and nothing about
 * traces needs to be stored (docs/decisions/0009). A person finds it by `printf %s <event id> | sha256sum | cut -c1-32`.
 */
export function eventTrace(eventId: string): EventTrace {
	const digest = hash('sha256', eventId, 'hex');
	return { traceId: digest.slice(0, 32), spanId: digest.slice(32, 48) };
}
