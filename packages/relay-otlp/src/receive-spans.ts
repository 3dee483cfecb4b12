import {
	type Context,
	ROOT_CONTEXT,
	type Span,
	SpanKind,
	SpanStatusCode,
	type Tracer,
	trace,
} from '@opentelemetry/api';
import type { Receiving, TracedEvent } from './happening.ts';
import { eventTrace, type GivenIds, readTraceparent } from './trace-ids.ts';

export type SpanMaker = { readonly tracer: Tracer; readonly ids: GivenIds };

/**
 * Make the spans of one POST after its answer: only then its events have ids, which decide on the trace.
 *
 * A receipt belongs to the trace of its first event, so that the usual receipt of one event is one trace from Meta's POST
 * to n8n's answer. Further events get their own traces, with links to and from the receipt.
 */
export function makeReceiveSpans(maker: SpanMaker, receiving: Receiving): void {
	const { receivedAt, committingMs, answeredMs } = receiving;
	const endedAt = receivedAt + answeredMs;
	const events = receiving.kind === 'stored' ? receiving.appended.stored : [];
	const receive = startReceiveSpan(maker, receiving, events[0]);
	receive.setAttributes(receiveAttributes(receiving));
	if (committingMs !== null) {
		const within = trace.setSpan(ROOT_CONTEXT, receive);
		const time = { startedAt: receivedAt + committingMs, endedAt };
		makeCommitSpan(maker, { receiving, within, ...time });
		events.forEach((event, index) => void makeEventSpan(maker, { event, receive, isFirst: index === 0, ...time }));
	}
	// The relay's failure: Meta sends again. A refused signature is the sender's.
	if (receiving.kind === 'not-stored') receive.setStatus({ code: SpanStatusCode.ERROR });
	receive.end(endedAt);
}

function startReceiveSpan(
	{ tracer, ids }: SpanMaker,
	{ receivedAt, traceparent }: Receiving,
	first: TracedEvent | undefined,
): Span {
	const before = readTraceparent(traceparent);
	const options = {
		kind: SpanKind.SERVER,
		startTime: receivedAt,
		attributes: { 'http.request.method': 'POST', 'http.route': '/webhooks/instagram' },
		// Linked, not continued: anyone can send this header, and the trace is the event's.
		links: before === null ? [] : [{ context: { ...before, traceFlags: before.sampled ? 1 : 0, isRemote: true } }],
	};
	const given = first === undefined ? {} : { traceId: eventTrace(first.eventId).traceId };
	return ids.use(given, () => tracer.startSpan('POST /webhooks/instagram', options, ROOT_CONTEXT));
}

function receiveAttributes(receiving: Receiving): Record<string, string | number> {
	switch (receiving.kind) {
		case 'stored': {
			const { stored, duplicates, changed } = receiving.appended;
			return {
				'http.response.status_code': 200,
				'relay.outcome': stored.length > 0 ? 'stored' : 'duplicate',
				'relay.events.stored': stored.length,
				'relay.events.duplicate': duplicates,
				'relay.events.changed': changed,
			};
		}
		case 'refused':
			return { 'http.response.status_code': 401, 'relay.outcome': 'refused', 'relay.reason': receiving.reason };
		case 'not-stored': {
			const reason = storeReason(receiving.error);
			return {
				'http.response.status_code': 503,
				'relay.outcome': 'not_stored',
				'relay.reason': reason,
				'error.type': reason,
			};
		}
		default:
			return receiving satisfies never;
	}
}

function makeCommitSpan(
	{ tracer }: SpanMaker,
	commit: { receiving: Receiving; within: Context; startedAt: number; endedAt: number },
): void {
	const { receiving, within, startedAt, endedAt } = commit;
	const span = tracer.startSpan('store.append', { startTime: startedAt }, within);
	if (receiving.kind === 'stored') span.setAttribute('relay.commit.duration_ms', receiving.appended.commitMs);
	if (receiving.kind === 'not-stored') {
		span.setAttribute('error.type', storeReason(receiving.error)).setStatus({ code: SpanStatusCode.ERROR });
	}
	span.end(endedAt);
}

/** The span that every attempt of the event is a child of, wherever and whenever it is made. */
function makeEventSpan(
	{ tracer, ids }: SpanMaker,
	from: { event: TracedEvent; receive: Span; isFirst: boolean; startedAt: number; endedAt: number },
): void {
	const { event, receive, isFirst, startedAt, endedAt } = from;
	const options = {
		kind: SpanKind.PRODUCER,
		startTime: startedAt,
		attributes: { 'relay.event.id': event.eventId, 'relay.field': event.field, 'relay.account.id': event.accountId },
		links: isFirst ? [] : [{ context: receive.spanContext() }],
	};
	const within = isFirst ? trace.setSpan(ROOT_CONTEXT, receive) : ROOT_CONTEXT;
	const span = ids.use(eventTrace(event.eventId), () => tracer.startSpan('event', options, within));
	if (!isFirst && span.isRecording()) receive.addLink({ context: span.spanContext() });
	span.end(endedAt);
}

/** The kind of a store error, which is a code; nothing of another error's text. */
function storeReason(error: unknown): string {
	return error instanceof Error && error.name === 'StoreError' && 'kind' in error ? String(error.kind) : 'unknown';
}
