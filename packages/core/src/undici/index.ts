/**
 * A transport over undici, for `createInsightsClient` and the other clients. `connect` uses it by itself.
 *
 * @module @instagram-insights/core/undici
 */

import { Agent } from 'undici';
import type { Host } from '../catalog/host.ts';
import type { Transport } from '../client/ports.ts';
import type { VersionedRequest } from '../graph/graph-request.ts';
import { appSecretProof } from '../graph/graph-request.ts';
import { tokenProblem } from '../graph/token-answer.ts';
import { InsightsError } from '../insights-error.ts';
import { redact } from '../redact.ts';

/** Token, addresses and limits of a transport over undici. */
export type UndiciTransportOptions = {
	/** The token, or a function that returns the current one for each request. */
	readonly accessToken: string | (() => string | Promise<string>);
	/** Base URLs in place of the hosts, without version: a proxy, or the sandbox. */
	readonly baseUrls?: Partial<Record<Host, string>>;
	/** Sends `appsecret_proof` with every request to graph.facebook.com. */
	readonly appSecret?: string | undefined;
	/** Most connections to one host, 8 when left out. */
	readonly connections?: number;
	/** Longest wait for a connection, in milliseconds; 10 s when left out. */
	readonly connectTimeoutMs?: number;
	/** Longest wait for response headers, and between two parts of the body, in milliseconds; 60 s when left out. */
	readonly answerTimeoutMs?: number;
	/** Largest response body, in bytes; 32 MiB when left out (a page of 100 media with insights is about 0.5 MiB). */
	readonly maxAnswerBytes?: number;
};

const BASE_URLS: Readonly<Record<Host, string>> = {
	'graph.instagram.com': 'https://graph.instagram.com',
	'graph.facebook.com': 'https://graph.facebook.com',
};

/**
 * A {@link Transport} over undici: connections stay open between requests, times and body sizes have limits, redirects
 * are not followed.
 *
 * The token is sent in the `Authorization` header. A request with its own `access_token` parameter (the login
 * endpoints accept it only there) has no such header.
 *
 * @throws {InsightsError} (from `send`) `network`, with the system's code and no address; `cancelled`; `auth`: the form
 *   of the token shows that Meta will not take it
 */
export function createUndiciTransport(options: UndiciTransportOptions): Transport & { close(): Promise<void> } {
	const { connectTimeoutMs = 10_000, answerTimeoutMs = 60_000, maxAnswerBytes = 32 * 1024 * 1024 } = options;
	const agent = new Agent({
		connections: options.connections ?? 8,
		connect: { timeout: connectTimeoutMs },
		headersTimeout: answerTimeoutMs,
		bodyTimeout: answerTimeoutMs,
		keepAliveTimeout: 30_000,
		maxResponseSize: maxAnswerBytes,
	});

	return {
		async send(request, { signal } = {}) {
			const { accessToken } = options;
			const token = typeof accessToken === 'string' ? accessToken : await accessToken();
			const problem = request.query.access_token === undefined && !isOfApp(request) ? tokenProblem(token) : null;
			if (problem !== null) throw problem;
			const url = urlOf(request, options, token);
			const form = request.body === undefined ? undefined : new URLSearchParams(request.body).toString();
			try {
				const { statusCode, headers, body } = await agent.request({
					origin: url.origin,
					path: url.pathname + url.search,
					method: request.method,
					headers: headersOf(request, token, form),
					body: form ?? null,
					signal: signal ?? null,
				});
				return { status: statusCode, headers: plainHeaders(headers), text: await body.text() };
			} catch (error) {
				throw asInsightsError(error, request, signal);
			}
		},
		close: () => agent.close(),
	};
}

/** What only an app token may ask. */
function isOfApp({ path }: VersionedRequest): boolean {
	return /^\/(?:\d+\/subscriptions|debug_token|oauth\/.+)$/.test(path);
}

function urlOf(request: VersionedRequest, options: UndiciTransportOptions, token: string): URL {
	const base = (options.baseUrls?.[request.host] ?? BASE_URLS[request.host]).replace(/\/+$/, '');
	const version = request.version === '' ? '' : `/${request.version}`;
	const url = new URL(`${base}${version}${request.path}`);
	for (const [name, value] of Object.entries(request.query)) url.searchParams.set(name, value);
	if (options.appSecret && request.host === 'graph.facebook.com' && request.query.access_token === undefined) {
		url.searchParams.set('appsecret_proof', appSecretProof(token, options.appSecret));
	}
	return url;
}

function headersOf(request: VersionedRequest, token: string, form: string | undefined): Record<string, string> {
	return {
		accept: 'application/json',
		...(request.query.access_token === undefined ? { authorization: `Bearer ${token}` } : {}),
		...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
	};
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
	const plain: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers)) {
		if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
	}
	return plain;
}

/** undici's errors may contain the request with its token: only their code leaves this file. */
function asInsightsError(error: unknown, request: VersionedRequest, signal: AbortSignal | undefined): InsightsError {
	if (signal?.aborted) {
		return new InsightsError('cancelled', `${request.path}: cancelled`, { advice: 'The caller stopped the request.' });
	}
	const code = codeOf(error) ?? 'unknown';
	return new InsightsError('network', `${request.path}: no answer from ${request.host} (${code})`, {
		advice: ADVICE[code] ?? 'Check the connection and the base address, then try again.',
		cause: Object.assign(new Error(code), { code }),
	});
}

/** The first code in the chain of causes: ECONNREFUSED, UND_ERR_HEADERS_TIMEOUT. */
function codeOf(error: unknown): string | undefined {
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		if ('code' in cause && typeof cause.code === 'string') return redact(cause.code);
	}
	return undefined;
}

const ADVICE: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'Nothing listens at the base address. Check it, and that the proxy or sandbox is running.',
	ERR_INVALID_URL: 'The base address is not a web address. Begin it with https:// or http://.',
	UND_ERR_INVALID_ARG: 'The base address is not a web address. Begin it with https:// or http://.',
	ENOTFOUND: 'The name in the base address does not exist, or there is no connection to the internet.',
	UND_ERR_CONNECT_TIMEOUT: 'The connection could not be made in time. Check proxy and firewall, then try again.',
	UND_ERR_HEADERS_TIMEOUT: 'Meta did not answer in time. Try again, or ask for less at a time.',
	UND_ERR_BODY_TIMEOUT: 'The answer stopped half-way. Try again, or ask for less at a time.',
	UND_ERR_RES_EXCEEDED_MAX_SIZE: 'The answer is larger than allowed. Ask for fewer items a page.',
};
