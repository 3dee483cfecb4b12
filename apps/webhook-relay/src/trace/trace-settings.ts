import { z } from 'zod/v4';

/** Where traces go and which are kept. */
export type TraceSettings = z.infer<typeof otlpSchema>;

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });
const pairs = z.string().transform(readPairs);
const milliseconds = z.coerce.number().int().positive().max(600_000);

/** OpenTelemetry's standard names: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ */
const otlpSchema = z
	.object({
		OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.default('http://localhost:4318'),
		OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpUrl.optional(),
		OTEL_EXPORTER_OTLP_HEADERS: pairs.default({}),
		OTEL_EXPORTER_OTLP_TIMEOUT: milliseconds.default(10_000),
		OTEL_EXPORTER_OTLP_PROTOCOL: z
			.literal('http/json', { error: 'must be http/json, which collectors take on port 4318' })
			.optional(),
		OTEL_SERVICE_NAME: z.string().optional(),
		OTEL_RESOURCE_ATTRIBUTES: pairs.default({}),
		OTEL_TRACES_SAMPLER: z
			.enum([
				'always_on',
				'always_off',
				'traceidratio',
				'parentbased_always_on',
				'parentbased_always_off',
				'parentbased_traceidratio',
			])
			.default('traceidratio'),
		OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
		OTEL_BSP_SCHEDULE_DELAY: milliseconds.default(5000),
		OTEL_BSP_MAX_QUEUE_SIZE: z.coerce.number().int().positive().max(100_000).default(2048),
	})
	.transform((environment) => ({
		url:
			environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ??
			`${environment.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, '')}/v1/traces`,
		/** may hold the collector's secret: never log them */
		headers: environment.OTEL_EXPORTER_OTLP_HEADERS,
		/** longest time for one export, its retries included */
		timeoutMs: environment.OTEL_EXPORTER_OTLP_TIMEOUT,
		/** attributes of whoever sends the traces */
		resource: resourceOf(environment.OTEL_SERVICE_NAME, environment.OTEL_RESOURCE_ATTRIBUTES),
		/** 0 to 1: which share of the traces is kept, chosen by trace id, so that all replicas choose alike */
		share: shareOf(environment.OTEL_TRACES_SAMPLER, environment.OTEL_TRACES_SAMPLER_ARG),
		/** how often what is kept is exported */
		exportEveryMs: environment.OTEL_BSP_SCHEDULE_DELAY,
		/** spans kept until they are exported; more are dropped */
		maxQueued: environment.OTEL_BSP_MAX_QUEUE_SIZE,
	}));

/**
 * The environment's part on traces, as `traces`; null: off. The `OTEL_…` variables are looked at only when RELAY_TRACES
 * is `otlp`: they may stand there for other programs, in forms that are none of ours.
 */
export const traceEnvironmentSchema = z
	.record(z.string(), z.string())
	.transform((environment, context): { traces: TraceSettings | null } => {
		if (environment.RELAY_TRACES !== 'otlp' || environment.OTEL_SDK_DISABLED === 'true') return { traces: null };
		const reading = otlpSchema.safeParse(environment);
		if (reading.success) return { traces: reading.data };
		for (const { path, message } of reading.error.issues) context.addIssue({ code: 'custom', path, message });
		return z.NEVER;
	});

/** `name=value,name=value`, values percent-encoded: the form of OTLP headers and resource attributes. */
function readPairs(text: string, context: z.RefinementCtx): Readonly<Record<string, string>> {
	const read = text
		.split(',')
		.filter((pair) => pair.trim() !== '')
		.map((pair) => {
			const { name, value } = /^\s*(?<name>[^=\s]+)\s*=\s*(?<value>.*?)\s*$/.exec(pair)?.groups ?? {};
			return [name, decoded(value)] as const;
		});
	const whole = read.filter((pair): pair is [string, string] => pair[0] !== undefined && pair[1] !== null);
	if (whole.length < read.length) {
		context.addIssue({
			code: 'custom',
			message: 'must be name=value pairs with commas between, values percent-encoded',
		});
	}
	return Object.fromEntries(whole);
}

function decoded(text: string | undefined): string | null {
	try {
		return text === undefined ? null : decodeURIComponent(text);
	} catch {
		return null;
	}
}

/** The variable made for the name wins over the list. */
function resourceOf(
	serviceName: string | undefined,
	attributes: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
	const named = serviceName === undefined ? {} : { 'service.name': serviceName };
	return { 'service.name': 'instagram-webhook-relay', ...attributes, ...named };
}

/** The argument counts with the samplers that go by ratio; the others keep all or nothing. */
function shareOf(sampler: string, argument: number): number {
	if (sampler.endsWith('always_on')) return 1;
	return sampler.endsWith('always_off') ? 0 : argument;
}
