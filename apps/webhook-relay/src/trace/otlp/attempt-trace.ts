import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, type Tracer, trace } from '@opentelemetry/api';
import { eventTrace } from '../event-trace.ts';
import { writeTraceparent } from '../traceparent.ts';
import type { AttemptTrace, TracedDelivery } from '../tracing.ts';

/** One span an HTTP try, below the span of its event. */
export function startAttemptTrace(tracer: Tracer, delivery: TracedDelivery): AttemptTrace {
	const event = { ...eventTrace(delivery.eventId), traceFlags: TraceFlags.SAMPLED, isRemote: true };
	const options = {
		kind: SpanKind.CLIENT,
		attributes: {
			'http.request.method': 'POST',
			'relay.subscriber.id': delivery.subscriberId,
			'relay.event.id': delivery.eventId,
			'relay.field': delivery.field,
			'relay.account.id': delivery.accountId,
			'relay.attempt': delivery.attempts + 1,
		},
	};
	const within = trace.setSpanContext(ROOT_CONTEXT, event);
	const span = tracer.startSpan(`deliver ${delivery.subscriberId}`, options, within);

	function end(attributes: Record<string, string | number | boolean>, failure: string | null): void {
		span.setAttributes(attributes);
		if (failure !== null) span.setAttribute('error.type', failure).setStatus({ code: SpanStatusCode.ERROR });
		span.end();
	}

	return {
		carry(request) {
			const { traceId, spanId, traceFlags } = span.spanContext();
			// Sent also when the trace is not kept: it tells the receiver not to keep it either.
			const traceparent = writeTraceparent({ traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 });
			return { ...request, headers: { ...request.headers, traceparent } };
		},
		end({ status, verdict, dead, lagMs }) {
			end(
				{
					...(status === null ? {} : { 'http.response.status_code': status }),
					'relay.verdict': verdict.kind,
					'relay.reason': verdict.reason,
					'relay.dead': dead,
					'relay.lag_ms': lagMs,
				},
				verdict.kind === 'delivered' ? null : verdict.reason,
			);
		},
		cutOff: () => end({ 'relay.verdict': 'cut-off' }, 'relay-stopped'),
	};
}
