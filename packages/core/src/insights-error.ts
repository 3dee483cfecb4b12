/** Every kind of failure. Test `kind`, never `instanceof`, because bundles contain copies of the class. */
export const INSIGHTS_ERROR_KINDS = [
	'invalid-query',
	'auth',
	'wrong-host',
	'permission',
	'rate-limit',
	'transient',
	'not-found',
	'unsupported-metric',
	'unknown-metric',
	'window',
	'too-few-viewers',
	'too-few-followers',
	'before-conversion',
	'blocked',
	'unsupported-field',
	'too-much-data',
	'answer-unreadable',
	'network',
	'cancelled',
	'unknown',
] as const;
/** What an error is about. Decide by this, never by the message. */
export type InsightsErrorKind = (typeof INSIGHTS_ERROR_KINDS)[number];

/** One thing wrong with a query, found before any call. */
export type QueryProblem = {
	/** Member of the query, such as `metrics`, `since`, `breakdown`. */
	readonly field: string;
	/** The offending value, where one can be named. */
	readonly value?: string;
	/** A fixed word a program can act on, such as `retired-metric`. */
	readonly reason: string;
	/** One sentence for people. */
	readonly message: string;
	/** What to write instead, when there is a good guess. */
	readonly suggestion?: string;
};

/** What Graph answered, for a closer look. Its texts contain no token and no query string. */
export type GraphErrorDetails = {
	/** Meta's `error.code`; the HTTP status where the body had none. */
	readonly code: number;
	readonly subcode?: number;
	readonly message: string;
	readonly userTitle?: string;
	readonly userMessage?: string;
	/** Meta's `fbtrace_id`, which its support asks for. */
	readonly traceId?: string;
	readonly type?: string;
	/** HTTP status. */
	readonly status: number;
	/** Id of the row of `GRAPH_ERROR_CODES` or `GRAPH_STATUS_FALLBACKS` that decided the kind. */
	readonly rule?: string;
};

/** What an error has besides its kind and message. */
export type InsightsErrorOptions = {
	/** What to do, in one or two sentences. */
	readonly advice: string;
	readonly problems?: readonly QueryProblem[];
	readonly graph?: GraphErrorDetails;
	/** Milliseconds after which trying again makes sense. */
	readonly retryAfterMs?: number;
	readonly cause?: unknown;
};

const BRAND = 'instagram-insights/error';

/** The only error this library throws. `message` says what failed, `advice` says what to do. */
export class InsightsError extends Error {
	override readonly name = 'InsightsError';
	/** Identifies errors from every copy of this library in a process. */
	readonly brand = BRAND;
	readonly kind: InsightsErrorKind;
	readonly advice: string;
	/** All problems of an `invalid-query` found before the call. */
	declare readonly problems?: readonly QueryProblem[];
	declare readonly graph?: GraphErrorDetails;
	declare readonly retryAfterMs?: number;

	constructor(kind: InsightsErrorKind, message: string, options: InsightsErrorOptions) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause });
		this.kind = kind;
		this.advice = options.advice;
		if (options.problems) this.problems = options.problems;
		if (options.graph) this.graph = options.graph;
		if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
	}
}

/** Whether a caught value is an {@link InsightsError}, from any copy of this library. */
export function isInsightsError(error: unknown): error is InsightsError {
	return error instanceof Error && 'brand' in error && error.brand === BRAND;
}
