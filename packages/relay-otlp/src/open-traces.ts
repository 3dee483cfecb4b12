import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
	BatchSpanProcessor,
	SamplingDecision,
	type SpanExporter,
	TraceIdRatioBasedSampler,
	TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Attempting, Happening, TracedDelivery } from './happening.ts';
import { makeReceiveSpans, type SpanMaker } from './receive-spans.ts';
import { attemptSpanId, eventTrace, givenIds, writeTraceparent } from './trace-ids.ts';
import type { TraceSettings } from './trace-settings.ts';

/** An observer of the relay that makes spans. It never throws or waits, and has no effect on events. */
export type Traces = {
	see(happening: Happening): void;
	/** W3C `traceparent` of an attempt, so that the receiver continues the trace. */
	headersFor(delivery: TracedDelivery): { traceparent: string };
	/** Export the remaining spans for at most `patienceMs`; the rest is lost. */
	stop(patienceMs: number): Promise<void>;
};

export type TracesOptions = {
	readonly clock: { now(): Date; sleep(ms: number, signal?: AbortSignal): Promise<void> };
	readonly log: { warn(fields: object, message: string): void };
	/** distinguishes replicas: `service.instance.id` */
	readonly instance: string;
};

/** Spans in one export. */
const MAX_BATCH = 512;
/** A receipt links to each event in it; Meta sends up to 1,000. */
const MAX_LINKS = 1000;
/** How much longer the queue waits for an export than the export's own timeout. */
const EXPORT_MARGIN_MS = 1000;

/**
 * Send traces to an OpenTelemetry collector by OTLP over HTTP with JSON: a receipt from Meta, the commit, each event, each
 * attempt. Spans contain ids, codes, counts and times, and no payload, header, URL or secret.
 *
 * Nothing is registered globally. Spans wait in a queue of limited length and are sent in batches. While the collector is
 * down they are dropped, without effect on receiving and delivering.
 */
export function openTraces(settings: TraceSettings, { clock, log, instance }: TracesOptions): Traces {
	const ids = givenIds();
	const exporter = new OTLPTraceExporter({
		url: settings.url,
		headers: settings.headers,
		timeoutMillis: settings.timeoutMs,
		// When the relay stops: the whole queue at once, and one export that may still run.
		concurrencyLimit: Math.ceil(settings.maxQueued / MAX_BATCH) + 1,
	});
	// By trace id alone, so that every replica keeps all spans of an event or none.
	const sampler = new TraceIdRatioBasedSampler(settings.share);
	const provider = new TracerProvider({
		resource: defaultResource().merge(
			resourceFromAttributes({ 'service.instance.id': instance, ...settings.resource }),
		),
		sampler,
		idGenerator: ids,
		spanLimits: { linkCountLimit: MAX_LINKS },
		spanProcessors: [
			new BatchSpanProcessor({
				exporter: reportFailures(exporter, log, () => clock.now().getTime()),
				maxQueueSize: settings.maxQueued,
				maxExportBatchSize: Math.min(MAX_BATCH, settings.maxQueued),
				scheduledDelayMillis: settings.exportEveryMs,
				exportTimeoutMillis: settings.timeoutMs + EXPORT_MARGIN_MS,
			}),
		],
	});
	const maker = { tracer: provider.getTracer('instagram-webhook-relay'), ids };

	return {
		see(happening) {
			switch (happening.kind) {
				case 'stored':
				case 'refused':
				case 'not-stored':
					makeReceiveSpans(maker, happening);
					break;
				case 'attempted':
				case 'cut-off':
					makeAttemptSpan(maker, happening);
					break;
			}
		},
		headersFor(delivery) {
			const { traceId } = eventTrace(delivery.eventId);
			const { decision } = sampler.shouldSample(ROOT_CONTEXT, traceId);
			// Also sent when the trace is not kept, so that the receiver does not keep it either.
			const sampled = decision === SamplingDecision.RECORD_AND_SAMPLED;
			return { traceparent: writeTraceparent({ traceId, spanId: attemptSpanId(delivery), sampled }) };
		},
		async stop(patienceMs) {
			const patience = new AbortController();
			// A failed export is logged elsewhere.
			const exported = provider.shutdown().then(
				() => true,
				() => true,
			);
			const late = clock.sleep(patienceMs, patience.signal).then(
				() => false,
				() => true,
			);
			if (!(await Promise.race([exported, late]))) log.warn({ patienceMs }, 'last traces not exported in time');
			patience.abort();
		},
	};
}

/** One span per attempt, below the span of its event. Made when the attempt is over, with the id that was sent along. */
function makeAttemptSpan({ tracer, ids }: SpanMaker, attempting: Attempting): void {
	const { delivery, startedAt, durationMs } = attempting;
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
		},
	};
	const within = trace.setSpanContext(ROOT_CONTEXT, event);
	const name = `deliver ${delivery.subscriberId}`;
	const span = ids.use({ spanId: attemptSpanId(delivery) }, () => tracer.startSpan(name, options, within));
	let failure: string | null = 'relay-stopped';
	if (attempting.kind === 'attempted') {
		const { status, verdict, dead, lagMs } = attempting;
		failure = verdict.kind === 'delivered' ? null : verdict.reason;
		if (status !== null) span.setAttribute('http.response.status_code', status);
		span.setAttributes({
			'relay.verdict': verdict.kind,
			'relay.reason': verdict.reason,
			'relay.dead': dead,
			'relay.lag_ms': lagMs,
		});
	} else span.setAttribute('relay.verdict', 'cut-off');
	if (failure !== null) span.setAttribute('error.type', failure).setStatus({ code: SpanStatusCode.ERROR });
	span.end(startedAt + durationMs);
}

/** Shortest time between two lines about lost spans. */
const QUIET_MS = 60_000;

/**
 * Wrap an exporter so that lost spans are logged, at most once a minute, with count and code. The collector's answer is not
 * repeated.
 *
 * @param now ms since 1970
 */
export function reportFailures(exporter: SpanExporter, log: TracesOptions['log'], now: () => number): SpanExporter {
	let [lost, saidAt] = [0, Number.NEGATIVE_INFINITY];

	function failed(spans: number, error: Error | undefined): void {
		lost += spans;
		if (now() - saidAt < QUIET_MS) return;
		log.warn(
			{ spans: lost, reason: reasonOf(error) },
			'traces not exported, spans lost: check that the collector answers',
		);
		[lost, saidAt] = [0, now()];
	}

	return {
		export(spans, done) {
			exporter.export(spans, (result) => {
				// The SDK's own codes are 0 for success and 1 for failure.
				if (result.code !== 0) failed(spans.length, result.error);
				done(result);
			});
		},
		shutdown: () => exporter.shutdown(),
	};
}

/** A status or system code where there is one: with it the message may be the collector's own words. */
function reasonOf(error: Error | undefined): string {
	if (error === undefined) return 'unknown';
	return 'code' in error && error.code !== undefined ? String(error.code) : error.message;
}
