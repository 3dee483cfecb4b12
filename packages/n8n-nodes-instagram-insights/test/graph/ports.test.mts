import { InsightsError } from '@instagram-insights/core/internal';
import type { IHttpRequestOptions } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { n8nClock, n8nTransport, type RequestContext } from '../../nodes/graph/ports';

const REQUEST = {
	method: 'GET',
	host: 'graph.instagram.com',
	version: 'v25.0',
	path: '/me/insights',
	query: { metric: 'reach,views', period: 'day' },
} as const;

function transport(answer: () => unknown) {
	const sent: [string, IHttpRequestOptions][] = [];
	const context = {
		helpers: {
			async httpRequestWithAuthentication(type: string, options: IHttpRequestOptions) {
				sent.push([type, options]);
				return answer();
			},
		},
	} as unknown as RequestContext;
	const access = { credentialType: 'instagramInsightsApi', baseUrl: 'http://127.0.0.1:8788/graph.instagram.com' };
	return { sent, transport: n8nTransport(context, access) };
}

describe('n8nTransport', () => {
	test('sends version and path under the base address, with the credential', async () => {
		const { sent, transport: toGraph } = transport(() => ({ statusCode: 200, headers: {}, body: '{}' }));
		await toGraph.send(REQUEST);
		const [type, options] = sent[0] ?? [];
		expect(type).toBe('instagramInsightsApi');
		expect(options).toMatchObject({
			method: 'GET',
			url: 'http://127.0.0.1:8788/graph.instagram.com/v25.0/me/insights',
			qs: { metric: 'reach,views', period: 'day' },
		});
	});

	test('leaves the version out if there is none', async () => {
		const { sent, transport: toGraph } = transport(() => ({ statusCode: 200, headers: {}, body: '{}' }));
		await toGraph.send({ ...REQUEST, version: '', path: '/refresh_access_token' });
		expect(sent[0]?.[1].url).toBe('http://127.0.0.1:8788/graph.instagram.com/refresh_access_token');
	});

	test('requests the body as text and does not treat a status as an error', async () => {
		const { sent, transport: toGraph } = transport(() => ({ statusCode: 200, headers: {}, body: '{}' }));
		await toGraph.send(REQUEST);
		expect(sent[0]?.[1]).toMatchObject({
			encoding: 'text',
			json: false,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
		});
	});

	test('sends a body as a form', async () => {
		const { sent, transport: toGraph } = transport(() => ({ statusCode: 200, headers: {}, body: '[]' }));
		await toGraph.send({ ...REQUEST, method: 'POST', path: '/', body: { batch: '[]' } });
		expect(sent[0]?.[1]).toMatchObject({
			method: 'POST',
			body: { batch: '[]' },
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
		});
	});

	test('returns a refusal as a value, with header names in lower case', async () => {
		const { transport: toGraph } = transport(() => ({
			statusCode: 400,
			headers: { 'X-App-Usage': '{"call_count":28}' },
			body: '{"error":{"code":100}}',
		}));
		expect(await toGraph.send(REQUEST)).toEqual({
			status: 400,
			headers: { 'x-app-usage': '{"call_count":28}' },
			text: '{"error":{"code":100}}',
		});
	});

	test('keeps IDs above 2^53 as they are', async () => {
		const { transport: toGraph } = transport(() => ({
			statusCode: 200,
			headers: {},
			body: '{"id":17841401714833791}',
		}));
		expect((await toGraph.send(REQUEST)).text).toBe('{"id":17841401714833791}');
	});

	test('reports a missing answer as a network error, without query and token', async () => {
		const { transport: toGraph } = transport(() => {
			throw new Error('connect ECONNREFUSED https://h/me?access_token=IGAA-sandbox-bakery');
		});
		const error = await toGraph.send(REQUEST).then(
			() => null,
			(thrown: unknown) => thrown,
		);
		expect(error).toBeInstanceOf(InsightsError);
		expect(error).toMatchObject({ kind: 'network' });
		expect(String(error)).toContain('No answer from http://127.0.0.1:8788/graph.instagram.com');
		expect(String(error)).not.toContain('IGAA');
	});

	test('names a base URL in an error without its password and query', async () => {
		const failing = async () => {
			throw new Error('connect ECONNREFUSED');
		};
		const context = { helpers: { httpRequestWithAuthentication: failing } };
		const baseUrl = 'https://user:pass-word@proxy.example/graph?access_token=EAA-sandbox-bakery#part';
		const toGraph = n8nTransport(context, { baseUrl, credentialType: 'instagramInsightsApi' });
		const error = String(await toGraph.send(REQUEST).catch((thrown: unknown) => thrown));
		expect(error).toContain('No answer from https://proxy.example/graph: connect ECONNREFUSED');
	});
});

describe('n8nClock.sleep', () => {
	test('ends at once for 0 ms', async () => {
		await expect(n8nClock.sleep(0)).resolves.toBeUndefined();
	});

	test('ends when the execution is stopped, long before its time', async () => {
		const stop = new AbortController();
		const sleeping = n8nClock.sleep(3_600_000, stop.signal);
		stop.abort(new Error('stopped'));
		await expect(sleeping).rejects.toThrow('stopped');
	});

	test('does not begin if the execution was stopped before', async () => {
		await expect(n8nClock.sleep(3_600_000, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
	});
});
