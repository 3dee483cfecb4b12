import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import type { TraceSettings } from '../trace-settings.ts';
import type { Tracing, TracingOptions } from '../tracing.ts';
import { startAttemptTrace } from './attempt-trace.ts';
import { givenIds } from './given-ids.ts';
import { startReceiveTrace } from './receive-trace.ts';
import { reportFailures } from './report-failures.ts';

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
	const provider = new TracerProvider({
		resource: defaultResource().merge(
			resourceFromAttributes({ 'service.instance.id': instance, ...settings.resource }),
		),
		// By trace id alone, whoever the parent is: all spans of an event are kept or none, on every replica.
		sampler: new TraceIdRatioBasedSampler(settings.share),
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
		receive: (traceparent) => startReceiveTrace({ tracer, ids }, traceparent),
		attempt: (delivery) => startAttemptTrace(tracer, delivery),
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
