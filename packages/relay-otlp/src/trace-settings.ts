import { readFileSync } from 'node:fs';
import { z } from 'zod/v4';

/** Where traces go and which are kept. */
export type TraceSettings = z.infer<typeof otlpSchema>;

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });
const pairs = z.string().transform(readPairs);
const milliseconds = wholeNumber('milliseconds', 600_000);

const RATIO = { error: 'must be a number from 0 to 1' };
const SAMPLERS = [
	...(['always_on', 'always_off', 'traceidratio'] as const),
	...(['parentbased_always_on', 'parentbased_always_off', 'parentbased_traceidratio'] as const),
];

function wholeNumber(unit: string, most: number) {
	const error = `must be a whole number of ${unit} from 1 to ${most}`;
	return z.coerce.number({ error }).int({ error }).min(1, { error }).max(most, { error });
}

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
		OTEL_TRACES_SAMPLER: z.enum(SAMPLERS, { error: `must be one of ${SAMPLERS.join(', ')}` }).default('traceidratio'),
		OTEL_TRACES_SAMPLER_ARG: z.coerce.number(RATIO).min(0, RATIO).max(1, RATIO).default(1),
		OTEL_BSP_SCHEDULE_DELAY: milliseconds.default(5000),
		OTEL_BSP_MAX_QUEUE_SIZE: wholeNumber('spans', 100_000).default(2048),
	})
	.transform((environment) => ({
		url:
			environment.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ??
			`${environment.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, '')}/v1/traces`,
		/** may hold the collector's secret: never log them */
		headers: environment.OTEL_EXPORTER_OTLP_HEADERS,
		/** longest time for one export, its retries included */
		timeoutMs: environment.OTEL_EXPORTER_OTLP_TIMEOUT,
		/** attributes of this relay */
		resource: resourceOf(environment.OTEL_SERVICE_NAME, environment.OTEL_RESOURCE_ATTRIBUTES),
		/** 0 to 1: which share of the traces is kept, chosen by trace id, so that all replicas choose alike */
		share: shareOf(environment.OTEL_TRACES_SAMPLER, environment.OTEL_TRACES_SAMPLER_ARG),
		/** how often what is kept is exported */
		exportEveryMs: environment.OTEL_BSP_SCHEDULE_DELAY,
		/** spans kept until they are exported; more are dropped */
		maxQueued: environment.OTEL_BSP_MAX_QUEUE_SIZE,
	}));

/**
 * Read OpenTelemetry's own variables. Their headers may come from a file: `OTEL_EXPORTER_OTLP_HEADERS_FILE`. A variable
 * that is set and empty counts as not set.
 *
 * @returns the settings, null where `OTEL_SDK_DISABLED=true`; or every problem, without values
 */
export function readTraceSettings(
	environment: Readonly<Record<string, string | undefined>>,
): { ok: true; settings: TraceSettings | null } | { ok: false; problems: readonly string[] } {
	if (environment.OTEL_SDK_DISABLED === 'true') return { ok: true, settings: null };
	const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
	const path = given.OTEL_EXPORTER_OTLP_HEADERS_FILE;
	if (path !== undefined && given.OTEL_EXPORTER_OTLP_HEADERS === undefined) {
		try {
			given.OTEL_EXPORTER_OTLP_HEADERS = readFileSync(path, 'utf8').trim();
		} catch {
			return { ok: false, problems: ['OTEL_EXPORTER_OTLP_HEADERS_FILE: cannot be read'] };
		}
	}
	const reading = otlpSchema.safeParse(given);
	if (reading.success) return { ok: true, settings: reading.data };
	return {
		ok: false,
		problems: reading.error.issues.map(({ path: [name], message }) => `${String(name)}: ${message}`),
	};
}

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
