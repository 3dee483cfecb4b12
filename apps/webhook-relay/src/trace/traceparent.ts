/** The part of a span that travels between programs. */
export type TraceContext = {
	/** 32 hex digits, not all 0 */
	readonly traceId: string;
	/** 16 hex digits, not all 0 */
	readonly spanId: string;
	readonly sampled: boolean;
};

const TRACEPARENT =
	/^(?<version>(?!ff)[0-9a-f]{2})-(?<traceId>(?!0{32})[0-9a-f]{32})-(?<spanId>(?!0{16})[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<more>-.*)?$/;

/** The `traceparent` header, version 00 (https://www.w3.org/TR/trace-context/#traceparent-header, read 2026-11-26). */
export function writeTraceparent({ traceId, spanId, sampled }: TraceContext): string {
	return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/**
 * Read a `traceparent` header. Later versions may have more at their end.
 *
 * @returns null when there is none, or none that is valid
 */
export function readTraceparent(header: string | undefined): TraceContext | null {
	const { version, traceId, spanId, flags, more } = TRACEPARENT.exec(header ?? '')?.groups ?? {};
	if (traceId === undefined || spanId === undefined || flags === undefined) return null;
	if (version === '00' && more !== undefined) return null;
	return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
