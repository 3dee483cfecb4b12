import { noTracing } from './no-tracing.ts';
import type { TraceSettings } from './trace-settings.ts';
import type { Tracing, TracingOptions } from './tracing.ts';

/**
 * The tracing that the environment asks for. OpenTelemetry is loaded only where it is wanted: it takes 0.1 s and 27 MB.
 *
 * @param settings null: none
 */
export async function openTracing(settings: TraceSettings | null, options: TracingOptions): Promise<Tracing> {
	if (settings === null) return noTracing;
	const { startOtlpTracing } = await import('./otlp/otlp-tracing.ts');
	return startOtlpTracing(settings, options);
}
