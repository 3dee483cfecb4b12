import { z } from 'zod/v4';
import { GRAPH_ERROR_CODES, GRAPH_STATUS_FALLBACKS, type GraphErrorRow } from '../catalog/graph-error-code.ts';
import { type GraphErrorDetails, InsightsError, type InsightsErrorKind } from '../insights-error.ts';
import { redact, redactCause } from '../redact.ts';
import type { GraphResponse } from './graph-request.ts';
import { excerpt, parseJson } from './parse-json.ts';
import { LONGEST_WAIT_MS, readUsage } from './usage-header.ts';

/** What an error message needs to know about the request. */
export type ClassifyContext = {
	/** What was asked, to begin the message with: `insights of media 1789…`. */
	readonly what?: string;
	/** Values that must not appear in the error, whatever they look like. */
	readonly secrets?: readonly string[];
	/** Now, for a date in `retry-after` if the answer has no date of its own. */
	readonly now?: Date;
};

type Verdict = { readonly kind: InsightsErrorKind; readonly advice: string; readonly rule?: string };

/**
 * Turn a refusal into an error. Code, subcode and text decide, never `error.type` (S26, S28); the HTTP status decides only
 * if the body says nothing. A body that is not from Meta (the page of a proxy, a firewall or a login) says nothing about
 * token and permissions, whatever its status.
 */
export function classifyError(response: GraphResponse, context: ClassifyContext = {}): InsightsError {
	const secrets = context.secrets ?? [];
	const refusal = readRefusal(response);
	const { kind, advice, rule } = judge(refusal);
	const clean = (value: string) => redact(value, secrets);
	const retryAfterMs = retryAfter(kind, response.headers, context.now);
	return new InsightsError(kind, clean(`${context.what ?? 'Graph'}: ${sentence(refusal)}`), {
		advice,
		graph: { ...cleanDetails(refusal.details, clean), ...(rule === undefined ? {} : { rule }) },
		cause: redactCause(refusal.body, secrets),
		...(retryAfterMs === undefined ? {} : { retryAfterMs }),
	});
}

/** The first row of the table that matches code, subcode and text. */
export function findErrorRow(
	{ code, subcode }: { readonly code: number; readonly subcode?: number },
	texts: string,
): GraphErrorRow | undefined {
	return GRAPH_ERROR_CODES.find(
		(row) =>
			(row.code === null || (code >= row.code && code <= (row.codeTo ?? row.code))) &&
			// 2874010 was reported without saying whether it is the code or the subcode.
			(row.subcode === null || row.subcode === subcode || (row.code === null && row.subcode === code)) &&
			(row.text === null || row.text.test(texts)),
	);
}

function judge({ details, hasCode, transient, login, isGraph }: Refusal): Verdict {
	if (!isGraph) return byOtherSender(details.status);
	if (login && details.status < 500) {
		return { kind: 'auth', advice: 'Sign in again: a sign-in code works only once and for one hour.', rule: 'login' };
	}
	// An HTTP status is not a Graph code: as a code, 200 would mean a missing permission.
	const coded = hasCode ? details : { ...details, code: Number.NaN };
	const row = findErrorRow(coded, [details.message, details.userTitle, details.userMessage].join('\n'));
	// Meta's own "try again" wins over the row that says only that a parameter is invalid.
	if (row && !(transient && row.id === 'parameter-invalid'))
		return { kind: row.kind, advice: row.advice, rule: row.id };
	if (transient) return { ...byStatus(500), rule: 'is-transient' };
	return byStatus(details.status);
}

function byStatus(status: number): Verdict {
	const fallback = GRAPH_STATUS_FALLBACKS.find(({ from, to }) => status >= from && status <= to);
	if (fallback) return { kind: fallback.kind, advice: fallback.advice, rule: fallback.id };
	return { kind: 'unknown', advice: UNKNOWN_ADVICE };
}

const UNKNOWN_ADVICE =
	"This error is not documented here. Try again in a few minutes. If it stays, look up the code in Meta's list of error codes, or send the message and the trace ID to Meta's support.";

