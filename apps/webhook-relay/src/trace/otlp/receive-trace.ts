import {
	type Context,
	ROOT_CONTEXT,
	type Span,
	SpanKind,
	SpanStatusCode,
	type Tracer,
	trace,
} from '@opentelemetry/api';
import type { StoredEvent } from '../../relay/event-store.ts';
import { StoreError } from '../../relay/store-error.ts';
import { eventTrace } from '../event-trace.ts';
import { readTraceparent } from '../traceparent.ts';
import type { ReceiveOutcome, ReceiveTrace } from '../tracing.ts';
import type { GivenIds } from './given-ids.ts';

export type SpanMaker = { readonly tracer: Tracer; readonly ids: GivenIds };

/**
 * The spans of one POST, made once it is answered: which trace they belong to is known only when its events have ids.
 *
 * A receipt belongs to the trace of its first event, so that the usual receipt of one event is one trace from Meta's POST
 * to n8n's answer. Further events have traces of their own, linked with the receipt both ways.
 */
export function startReceiveTrace(maker: SpanMaker, traceparent: string | undefined): ReceiveTrace {
	const now = steadyTime();
	const startedAt = now();
	let committingAt: number | null = null;

	return {
		committing() {
			committingAt = now();
		},
		end(outcome) {
			const endedAt = now();
			const events = outcome.kind === 'committed' ? outcome.appended.stored : [];
			const receive = startReceiveSpan(maker, { startedAt, traceparent, first: events[0] });
			receive.setAttributes(receiveAttributes(outcome));
			if (committingAt !== null) {
				const within = trace.setSpan(ROOT_CONTEXT, receive);
				const time = { startedAt: committingAt, endedAt };
				makeCommitSpan(maker, { outcome, within, ...time });
				events.forEach((event, index) => void makeEventSpan(maker, { event, receive, isFirst: index === 0, ...time }));
			}
			// Meta is told to send again: that is the relay's failure. A refused signature is the sender's.
			if (outcome.kind === 'not-stored') receive.setStatus({ code: SpanStatusCode.ERROR });
			receive.end(endedAt);
		},
	};
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

function receiveAttributes(outcome: ReceiveOutcome): Record<string, string | number> {
	switch (outcome.kind) {
		case 'committed': {
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
	commit: { outcome: ReceiveOutcome; within: Context; startedAt: number; endedAt: number },
): void {
	const { outcome, within, startedAt, endedAt } = commit;
	const span = tracer.startSpan('store.append', { startTime: startedAt }, within);
	if (outcome.kind === 'committed') span.setAttribute('relay.commit.duration_ms', outcome.appended.commitMs);
	if (outcome.kind === 'not-stored') {
		span.setAttribute('error.type', storeReason(outcome.error)).setStatus({ code: SpanStatusCode.ERROR });
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

/** Milliseconds since 1970 with fractions, that go on evenly when the machine's clock is set. */
function steadyTime(): () => number {
	const [wall, steady] = [Date.now(), performance.now()];
	return () => wall + performance.now() - steady;
}
