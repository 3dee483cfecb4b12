import type { Clock } from '@instagram-insights/core';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
	BatchSpanProcessor,
	SamplingDecision,
	TraceIdRatioBasedSampler,
	TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import type { Observer } from '../../relay/observe.ts';
import { eventTrace } from '../event-trace.ts';
import type { TraceSettings } from '../trace-settings.ts';
import { makeAttemptSpan, traceparentOf } from './attempt-trace.ts';
import { givenIds } from './given-ids.ts';
import { makeReceiveSpans } from './receive-trace.ts';
import { reportFailures } from './report-failures.ts';

export type TracingOptions = {
	readonly clock: Clock;
	readonly log: Logger;
	/** tells replicas apart: `service.instance.id` */
	readonly instance: string;
};

export type Tracing = Observer & {
	/** Export what is kept, for at most `patienceMs`; what is left then is lost. */
	stop(patienceMs: number): Promise<void>;
};

/** Spans in one export. */
const MAX_BATCH = 512;
/** A receipt links to each event in it; Meta sends up to 1,000. */
const MAX_LINKS = 1000;
/** How much longer the queue waits for an export than the export takes at most. */
const EXPORT_MARGIN_MS = 1000;

/**
 * Traces to an OpenTelemetry collector, by OTLP over HTTP with JSON.
 *
 * Nothing is registered globally. Spans wait in a queue of bounded length and go out in batches; while the collector is
 * down they are dropped, and receiving and delivering do not notice.
 */
export function startOtlpTracing(settings: TraceSettings, { clock, log, instance }: TracingOptions): Tracing {
	const ids = givenIds();
	const exporter = new OTLPTraceExporter({
		url: settings.url,
		headers: settings.headers,
		timeoutMillis: settings.timeoutMs,
		// All of the queue at once when the relay stops, and one that may still be under way.
		concurrencyLimit: Math.ceil(settings.maxQueued / MAX_BATCH) + 1,
	});
	// By trace id alone, whatever the parent is: all spans of an event are kept or none, on every replica.
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
	const tracer = provider.getTracer('instagram-webhook-relay');

	return {
		see(happening) {
			switch (happening.kind) {
				case 'refused':
				case 'stored':
				case 'not-stored':
					return makeReceiveSpans({ tracer, ids }, happening);
				case 'attempted':
				case 'cut-off':
					return makeAttemptSpan({ tracer, ids }, happening);
			}
		},
		headersFor(delivery) {
			const { traceId } = eventTrace(delivery.eventId);
			const { decision } = sampler.shouldSample(ROOT_CONTEXT, traceId);
			return { traceparent: traceparentOf(delivery, decision === SamplingDecision.RECORD_AND_SAMPLED) };
		},
		async stop(patienceMs) {
			const patience = new AbortController();
			// A failed export is told by its own line.
			const exported = provider.shutdown().then(
				() => true,
				() => true,
			);
			const late = clock.sleep(patienceMs, patience.signal).then(
				() => false,
				() => true,
			);
			if (!(await Promise.race([exported, late]))) log.warn('last traces not exported in time');
			patience.abort();
		},
	};
}