/** Something between here and Meta answered. Retrying helps only if it was busy. */
function byOtherSender(status: number): Verdict {
	const passing = byStatus(status);
	if (passing.kind === 'transient' || passing.kind === 'rate-limit') {
		return {
			...passing,
			advice: `Meta, or something on the way, has a problem. Try again in a few minutes. If it stays: ${CHECK_THE_WAY}`,
		};
	}
	return {
		kind: 'network',
		advice: `Something on the way answered, not Meta. ${CHECK_THE_WAY}`,
		rule: 'not-graph',
	};
}

const CHECK_THE_WAY =
	'Check the base URL, and any proxy, firewall or sign-in page between this machine and Meta. Allow graph.instagram.com and graph.facebook.com.';

/** The reason in one sentence: the text meant for people if there is one, and the code to look up. */
function sentence({ details, hasCode, isGraph }: Refusal): string {
	const { code, subcode, status } = details;
	if (!isGraph) return `something on the way answered instead of Meta: ${wordsOf(details)} (HTTP ${status})`;
	const graph = subcode === undefined ? `code ${code}` : `code ${code}, subcode ${subcode}`;
	return `${wordsOf(details)} (${!hasCode && code === status && subcode === undefined ? `HTTP ${status}` : graph})`;
}

/** Meta's message with its code and the trace id that Meta's support asks for; our own message if Meta sent none. */
export function refusalInWords({ graph, message }: InsightsError): string {
	if (graph === undefined || graph.rule === 'not-graph') return message;
	const subcode = graph.subcode === undefined ? '' : `, subcode ${graph.subcode}`;
	const trace = graph.traceId === undefined ? '' : `, trace ID ${graph.traceId}`;
	return `${wordsOf(graph)} (code ${graph.code}${subcode}${trace})`;
}

