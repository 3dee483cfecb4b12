import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { signWebhook } from '@instagram-insights/core/testing';
import express from 'express';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { serveHttp } from '../../src/guard/http-server.ts';
import type { Happening } from '../../src/relay/observe.ts';
import { receiveRoutes } from '../../src/relay/receive.ts';
import { APP_SECRET, commentBody, startTestRelay } from '../start-test-relay.ts';

describe('GET /webhooks/instagram', () => {
	test('gives the challenge back as plain text', async () => {
		const { url } = await startTestRelay();
		const response = await fetch(
			`${url}/webhooks/instagram?hub.mode=subscribe&hub.challenge=115&hub.verify_token=fake-verify`,
		);
		expect(response.status).toBe(200);
		expect(response.headers.get('content-type')).toContain('text/plain');
		expect(await response.text()).toBe('115');
	});

	test('refuses another token with 403 and repeats nothing', async () => {
		const { url } = await startTestRelay();
		const response = await fetch(
			`${url}/webhooks/instagram?hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.verify_token=guess`,
		);
		expect(response.status).toBe(403);
		expect(await response.text()).not.toContain('script');
	});

	test.each([
		'',
		'?hub.mode=subscribe',
		'?hub.mode=subscribe&hub.challenge=1&hub.challenge=2&hub.verify_token=fake-verify',
	])('answers 400 to %j', async (query) => {
		const { url } = await startTestRelay();
		expect((await fetch(`${url}/webhooks/instagram${query}`)).status).toBe(400);
	});
});

