import { type GraphResponse, InsightsError, readAnswer, redact } from '@instagram-insights/core';
import type { IAllExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import type { z } from 'zod/v4';

/** What of n8n's hook context the calls need. */
export type CallContext = {
	readonly helpers: Pick<IAllExecuteFunctions['helpers'], 'httpRequest' | 'httpRequestWithAuthentication'>;
};

/** Where Graph answers, and who asks. */
export type CallAccess = {
	/** With the version, without a slash at the end: `https://graph.facebook.com/v25.0`. */
	readonly baseUrl: string;
	/** The credential that signs the call; a Page's own token is another way. */
	readonly by:
		| { readonly credentialType: string }
		| { readonly pageToken: string; readonly proof?: string | undefined };
};

export type GraphCall = {
	readonly method: 'GET' | 'POST' | 'DELETE';
	readonly path: string;
	readonly query?: Readonly<Record<string, string>>;
	/** Form fields. */
	readonly body?: Readonly<Record<string, string>>;
	/** What is asked, as the head of every message. */
	readonly what: string;
};

const TIMEOUT_MS = 60_000;

/**
 * One call to Graph outside of insights: subscriptions need DELETE, and the tokens of apps and Pages.
 *
 * @throws {InsightsError} refused, unreadable, or no answer
 */
export async function callGraph<T>(
	context: CallContext,
	access: CallAccess,
	call: GraphCall,
	schema: z.ZodType<T>,
): Promise<T> {
	const response = await send(context, access, call).catch((error: unknown) => failWithoutAnswer(error, call.what));
	const secrets = 'pageToken' in access.by ? [access.by.pageToken] : [];
	return readAnswer(response, schema, { what: call.what, secrets }).data;
}

async function send(context: CallContext, { baseUrl, by }: CallAccess, call: GraphCall): Promise<GraphResponse> {
	const { method, path, query, body } = call;
	const options: IHttpRequestOptions = {
		method,
		url: `${baseUrl}${path}`,
		qs: { ...query },
		headers: body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' },
		...(body === undefined ? {} : { body: new URLSearchParams(body).toString() }),
		encoding: 'text',
		json: false,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		timeout: TIMEOUT_MS,
	};
	if ('credentialType' in by) {
		return readResponse(
			await context.helpers.httpRequestWithAuthentication.call(
				context as IAllExecuteFunctions,
				by.credentialType,
				options,
			),
		);
	}
	const headers = { ...options.headers, Authorization: `Bearer ${by.pageToken}` };
	const qs = { ...query, ...(by.proof === undefined ? {} : { appsecret_proof: by.proof }) };
	return readResponse(await context.helpers.httpRequest({ ...options, qs, headers }));
}

function readResponse({ statusCode, headers, body }: FullResponse): GraphResponse {
	const pairs = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
	return { status: statusCode, headers: Object.fromEntries(pairs), text: String(body ?? '') };
}

type FullResponse = { readonly statusCode: number; readonly headers?: object; readonly body?: unknown };

function failWithoutAnswer(error: unknown, what: string): never {
	const reason = error instanceof Error ? redact(error.message) : 'no reason given';
	throw new InsightsError('network', `${what}: no answer (${reason})`, {
		advice: 'Check the Base URL of the credential and the connection of this n8n to the internet, then try again.',
	});
}
