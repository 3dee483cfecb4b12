import type { ServerResponse } from 'node:http';
import { serveOnLoopback } from '../serve-on-loopback.ts';
import { startTestRelay } from '../start-test-relay.ts';

/** What a collector was sent of one span, with OTLP's own numbers for kind and status. */
export type CollectedSpan = {
	readonly name: string;
	readonly traceId: string;
	readonly spanId: string;
	readonly parentSpanId: string | null;
	/** 1 internal, 2 server, 3 client, 4 producer */
	readonly kind: number;
	readonly startMs: number;
	readonly endMs: number;
	/** 0 unset, 2 error */
	readonly status: number;
	readonly attributes: Readonly<Record<string, unknown>>;
	readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
	readonly resource: Readonly<Record<string, unknown>>;
};

type Attribute = { key: string; value: Record<string, unknown> };
type OtlpSpan = {
	name: string;
	traceId: string;
	spanId: string;
	parentSpanId?: string;
	kind: number;
	startTimeUnixNano: string;
	endTimeUnixNano: string;
	status: { code: number };
	attributes: Attribute[];
	links: { traceId: string; spanId: string }[];
};
type OtlpBody = {
	resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: OtlpSpan[] }[] }[];
};

/** The smallest OTLP/HTTP collector: takes JSON at /v1/traces, and remembers it. Ends with the test. */
export async function startCollector(
	answer: (response: ServerResponse) => void = (response) => void response.end('{}'),
) {
	const bodies: string[] = [];
	const headers: Record<string, unknown>[] = [];
	const server = await serveOnLoopback(async (request, response) => {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk);
		if (request.url !== '/v1/traces') return void response.writeHead(404).end();
		headers.push(request.headers);
		bodies.push(Buffer.concat(chunks).toString());
		answer(response.setHeader('content-type', 'application/json'));
	});
	return {
		...server,
		/** as they came */
		bodies,
		headers,
		spans: (): readonly CollectedSpan[] => bodies.flatMap((body) => readSpans(JSON.parse(body))),
	};
}

function readSpans({ resourceSpans }: OtlpBody): CollectedSpan[] {
	return resourceSpans.flatMap(({ resource, scopeSpans }) =>
		scopeSpans.flatMap(({ spans }) =>
			spans.map(({ parentSpanId = null, startTimeUnixNano, endTimeUnixNano, status, attributes, links, ...span }) => ({
				...span,
				parentSpanId,
				startMs: Number(BigInt(startTimeUnixNano) / 1000n) / 1000,
				endMs: Number(BigInt(endTimeUnixNano) / 1000n) / 1000,
				status: status.code,
				attributes: readAttributes(attributes),
				links: links.map(({ traceId, spanId }) => ({ traceId, spanId })),
				resource: readAttributes(resource.attributes),
			})),
		),
	);
}

function readAttributes(attributes: readonly Attribute[]): Record<string, unknown> {
	return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

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
