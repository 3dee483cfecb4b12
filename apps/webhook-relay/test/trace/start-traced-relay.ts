import { startTestRelay } from '../start-test-relay.ts';

/** A whole relay that sends its traces to this collector, soon. */
export function startTracedRelay(
	collector: { readonly url: string },
	{ environment = {}, ...rest }: NonNullable<Parameters<typeof startTestRelay>[0]> = {},
) {
	return startTestRelay({
		...rest,
		environment: {
			RELAY_TRACES: 'otlp',
			OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
			OTEL_BSP_SCHEDULE_DELAY: '20',
			...environment,
		},
	});
}
