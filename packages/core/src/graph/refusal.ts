import { z } from 'zod/v4';
import type { GraphErrorDetails } from '../insights-error.ts';
import type { GraphResponse } from './graph-request.ts';
import { excerpt, parseJson } from './parse-json.ts';

/** Recordings hold codes as strings too. */
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
/** The body the OAuth standard knows (RFC 6749, 5.2; RFC 6750, 3.1); other words come from somebody else. */
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

/** What a refusal says, as sent: redact before it is shown. */
export type Refusal = {
	readonly details: Omit<GraphErrorDetails, 'rule'>;
	/** Meta's own "try again". */
	readonly transient: boolean;
	/** From a login endpoint, where whatever is refused, the way out is to sign in again. */
	readonly login: boolean;
	/** Meta wrote the body: it has one of Meta's shapes. */
	readonly isGraph: boolean;
	/** The parsed body, or the beginning of a body that is not JSON. */
	readonly body: unknown;
};

/** Whether a parsed body is a refusal; inside a batch it may come with status 200. */
export function isErrorBody(body: unknown): boolean {
	if (typeof body !== 'object' || body === null || !('error' in body || 'error_message' in body)) return false;
	return GraphError.safeParse(body).success || LoginError.safeParse(body).success;
}

/** Reads every error body known: both Graph hosts, api.instagram.com, the OAuth standard, and no JSON at all. */
export function readRefusal({ status, text: bytes }: GraphResponse): Refusal {
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
			transient: error.is_transient === true,
			login: false,
			isGraph: true,
			body,
		};
	}
	const login = LoginError.safeParse(body);
	if (login.success) {
		const { error_type, error_message } = login.data;
		const details = { code: login.data.code ?? status, message: error_message, ...defined('type', error_type), status };
		return { details, transient: false, login: true, isGraph: true, body };
	}
	const oauth = OAuthError.safeParse(body);
	const message = oauth.success ? (oauth.data.error_description ?? oauth.data.error) : firstWords(bytes);
	const details = { code: status, message, status };
	return { details, transient: false, login: false, isGraph: oauth.success, body: body ?? excerpt(bytes) };
}

/** The beginning of a body that is not Meta's, as people would read it: of a web page its title and text. */
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
