import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import type { VersionedRequest } from '../../src/graph/graph-request.ts';
import { isInsightsError } from '../../src/insights-error.ts';
import { createUndiciTransport, type UndiciTransportOptions } from '../../src/undici/index.ts';

const TOKEN = 'IGAA-sandbox-secret';
const request: VersionedRequest = {
	method: 'GET',
	host: 'graph.instagram.com',
	version: 'v25.0',
	path: '/me/insights',
	query: { metric: 'reach,views', period: 'day' },
};

type Seen = { method: string | undefined; url: string | undefined; headers: IncomingMessage['headers']; body: string };

let close: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const one of close) await one();
	close = [];
});

async function serve(answer: (res: ServerResponse, seen: Seen) => void) {
	const seen: Seen[] = [];
	const sockets = new Set<unknown>();
	const server: Server = createServer(async (req, res) => {
		sockets.add(req.socket);
		let body = '';
		for await (const part of req) body += part;
		const one = { method: req.method, url: req.url, headers: req.headers, body };
		seen.push(one);
		answer(res, one);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	close.push(
		() =>
			new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	);
	const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graph.instagram.com`;
	return { seen, sockets, base };
}

function transportTo(base: string, options: Partial<UndiciTransportOptions> = {}) {
	const transport = createUndiciTransport({
		accessToken: TOKEN,
		baseUrls: { 'graph.instagram.com': base, 'graph.facebook.com': base },
		...options,
	});
	close.unshift(() => transport.close());
	return transport;
}

const ok = (res: ServerResponse) => res.setHeader('X-App-Usage', '{"call_count":1}').end('{"data":[]}');
const failure = (promise: Promise<unknown>) =>
	promise.then(
		() => undefined,
		(error: unknown) => error,
	);

describe('createUndiciTransport', () => {
	test('sends version, path and parameters to the base URL and the token in the header', async () => {
		const { seen, base } = await serve(ok);
		const response = await transportTo(base).send(request);
		expect(response).toMatchObject({
			status: 200,
			text: '{"data":[]}',
			headers: { 'x-app-usage': '{"call_count":1}' },
		});
		expect(seen.at(0)?.url).toBe('/graph.instagram.com/v25.0/me/insights?metric=reach%2Cviews&period=day');
		expect(seen.at(0)?.headers.authorization).toBe(`Bearer ${TOKEN}`);
	});

	test('leaves out an empty version, and the header if the request has its own token', async () => {
		const { seen, base } = await serve(ok);
		const query = { grant_type: 'ig_refresh_token', access_token: 'other' };
		await transportTo(base).send({ ...request, version: '', path: '/refresh_access_token', query });
		expect(seen.at(0)?.url).toBe(
			'/graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token&access_token=other',
		);
		expect(seen.at(0)?.headers.authorization).toBeUndefined();
	});

	test('sends a body as a form', async () => {
		const { seen, base } = await serve(ok);
		await transportTo(base).send({
			...request,
			method: 'POST',
			path: '/',
			query: {},
			body: { batch: '[]', fields: 'id,name' },
		});
		expect(seen.at(0)).toMatchObject({ method: 'POST', body: 'batch=%5B%5D&fields=id%2Cname' });
		expect(seen.at(0)?.headers['content-type']).toBe('application/x-www-form-urlencoded');
	});

	test('sends appsecret_proof on the Facebook host only', async () => {
		const { seen, base } = await serve(ok);
		const transport = transportTo(base, {
			appSecret: 'key',
			accessToken: 'The quick brown fox jumps over the lazy dog',
		});
		await transport.send({ ...request, host: 'graph.facebook.com', query: {} });
		await transport.send({ ...request, query: {} });
		// The well-known HMAC-SHA256 of that sentence under "key".
		const proof = 'f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8';
		expect(seen.at(0)?.url).toContain(`?appsecret_proof=${proof}`);
		expect(seen.at(1)?.url).not.toContain('appsecret_proof');
	});

	test('gets the current token for each request', async () => {
		const { seen, base } = await serve(ok);
		const tokens = ['first', 'second'];
		const transport = transportTo(base, { accessToken: async () => tokens.shift() ?? 'none' });
		await transport.send(request);
		await transport.send(request);
		expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer first', 'Bearer second']);
	});

	test('does not send an app token, except for requests about the app', async () => {
		const { seen, base } = await serve(ok);
		for (const accessToken of ['', '__n8n_BLANK_VALUE_1', '12345|secret']) {
			const error = await failure(transportTo(base, { accessToken }).send(request));
			expect(error).toMatchObject({ kind: 'auth', message: expect.stringContaining('Nothing was sent') as string });
		}
		expect(seen).toEqual([]);
		await transportTo(base, { accessToken: '12345|secret' }).send({ ...request, path: '/12345/subscriptions' });
		expect(seen).toHaveLength(1);
	});

	test('keeps the connection open between requests', async () => {
		const { sockets, base } = await serve(ok);
		const transport = transportTo(base, { connections: 1 });
		for (let i = 0; i < 3; i += 1) await transport.send(request);
		expect(sockets.size).toBe(1);
	});

	test.each([400, 401, 429, 500, 302])('returns status %i as a value', async (status) => {
		const { seen, base } = await serve((res) => res.writeHead(status, { location: 'http://127.0.0.1:1/' }).end('no'));
		expect(await transportTo(base).send(request)).toMatchObject({ status, text: 'no' });
		expect(seen).toHaveLength(1);
	});

	test('reads letters of several bytes', async () => {
		const { base } = await serve((res) => {
			const bytes = Buffer.from('{"caption":"größer 🎉"}');
			res.write(bytes.subarray(0, 15));
			res.end(bytes.subarray(15));
		});
		expect((await transportTo(base).send(request)).text).toBe('{"caption":"größer 🎉"}');
	});

	test('throws a network error if nothing listens, with the code and without token or query', async () => {
		const error = await failure(transportTo('http://127.0.0.1:1').send(request));
		expect(isInsightsError(error) && error.kind).toBe('network');
		expect(error).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
		expect(inspect(error, { depth: 9 })).not.toMatch(/sandbox-secret|metric=|reach/);
	});

	test('throws a network error if the connection is cut', async () => {
		const { base } = await serve((res) => {
			res.writeHead(200, { 'content-length': '100' });
			res.write('{"data":');
			res.socket?.destroy();
		});
		const error = await failure(transportTo(base).send(request));
		expect(isInsightsError(error) && error.kind).toBe('network');
		expect(inspect(error, { depth: 9 })).not.toMatch(/sandbox-secret|metric=/);
	});

	test('refuses a body larger than allowed', async () => {
		const { base } = await serve((res) => res.end('x'.repeat(5000)));
		const error = await failure(transportTo(base, { maxAnswerBytes: 1000 }).send(request));
		expect(error).toMatchObject({ kind: 'network', cause: { code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' } });
	});

	test('gives up after the time limit', async () => {
		const { base } = await serve(() => undefined);
		const error = await failure(transportTo(base, { answerTimeoutMs: 50 }).send(request));
		expect(error).toMatchObject({ kind: 'network', cause: { code: 'UND_ERR_HEADERS_TIMEOUT' } });
	});

	test('stops if the caller does', async () => {
		const aborter = new AbortController();
		const { base } = await serve(() => aborter.abort());
		const error = await failure(transportTo(base).send(request, { signal: aborter.signal }));
		expect(error).toMatchObject({ kind: 'cancelled' });
	});
});
