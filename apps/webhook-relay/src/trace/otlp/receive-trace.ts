import {
	type Context,
	ROOT_CONTEXT,
	type Span,
	SpanKind,
	SpanStatusCode,
	type Tracer,
	trace,
} from '@opentelemetry/api';
import type { Happening } from '../../relay/observe.ts';
import { type StoredEvent, StoreError } from '../../relay/store.ts';
import { eventTrace } from '../event-trace.ts';
import { readTraceparent } from '../traceparent.ts';
import type { GivenIds } from './given-ids.ts';

type Received = Extract<Happening, { kind: 'refused' | 'stored' | 'not-stored' }>;
export type SpanMaker = { readonly tracer: Tracer; readonly ids: GivenIds };

/**
 * The spans of one POST, made once it is answered: which trace they belong to is known only when its events have ids.
 *
 * A receipt belongs to the trace of its first event, so that the usual receipt of one event is one trace from Meta's POST
 * to n8n's answer. Further events have traces of their own, linked with the receipt both ways.
 */
export function makeReceiveSpans(maker: SpanMaker, received: Received): void {
	const { receivedAt: startedAt, committingMs, answeredMs, traceparent } = received;
	const endedAt = startedAt + answeredMs;
	const events = received.kind === 'stored' ? received.appended.stored : [];
	const receive = startReceiveSpan(maker, { startedAt, traceparent, first: events[0] });
	receive.setAttributes(receiveAttributes(received));
	if (committingMs !== null) {
		const within = trace.setSpan(ROOT_CONTEXT, receive);
		const time = { startedAt: startedAt + committingMs, endedAt };
		makeCommitSpan(maker, { received, within, ...time });
		events.forEach((event, index) => void makeEventSpan(maker, { event, receive, isFirst: index === 0, ...time }));
	}
	// Meta is told to send again: that is the relay's failure. A refused signature is the sender's.
	if (received.kind === 'not-stored') receive.setStatus({ code: SpanStatusCode.ERROR });
	receive.end(endedAt);
}

function startReceiveSpan(
	{ tracer, ids }: SpanMaker,
	from: { startedAt: number; traceparent: string | undefined; first: StoredEvent | undefined },
): Span {
	const before = readTraceparent(from.traceparent);
	const options = {
		kind: SpanKind.SERVER,
		startTime: from.startedAt,
		attributes: { 'http.request.method': 'POST', 'http.route': '/webhooks/instagram' },
		// Linked, not gone on with: anyone can send this header, and the trace is the event's.
		links: before === null ? [] : [{ context: { ...before, traceFlags: before.sampled ? 1 : 0, isRemote: true } }],
	};
	const given = from.first === undefined ? {} : { traceId: eventTrace(from.first.eventId).traceId };
	return ids.use(given, () => tracer.startSpan('POST /webhooks/instagram', options, ROOT_CONTEXT));
}

function receiveAttributes(outcome: Received): Record<string, string | number> {
	switch (outcome.kind) {
		case 'stored': {
			const { stored, duplicates, changed } = outcome.appended;
			return {
				'http.response.status_code': 200,
				'relay.outcome': stored.length > 0 ? 'stored' : 'duplicate',
				'relay.events.stored': stored.length,
				'relay.events.duplicate': duplicates,
				'relay.events.changed': changed,
			};
		}
		case 'refused':
			return { 'http.response.status_code': 401, 'relay.outcome': 'refused', 'relay.reason': outcome.reason };
		case 'not-stored': {
			const reason = storeReason(outcome.error);
			return {
				'http.response.status_code': 503,
				'relay.outcome': 'not_stored',
				'relay.reason': reason,
				'error.type': reason,
			};
		}
		default:
			return outcome satisfies never;
	}
}

function makeCommitSpan(
	{ tracer }: SpanMaker,
	commit: { received: Received; within: Context; startedAt: number; endedAt: number },
): void {
	const { received, within, startedAt, endedAt } = commit;
	const span = tracer.startSpan('store.append', { startTime: startedAt }, within);
	if (received.kind === 'stored') span.setAttribute('relay.commit.duration_ms', received.appended.commitMs);
	if (received.kind === 'not-stored') {
		span.setAttribute('error.type', storeReason(received.error)).setStatus({ code: SpanStatusCode.ERROR });
	}
	span.end(endedAt);
}

/** The span that every attempt of the event is a child of, wherever and whenever it is made. */
function makeEventSpan(
	{ tracer, ids }: SpanMaker,
	from: { event: StoredEvent; receive: Span; isFirst: boolean; startedAt: number; endedAt: number },
): void {
	const { event, receive, isFirst, startedAt, endedAt } = from;
	const receiveContext = receive.spanContext();
	const options = {
		kind: SpanKind.PRODUCER,
		startTime: startedAt,
		attributes: { 'relay.event.id': event.eventId, 'relay.field': event.field, 'relay.account.id': event.accountId },
		links: isFirst ? [] : [{ context: receiveContext }],
	};
	const within = isFirst ? trace.setSpan(ROOT_CONTEXT, receive) : ROOT_CONTEXT;
	const span = ids.use(eventTrace(event.eventId), () => tracer.startSpan('event', options, within));
	if (!isFirst && span.isRecording()) receive.addLink({ context: span.spanContext() });
	span.end(endedAt);
}

function storeReason(error: unknown): string {
	return error instanceof StoreError ? error.kind : 'unknown';
}
