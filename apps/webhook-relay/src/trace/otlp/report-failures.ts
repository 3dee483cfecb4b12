import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';

/** Say it no more often than this. */
const QUIET_MS = 60_000;

/**
 * The same exporter, telling the log when spans were lost: at most once a minute, by count and code. What the collector
 * answered is not repeated.
 *
 * @param now ms since 1970
 */
export function reportFailures(exporter: SpanExporter, log: Logger, now: () => number): SpanExporter {
	let [lost, saidAt] = [0, Number.NEGATIVE_INFINITY];

	function failed(spans: number, error: Error | undefined): void {
		lost += spans;
		if (now() - saidAt < QUIET_MS) return;
		log.warn({ spans: lost, reason: reasonOf(error) }, 'traces not exported, spans lost: does the collector answer?');
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