/** Of the right form; whether it is true shows only when the body is whole. */
const UNPROVEN = { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` };

describe('POST /webhooks/instagram', () => {
	test('stores a signed body and answers 200', async () => {
		const relay = await startTestRelay();
		expect((await relay.post(commentBody('1'))).status).toBe(200);
		expect((await relay.api('totals')).json).toMatchObject({ events: 1 });
	});

	test('takes any of the named secrets', async () => {
		const relay = await startTestRelay();
		expect((await relay.post(commentBody('1'), { secret: 'fake-fb' })).status).toBe(200);
	});

	test('answers 401 to a forged body and stores nothing', async () => {
		const relay = await startTestRelay();
		expect((await relay.post(commentBody('1'), { secret: 'guess' })).status).toBe(401);
		expect((await relay.api('totals')).json).toMatchObject({ events: 0 });
	});

	test('answers 401 without a signature, whatever the body', async () => {
		const { url } = await startTestRelay();
		for (const body of ['', '{}', 'x'.repeat(1000)]) {
			expect((await fetch(`${url}/webhooks/instagram`, { method: 'POST', body })).status).toBe(401);
		}
	});

	test.each([
		['no signature', {}],
		['a signature of another form', { 'x-hub-signature-256': 'sha256=abc' }],
		['a legacy signature', { 'x-hub-signature': `sha1=${'0'.repeat(40)}` }],
	])('answers 401 to %s before the body has come', async (_name, headers) => {
		const { url } = await startTestRelay();
		const status = await new Promise<number | undefined>((resolve, reject) => {
			const sending = request(`${url}/webhooks/instagram`, { method: 'POST', headers }, (response) => {
				resolve(response.statusCode);
				sending.destroy();
			});
			sending.on('error', reject);
			sending.write('{');
		});
		expect(status).toBe(401);
	});

	test('lets the sender of a large unsigned body see the answer', async () => {
		const { url } = await startTestRelay();
		const body = Buffer.alloc(6_000_000, 'x');
		expect((await fetch(`${url}/webhooks/instagram`, { method: 'POST', body })).status).toBe(401);
	});

	test('takes SHA-1 only where it is allowed', async () => {
		const body = JSON.stringify(commentBody('1'));
		const headers = { 'x-hub-signature': `sha1=${createHmac('sha1', APP_SECRET).update(body).digest('hex')}` };
		const strict = await startTestRelay();
		expect((await fetch(`${strict.url}/webhooks/instagram`, { method: 'POST', body, headers })).status).toBe(401);
		const lenient = await startTestRelay({ environment: { RELAY_ACCEPT_SHA1: 'true' } });
		expect((await fetch(`${lenient.url}/webhooks/instagram`, { method: 'POST', body, headers })).status).toBe(200);
	});

	test('binds a route to one secret, and tells in the log which other would have matched', async () => {
		const relay = await startTestRelay();
		expect((await relay.post(commentBody('1'), { path: '/instagram' })).status).toBe(200);
		expect((await relay.post(commentBody('2'), { path: '/facebook' })).status).toBe(401);
		expect((await relay.post(commentBody('3'), { path: '/nobody' })).status).toBe(401);
		const refusals = relay.lines.filter((line) => line.includes('signature refused')).map((line) => JSON.parse(line));
		expect(refusals).toMatchObject([
			{ reason: 'mismatch', wouldMatch: 'instagram' },
			{ reason: 'no-secret', wouldMatch: 'instagram' },
		]);
	});

	test.each([
		['malformed JSON', '{"object":"instagram",'],
		[
			'an unknown field',
			JSON.stringify({ object: 'instagram', entry: [{ id: '1', changes: [{ field: 'new_thing', value: 1 }] }] }),
		],
		['an unknown object', JSON.stringify({ object: 'page', entry: [{ id: '1', messaging: [{}] }] })],
		['an empty body', ''],
		['no JSON at all', Buffer.from([0xff, 0xfe, 0x00])],
	])('stores %s when the signature is good', async (_name, body) => {
		const relay = await startTestRelay();
		expect((await relay.post(body)).status).toBe(200);
		expect((await relay.api('totals')).json).toMatchObject({ events: 1 });
	});

	test.each(['text/plain', 'application/x-www-form-urlencoded', 'image/png', ''])(
		'takes the content type %j',
		async (type) => {
			const { url } = await startTestRelay();
			const { body, headers } = signWebhook(commentBody('1'), APP_SECRET);
			const sent = { ...headers, 'content-type': type, 'content-encoding': 'strange' };
			expect(
				(await fetch(`${url}/webhooks/instagram`, { method: 'POST', body: Buffer.from(body), headers: sent })).status,
			).toBe(200);
		},
	);

	test('takes a batch of 1,000 updates of five megabytes', async () => {
		const changes = Array.from({ length: 1000 }, (_, id) => ({
			field: 'comments',
			value: { id: `${id}`, text: 'x'.repeat(5000) },
		}));
		const relay = await startTestRelay();
		expect((await relay.post({ object: 'instagram', entry: [{ id: '1', changes }] })).status).toBe(200);
		expect((await relay.api('totals')).json).toMatchObject({ events: 1000 });
	});

	test('stores a body with a million tiny updates whole, and does not keep others waiting', async () => {
		const relay = await startTestRelay();
		const changes = '{},'.repeat(1_500_000).slice(0, -1);
		const flood = relay.post(`{"object":"instagram","entry":[{"id":"1","changes":[${changes}]}]}`);
		const startedAt = performance.now();
		expect((await relay.post(commentBody('1'))).status).toBe(200);
		expect(performance.now() - startedAt).toBeLessThan(20_000);
		expect((await flood).status).toBe(200);
		expect((await relay.api('totals')).json).toMatchObject({ events: 2 });
	});

	test('answers 413 beyond the limit, by the declared length or by counting, and says so', async () => {
		const { url, lines } = await startTestRelay({ environment: { RELAY_BODY_LIMIT_MB: '0.01' } });
		const path = `${url}/webhooks/instagram`;
		const reported = await fetch(path, { method: 'POST', headers: UNPROVEN, body: 'x'.repeat(20_000) });
		expect(reported.status).toBe(413);
		const counted = await new Promise<number | undefined>((resolve, reject) => {
			const sending = request(path, { method: 'POST', headers: UNPROVEN }, (response) => resolve(response.statusCode));
			sending.on('error', reject);
			for (let part = 0; part < 20; part += 1) sending.write('x'.repeat(1000));
		});
		expect(counted).toBe(413);
		expect(await (await fetch(`${url}/metrics`)).text()).toContain('turned_away_total{reason="too-large"} 2');
		expect(lines.join('')).toContain('larger than RELAY_BODY_LIMIT_MB');
	});

	test('answers 503 while all bodies together are too much to hold, and takes them again after', async () => {
		const relay = await startTestRelay({ environment: { RELAY_BODY_LIMIT_MB: '0.01', RELAY_BODIES_MB: '0.01' } });
		const slow = request(`${relay.url}/webhooks/instagram`, { method: 'POST', headers: UNPROVEN });
		slow.on('error', () => {});
		slow.write('x'.repeat(9000));
		const large = commentBody('1', { text: 'y'.repeat(2000) });
		await expect.poll(async () => (await relay.post(large)).status).toBe(503);
		const busy = await relay.post(large);
		expect([busy.status, busy.headers.get('retry-after'), await busy.text()]).toEqual([503, '5', 'Busy, send again.']);
		expect(relay.lines.filter((line) => line.includes('too many request bodies'))).toHaveLength(1);
		expect(await (await fetch(`${relay.url}/metrics`)).text()).toMatch(/turned_away_total\{reason="busy"\} [1-9]/);
		slow.destroy();
		await expect.poll(async () => (await relay.post(large)).status).toBe(200);
		expect((await relay.api('totals')).json).toMatchObject({ events: 1 });
	});

	test('lets a sender of far too much see the answer', async () => {
		const { url } = await startTestRelay();
		for (let time = 0; time < 3; time += 1) {
			const body = Buffer.alloc(6_000_000, 'x');
			const response = await fetch(`${url}/webhooks/instagram`, { method: 'POST', headers: UNPROVEN, body });
			expect([response.status, await response.text()]).toEqual([413, 'Too large.']);
		}
	});

	test('answers a repetition with 200 and stores it once', async () => {
		const relay = await startTestRelay();
		for (let time = 0; time < 3; time += 1) expect((await relay.post(commentBody('1'))).status).toBe(200);
		expect((await relay.api('totals')).json).toMatchObject({ events: 1 });
	});

	test('keeps payload and secrets out of the log', async () => {
		const relay = await startTestRelay({ environment: { RELAY_LOG_LEVEL: 'debug' } });
		await relay.post(commentBody('1', { text: 'private words' }));
		await relay.post(commentBody('2', { text: 'private words' }), { secret: 'guess' });
		await relay.post('{"private words');
		const log = relay.lines.join('');
		for (const word of ['private words', APP_SECRET, 'fake-fb', 'fake-verify', 'sha256='])
			expect(log).not.toContain(word);
	});
});

describe('anything else', () => {
	test.each(['/', '/webhooks', '/webhooks/instagram/a/b', '/%3Cscript%3E', '/api/events/../../etc'])(
		'%s is not found, and not repeated',
		async (path) => {
			const { url } = await startTestRelay();
			const response = await fetch(`${url}${path}`);
			expect(response.status).toBeGreaterThanOrEqual(400);
			expect(await response.text()).not.toContain('script');
		},
	);
});

describe('RELAY_BASE_PATH', () => {
	test('puts everything behind the prefix, and nothing beside it', async () => {
		const relay = await startTestRelay({ environment: { RELAY_BASE_PATH: '/relay' } });
		const page = await (await fetch(`${relay.url}/relay/dashboard`)).text();
		const linked = [...page.matchAll(/(?:href|src)="([^"#:]+)"/g)].map(([, link]) => link);
		expect(linked.length).toBeGreaterThan(1);
		const paths = ['/webhooks/instagram', '/healthz', '/readyz', '/metrics', '/api/totals', '/dashboard'];
		const own = linked.map((link = '') => new URL(link, 'http://x/dashboard').pathname);
		for (const path of [...paths, ...own]) {
			expect((await fetch(`${relay.url}/relay${path}`)).status, path).not.toBe(404);
			expect((await fetch(`${relay.url}${path}`)).status, path).toBe(404);
		}
		// The page's addresses are relative: with a slash at its end they would miss.
		const slashed = await fetch(`${relay.url}/relay/dashboard/`);
		expect([slashed.status, slashed.url]).toEqual([200, `${relay.url}/relay/dashboard`]);
		const { body, headers } = signWebhook(commentBody('1'), APP_SECRET);
		const sent = await fetch(`${relay.url}/relay/webhooks/instagram`, {
			method: 'POST',
			body: Buffer.from(body),
			headers,
		});
		expect(sent.status).toBe(200);
	});
});

describe('a secret that is rotated', () => {
	test('is accepted in its old and its new form, on its own route too', async () => {
		const secrets = { META_APP_SECRETS: 'instagram:fake-new,instagram:fake-ig,facebook:fake-fb' };
		const relay = await startTestRelay({ environment: secrets });
		for (const path of ['', '/instagram']) {
			expect((await relay.post(commentBody(`1${path}`), { secret: 'fake-new', path })).status).toBe(200);
			expect((await relay.post(commentBody(`2${path}`), { secret: 'fake-ig', path })).status).toBe(200);
			expect((await relay.post(commentBody(`3${path}`), { secret: 'fake-old', path })).status).toBe(401);
		}
		expect((await relay.post(commentBody('4'), { secret: 'fake-fb', path: '/instagram' })).status).toBe(401);
	});
});

describe('RELAY_MAX_AGE', () => {
	const sentAgo = (id: string, hours: number) => {
		const { entry } = commentBody(id);
		return { object: 'instagram', entry: [{ ...entry[0], time: Math.floor(Date.now() / 1000) - hours * 3600 }] };
	};

	test('refuses a body that was sent longer ago, and says so', async () => {
		const relay = await startTestRelay({ environment: { RELAY_MAX_AGE: '36h' } });
		expect((await relay.post(sentAgo('1', 35))).status).toBe(200);
		expect((await relay.post(sentAgo('2', 37))).status).toBe(401);
		expect(relay.lines.some((line) => line.includes('RELAY_MAX_AGE allows'))).toBe(true);
		expect((await relay.api('totals')).json).toMatchObject({ events: 1 });
	});

	test('takes a body whose newest entry is young enough, and one without a time', async () => {
		const relay = await startTestRelay({ environment: { RELAY_MAX_AGE: '36h' } });
		const both = { object: 'instagram', entry: [...sentAgo('1', 100).entry, ...sentAgo('2', 1).entry] };
		expect((await relay.post(both)).status).toBe(200);
		const { time: _, ...untimed } = commentBody('3').entry[0] ?? {};
		expect((await relay.post({ object: 'instagram', entry: [untimed] })).status).toBe(200);
	});

	test('is off by default', async () => {
		const relay = await startTestRelay();
		expect((await relay.post(sentAgo('1', 24 * 365))).status).toBe(200);
	});
});

describe('a commit that takes longer than Meta waits', () => {
	test('is answered 503 after four seconds and reported as late', async () => {
		const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<Happening>()];
		const append = () => {
			asked.resolve();
			return new Promise<never>(() => {});
		};
		const app = express().use(
			receiveRoutes({
				...{
					store: { append },
					verifyToken: 'fake-verify',
					secrets: [{ name: 'instagram', secret: APP_SECRET }],
					now: Date.now,
				},
				...{ acceptSha1: false, observer: { see: answered.resolve } },
			}),
		);
		const server = await serveHttp(app, { host: '127.0.0.1', port: 0, maxConnections: 10 });
		onTestFinished(() => server.close());
		const { body, headers } = signWebhook(commentBody('1'), APP_SECRET);
		vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
		onTestFinished(() => void vi.useRealTimers());
		const posted = fetch(`${server.url}/webhooks/instagram`, { method: 'POST', body: Buffer.from(body), headers });
		await asked.promise;
		vi.advanceTimersByTime(4000);
		const response = await posted;
		expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
		expect(await answered.promise).toMatchObject({ kind: 'not-stored', error: { kind: 'late' } });
		vi.useRealTimers();
	});
});
