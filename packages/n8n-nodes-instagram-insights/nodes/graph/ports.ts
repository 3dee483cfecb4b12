import {
	type Clock,
	type GraphResponse,
	InsightsError,
	redact,
	type Transport,
	type VersionedRequest,
} from '@instagram-insights/core/internal';
import { type IAllExecuteFunctions, type IHttpRequestOptions, sleep } from 'n8n-workflow';

/** The part of n8n's contexts that a request needs. Execution, list search and polling contexts all have it. */
export type RequestContext = {
	readonly helpers: Pick<IAllExecuteFunctions['helpers'], 'httpRequestWithAuthentication'>;
};

/** The address of the host, without a slash at the end, and the credential to use. */
export type Access = { readonly baseUrl: string; readonly credentialType: string };

/** A Page's own token instead of a credential, with its `appsecret_proof` if the credential has the secret. */
export type TokenAccess = { readonly baseUrl: string; readonly token: string; readonly proof: string | undefined };
type TokenContext = { readonly helpers: Pick<IAllExecuteFunctions['helpers'], 'httpRequest'> };

/** Longer than Meta's own timeout. */
const TIMEOUT_MS = 120_000;

/**
 * Core's transport on n8n's request helper, which adds the token, the instance's proxy and its address checks.
 *
 * The body is requested as text, so that IDs above 2^53 reach core unchanged. No status is an error here, because core
 * reads Meta's refusals itself. n8n's helper adds the execution's cancel signal.
 */
export function n8nTransport(context: RequestContext, access: Access): Transport {
	return {
		async send(request) {
			const options = requestOptions(request, access);
			const response = await context.helpers.httpRequestWithAuthentication
				.call(context as IAllExecuteFunctions, access.credentialType, options)
				.catch((error: unknown) => failWithoutAnswer(error, access));
			return readResponse(response);
		},
	};
}

/** The same with a token that is not in a credential. */
export function pageTransport(context: TokenContext, access: TokenAccess): Transport {
	return {
		async send(request) {
			const options = requestOptions(request, access);
			const headers = { ...options.headers, Authorization: `Bearer ${access.token}` };
			const qs = { ...request.query, ...(access.proof === undefined ? {} : { appsecret_proof: access.proof }) };
			const response = await context.helpers
				.httpRequest({ ...options, qs, headers })
				.catch((error: unknown) => failWithoutAnswer(error, access));
			return readResponse(response);
		},
	};
}

function requestOptions(
	{ method, version, path, query, body }: VersionedRequest,
	{ baseUrl }: { readonly baseUrl: string },
): IHttpRequestOptions {
	const prefix = version === '' ? baseUrl : `${baseUrl}/${version}`;
	return {
		method,
		url: `${prefix}${path}`,
		qs: { ...query },
		...(body === undefined
			? {}
			: { body: { ...body }, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
		encoding: 'text',
		json: false,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		timeout: TIMEOUT_MS,
	};
}

function readResponse({
	statusCode,
	headers,
	body,
}: {
	statusCode: number;
	headers?: object;
	body?: unknown;
}): GraphResponse {
	const pairs = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
	const text = typeof body === 'string' ? body : body === undefined || body === null ? '' : JSON.stringify(body);
	return { status: statusCode, headers: Object.fromEntries(pairs), text };
}

function failWithoutAnswer(error: unknown, { baseUrl }: { readonly baseUrl: string }): never {
	const reason = error instanceof Error ? redact(error.message) : 'no reason given';
	// A base URL can contain a password or a query.
	const address = redact(baseUrl.replace(/\/\/[^/]*@/, '//').replace(/[?#].*$/, ''));
	throw new InsightsError('network', `No answer from ${address}: ${reason}`, {
		advice: 'Check the Base URL of the credential and the connection of this n8n to the internet, then try again.',
	});
}

/** The machine's clock. Sleeping ends at once if the execution is stopped. */
export const n8nClock: Clock = {
	now: () => new Date(),
	async sleep(ms, signal) {
		signal?.throwIfAborted();
		if (ms <= 0) return;
		if (signal === undefined) return await sleep(ms);
		await Promise.race([
			sleep(ms),
			new Promise<never>((_, reject) => {
				signal.addEventListener('abort', () => reject(signal.reason), { once: true });
			}),
		]);
	},
};
