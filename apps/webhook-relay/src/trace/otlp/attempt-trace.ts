import { hash } from 'node:crypto';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import type { Attempted, Happening } from '../../relay/observe.ts';
import type { ClaimedDelivery } from '../../relay/store.ts';
import { eventTrace } from '../event-trace.ts';
import { writeTraceparent } from '../traceparent.ts';
import type { SpanMaker } from './receive-trace.ts';

type CutOff = Extract<Happening, { kind: 'cut-off' }>;

/** The span of an attempt, from what names it: known before it is sent, and found again when it has ended. */
function attemptSpanId({ eventId, subscriberId, lease }: ClaimedDelivery): string {
	return hash('sha256', `${eventId} ${subscriberId} ${lease}`, 'hex').slice(0, 16);
}

/** Sent also when the trace is not kept: it tells the receiver not to keep it either. */
export function traceparentOf(delivery: ClaimedDelivery, sampled: boolean): string {
	return writeTraceparent({ traceId: eventTrace(delivery.eventId).traceId, spanId: attemptSpanId(delivery), sampled });
}

/** One span per HTTP try, below the span of its event. */
export function makeAttemptSpan({ tracer, ids }: SpanMaker, ended: Attempted | CutOff): void {
	const { delivery, startedAt, durationMs } = ended;
	const event = { ...eventTrace(delivery.eventId), traceFlags: TraceFlags.SAMPLED, isRemote: true };
	const options = {
		kind: SpanKind.CLIENT,
		startTime: startedAt,
		attributes: {
			'http.request.method': 'POST',
			'relay.subscriber.id': delivery.subscriberId,
			'relay.event.id': delivery.eventId,
			'relay.field': delivery.field,
			'relay.account.id': delivery.accountId,
			'relay.attempt': delivery.attempts + 1,
			...outcomeAttributes(ended),
		},
	};
	const within = trace.setSpanContext(ROOT_CONTEXT, event);
	const name = `deliver ${delivery.subscriberId}`;
	const span = ids.use({ spanId: attemptSpanId(delivery) }, () => tracer.startSpan(name, options, within));
	const failure = ended.kind === 'cut-off' ? 'relay-stopped' : ended.verdict.reason;
	const delivered = ended.kind === 'attempted' && ended.verdict.kind === 'delivered';
	if (!delivered) span.setAttribute('error.type', failure).setStatus({ code: SpanStatusCode.ERROR });
	span.end(startedAt + durationMs);
}

function outcomeAttributes(ended: Attempted | CutOff): Record<string, string | number | boolean> {
	if (ended.kind === 'cut-off') return { 'relay.verdict': 'cut-off' };
	return {
		...(ended.status === null ? {} : { 'http.response.status_code': ended.status }),
		'relay.verdict': ended.verdict.kind,
		'relay.reason': ended.verdict.reason,
		'relay.dead': ended.dead,
		'relay.lag_ms': ended.lagMs,
	};
}
