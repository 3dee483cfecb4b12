import { describe, expect, test } from 'vitest';
import { withBatching } from '../../../src/client/session/batching-transport.ts';
import type { VersionedRequest } from '../../../src/graph/graph-request.ts';
import { manualClock, type ScriptedAnswer, scriptedTransport } from '../../../src/testing/index.ts';

const get = (path: string, query: Record<string, string> = {}): VersionedRequest => ({
	method: 'GET',
	host: 'graph.facebook.com',
	version: 'v25.0',
	path,
	query,
});
const bodyOf = (request: VersionedRequest | undefined) => JSON.parse(request?.body?.batch ?? '[]') as unknown[];
/** Answers each item of a batch with its own address, and any other request with its path. */
const echo = (request: VersionedRequest): ScriptedAnswer => {
	if (request.method === 'GET') return { body: request.path };
	const items = bodyOf(request) as { relative_url: string }[];
	return {
		body: items.map(({ relative_url }) => ({
			code: 200,
			headers: [{ name: 'X-One', value: 'a' }],
			body: relative_url,
		})),
	};
};
const batching = (script: (request: VersionedRequest, index: number) => ScriptedAnswer) => {
	const transport = scriptedTransport(script);
	const clock = manualClock('2026-11-23T20:00:00Z');
	return { transport, clock, batched: withBatching(transport, clock) };
};
const turn = async (clock: { advance(ms: number): Promise<void> }) => {
	await clock.advance(1);
	for (let i = 0; i < 10; i += 1) await Promise.resolve();
};

describe('withBatching', () => {
	test('sends reads that begin together as one request, and returns each its own answer', async () => {
		const { transport, clock, batched } = batching(echo);
		const all = Promise.all([batched.send(get('/1/insights', { metric: 'reach,views' })), batched.send(get('/2'))]);
		await turn(clock);
		expect(await all).toEqual([
			{ status: 200, headers: { 'x-one': 'a' }, text: '1/insights?metric=reach%2Cviews' },
			{ status: 200, headers: { 'x-one': 'a' }, text: '2?' },
		]);
		expect(transport.requests.map(({ method, path, version }) => `${method} ${version} ${path}`)).toEqual([
			'POST v25.0 /',
		]);
	});

	test('sends a single read unchanged', async () => {
		const { transport, clock, batched } = batching(echo);
		const answer = batched.send(get('/1'));
		await turn(clock);
		expect((await answer).text).toBe('/1');
		expect(transport.requests).toEqual([get('/1')]);
	});

	test('splits at the maximum of the host, and earlier for pages of media with insights', async () => {
		const { transport, clock, batched } = batching(echo);
		const light = Array.from({ length: 51 }, (_, index) => batched.send(get(`/${index}/insights`)));
		const fields = 'id,insights.metric(reach)';
		const heavy = Array.from({ length: 11 }, (_, index) => batched.send(get(`/${index}/media`, { fields })));
		await turn(clock);
		await Promise.all([...light, ...heavy]);
		expect(transport.requests.map((request) => (request.method === 'POST' ? bodyOf(request).length : 1))).toEqual([
			50, 1, 10, 1,
		]);
	});

	test.each([
		['a request that writes', { method: 'POST' as const, body: { a: '1' } }],
		['a host without batches', { host: 'graph.instagram.com' as const }],
	])('sends %s unchanged, at once', async (_, change) => {
		const { transport, batched } = batching(echo);
		const request = { ...get('/1'), ...change };
		await batched.send(request);
		expect(transport.requests).toEqual([request]);
	});

	test('never mixes versions', async () => {
		const { transport, clock, batched } = batching(echo);
		const all = Promise.all([batched.send(get('/1')), batched.send({ ...get('/2'), version: 'v26.0' })]);
		await turn(clock);
		await all;
		expect(transport.requests.map(({ version, path }) => `${version} ${path}`)).toEqual(['v25.0 /1', 'v26.0 /2']);
	});

	test('resends an item that the batch left unanswered', async () => {
		const { transport, clock, batched } = batching((request) =>
			request.method === 'POST' ? { body: [null, { code: 200, body: 'two' }] } : echo(request),
		);
		const all = Promise.all([batched.send(get('/1')), batched.send(get('/2'))]);
		await turn(clock);
		expect((await all).map(({ text }) => text)).toEqual(['/1', 'two']);
		expect(transport.requests).toHaveLength(2);
	});

	test('returns the refusal of the whole batch for every item', async () => {
		const refusal = { error: { code: 190, message: 'Session has expired', fbtrace_id: 'A' } };
		const { clock, batched } = batching(() => ({ status: 400, body: refusal }));
		const all = Promise.all([batched.send(get('/1')), batched.send(get('/2'))]);
		await turn(clock);
		for (const answer of await all) expect(answer).toMatchObject({ status: 400, text: JSON.stringify(refusal) });
	});

	test('fails every item if there is no answer', async () => {
		const { clock, batched } = batching(() => new Error('reset'));
		const all = Promise.allSettled([batched.send(get('/1')), batched.send(get('/2'))]);
		await turn(clock);
		expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
	});
});