/** Meta's message, preferably the one meant for people, without the number before it and the full stop after it. */
export function wordsOf({ message, userMessage }: Pick<GraphErrorDetails, 'message' | 'userMessage'>): string {
	const plain = message.replace(/^\(#-?\d+\)\s*/, '').trim();
	return (userMessage?.trim() || plain || 'no reason given').replace(/[.\s]+$/, '');
}

function cleanDetails(details: Refusal['details'], clean: (text: string) => string): Omit<GraphErrorDetails, 'rule'> {
	const { message, userTitle, userMessage, type, traceId } = details;
	return {
		...details,
		message: clean(message),
		...(userTitle === undefined ? {} : { userTitle: clean(userTitle) }),
		...(userMessage === undefined ? {} : { userMessage: clean(userMessage) }),
		...(type === undefined ? {} : { type: clean(type) }),
		...(traceId === undefined ? {} : { traceId: clean(traceId) }),
	};
}

/** Waiting helps only with limits and passing errors. */
function retryAfter(
	kind: InsightsErrorKind,
	headers: Readonly<Record<string, string>>,
	now: Date | undefined,
): number | undefined {
	if (kind !== 'rate-limit' && kind !== 'transient') return undefined;
	const { regainMs } = readUsage(headers);
	const namedMs = retryAfterHeader(headers, now);
	const waits = [...(regainMs > 0 ? [regainMs] : []), ...(namedMs === undefined ? [] : [namedMs])];
	return waits.length === 0 ? undefined : Math.min(LONGEST_WAIT_MS, Math.max(...waits));
}

/** Seconds, or an HTTP date (RFC 9110, 10.2.3), measured by the sender's own clock if the answer shows it. */
function retryAfterHeader(headers: Readonly<Record<string, string>>, now: Date | undefined): number | undefined {
	const text = headers['retry-after']?.trim() ?? '';
	if (/^\d+/.test(text)) return Number.parseInt(text, 10) * 1000;
	const until = /^[a-z]{3,}, /i.test(text) ? Date.parse(text) : Number.NaN;
	const sentAt = Date.parse(headers.date ?? '');
	const waitMs = until - (Number.isNaN(sentAt) ? (now?.getTime() ?? Number.NaN) : sentAt);
	return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}

/** Recorded answers contain codes as strings too. */
const code = z
	.union([
		z.number(),
		z
			.string()
			.regex(/^-?\d+$/)
			.transform(Number),
	])
	.nullish()
	.catch(null);
const text = z.string().nullish().catch(null);

/** The body of both Graph hosts: `{"error":{…}}`, most members optional. */
const GraphError = z.object({
	error: z.object({
		message: text,
		type: text,
		code,
		error_subcode: code,
		error_user_title: text,
		error_user_msg: text,
		is_transient: z.boolean().nullish().catch(null),
		fbtrace_id: text,
	}),
});
/** The body of api.instagram.com, where `code` repeats the HTTP status (S23). */
const LoginError = z.object({ error_type: text, code, error_message: z.string() });
/** The error body of the OAuth standard (RFC 6749, 5.2; RFC 6750, 3.1). Other values are not from Meta. */
const OAuthError = z.object({
	error: z.enum([
		'invalid_request',
		'invalid_client',
		'invalid_grant',
		'unauthorized_client',
		'unsupported_grant_type',
		'invalid_scope',
		'invalid_token',
		'insufficient_scope',
		'access_denied',
	]),
	error_description: text,
});

/** A refusal as sent: redact it before showing it. */
type Refusal = {
	readonly details: Omit<GraphErrorDetails, 'rule'>;
	/** The body has a code of Meta; without one, `details` has the HTTP status. */
	readonly hasCode: boolean;
	/** Meta's own "try again". */
	readonly transient: boolean;
	/** From a login endpoint, where the remedy is always to sign in again. */
	readonly login: boolean;
	/** The body has one of Meta's shapes. */
	readonly isGraph: boolean;
	/** The parsed body, or the start of a body that is not JSON. */
	readonly body: unknown;
};

/** Whether a parsed body is a refusal, which may come with status 200 inside a batch. */
export function isErrorBody(body: unknown): boolean {
	if (typeof body !== 'object' || body === null || !('error' in body || 'error_message' in body)) return false;
	return GraphError.safeParse(body).success || LoginError.safeParse(body).success;
}

/** Read an error body of either Graph host, of api.instagram.com or of the OAuth standard, or one that is not JSON. */
function readRefusal({ status, text: bytes }: GraphResponse): Refusal {
	const body = tryParse(bytes);
	const graph = GraphError.safeParse(body);
	if (graph.success) {
		const { error } = graph.data;
		return {
			details: {
				code: error.code ?? status,
				...defined('subcode', error.error_subcode),
				message: error.message ?? '',
				...defined('userTitle', error.error_user_title),
				...defined('userMessage', error.error_user_msg),
				...defined('traceId', error.fbtrace_id),
				...defined('type', error.type),
				status,
			},
			hasCode: typeof error.code === 'number',
			transient: error.is_transient === true,
			login: false,
			isGraph: isOfGraph(error, status),
			body,
		};
	}
	const login = LoginError.safeParse(body);
	if (login.success) {
		const { error_type, error_message } = login.data;
		const details = { code: login.data.code ?? status, message: error_message, ...defined('type', error_type), status };
		return { details, hasCode: false, transient: false, login: true, isGraph: true, body };
	}
	const oauth = OAuthError.safeParse(body);
	const message = oauth.success ? (oauth.data.error_description ?? oauth.data.error) : firstWords(bytes);
	const details = { code: status, message, status };
	return {
		details,
		hasCode: false,
		transient: false,
		login: false,
		isGraph: oauth.success,
		body: body ?? excerpt(bytes),
	};
}

/** A gateway's error may have the same shape: it repeats the HTTP status as its code and has none of Meta's other members. */
function isOfGraph(error: z.infer<typeof GraphError>['error'], status: number): boolean {
	const { type, code, error_subcode: subcode, fbtrace_id: traceId } = error;
	return status < 400 || code !== status || Boolean(type || traceId || subcode);
}

/** The start of a body that is not from Meta, as people would read it: the title and text of a web page. */
function firstWords(bytes: string): string {
	const page = bytes.trimStart().startsWith('<');
	return excerpt(page ? bytes.replace(/<(script|style)\b[\s\S]*?(?:<\/\1\s*>|$)|<[^>]*>?/gi, ' ') : bytes);
}

function tryParse(bytes: string): unknown {
	try {
		return parseJson(bytes);
	} catch {
		return undefined;
	}
}

function defined<K extends string, V>(name: K, value: V | null | undefined): { [P in K]?: V } {
	return value === null || value === undefined ? {} : ({ [name]: value } as { [P in K]?: V });
}
