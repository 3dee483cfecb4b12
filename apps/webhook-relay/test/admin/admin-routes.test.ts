import express from 'express';
import { describe, expect, test } from 'vitest';
import { type AdminOptions, adminRoutes } from '../../src/admin/admin-routes.ts';
import { createMetrics } from '../../src/admin/relay-metrics.ts';
import { waitFor } from '../../src/admin/require-admin-token.ts';
import { systemClock } from '../../src/cli/system-clock.ts';
import { StoreError } from '../../src/relay/store.ts';
import { startFaultSubscriber } from '../fault-subscriber.ts';
import { pollUntil } from '../poll-until.ts';
import { serveOnLoopback } from '../serve-on-loopback.ts';
import { ADMIN_TOKEN, commentBody, startTestRelay } from '../start-test-relay.ts';

describe('the admin API', () => {
	test.each([undefined, '', 'Bearer', 'Bearer not-the-token', `Basic ${ADMIN_TOKEN}`, `Bearer ${ADMIN_TOKEN}x`])(
		'lets nobody in with %j',
		async (authorization) => {
			const { url } = await startTestRelay();
			for (const path of ['totals', 'events', 'subscribers/n8n/pause', 'nothing']) {
				const response = await fetch(`${url}/api/${path}`, {
					headers: authorization === undefined ? {} : { authorization },
				});
				expect(response.status).toBe(401);
				expect(await response.json()).toEqual({ error: 'unauthorized' });
			}
		},
	);

	test('lists, searches and shows events', async () => {
		const relay = await startTestRelay();
		await relay.post(commentBody('1', { text: 'blue' }));
		await relay.post(commentBody('2', { accountId: '7', text: 'red' }));
		const all = (await relay.api('events')).json;
		expect(all.rows).toHaveLength(2);
		expect((await relay.api('events?account=7')).json.rows).toHaveLength(1);
		expect((await relay.api('events?field=comments,messages&search=blue')).json.rows).toHaveLength(1);
		expect((await relay.api(`events?since=${new Date(Date.now() + 60_000).toISOString()}`)).json.rows).toHaveLength(0);
		const { json } = await relay.api(`events/${all.rows[0]?.eventId}`);
		expect(json).toMatchObject({ event: { value: { id: '2', text: 'red' }, secretName: 'instagram' }, deliveries: [] });
		expect((await relay.api('events/evt_none')).status).toBe(404);
	});

	test.each([
		'events?limit=0',
		'events?limit=501',
		'events?since=yesterdayish',
		'events?since=2026-11-24&until=2026-11-23',
		'events?state=lost',
		'events?colour=red',
		'deliveries?before=x',
	])('tells what is wrong with %s', async (path) => {
		const relay = await startTestRelay();
		const { status, json } = await relay.api(path);
		expect(status).toBe(400);
		expect(json.problems).toHaveLength(1);
	});

	test('pauses and resumes', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url }] });
		expect((await relay.api('subscribers/n8n/pause', {})).status).toBe(200);
		await relay.post(commentBody('1'));
		expect((await relay.api('subscribers')).json.rows).toMatchObject([
			{ subscriberId: 'n8n', pending: 1, pause: { by: 'operator' } },
		]);
		expect((await relay.api('subscribers/n8n/resume', {})).status).toBe(200);
		await pollUntil('the delivery', () => n8n.received.length === 1);
		expect(await relay.api('subscribers/nobody/pause', {})).toMatchObject({
			status: 404,
			json: { problems: ['Unknown subscriber "nobody". Known subscribers: n8n'] },
		});
	});

	test('replays by id, time, field and subscriber', async () => {
		const [first, second] = [await startFaultSubscriber(), await startFaultSubscriber()];
		const relay = await startTestRelay({
			subscribers: [
				{ id: 'first', url: first.url },
				{ id: 'second', url: second.url },
			],
		});
		for (const id of ['1', '2', '3']) await relay.post(commentBody(id));
		const settled = () => pollUntil('nothing waiting', async () => (await relay.api('totals')).json.pending === 0);
		await settled();
		const eventId = (await relay.api('events')).json.rows[0]?.eventId;
		expect((await relay.api('replay', { ids: [eventId], subscriber: 'first' })).json).toEqual({ replayed: 1 });
		await settled();
		expect([first.received.length, second.received.length]).toEqual([4, 3]);
		expect((await relay.api('replay', { field: 'comments', since: '2020-01-01T00:00:00Z' })).json).toEqual({
			replayed: 6,
		});
		await settled();
		expect((await relay.api('replay', { field: 'messages' })).json).toEqual({ replayed: 0 });
		expect((await relay.api('replay', { until: '2020-01-01T00:00:00Z' })).json).toEqual({ replayed: 0 });
	});

	test('says that no event has the IDs that a replay names, and what a filter must be', async () => {
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: 'http://127.0.0.1:9/' }] });
		const warning = expect.stringContaining('check the event IDs');
		expect((await relay.api('replay', { id: 'evt_unknown' })).json).toEqual({ replayed: 0, warning });
		for (const account of [17841405309211844, '', []]) {
			const { status, json } = await relay.api('replay', { account });
			expect([status, json.problems]).toEqual([
				400,
				expect.arrayContaining([expect.stringMatching(/^account: .*string/)]),
			]);
		}
	});

	test('says that a body is not JSON', async () => {
		const { url } = await startTestRelay();
		const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
		const response = await fetch(`${url}/api/replay`, { method: 'POST', headers, body: '{' });
		expect([response.status, await response.json()]).toEqual([
			400,
			{ error: 'bad-request', problems: ['the body is not JSON; correct it'] },
		]);
	});

	test('warns only about replays that cannot carry the replay mark', async () => {
		const n8n = await startFaultSubscriber();
		const subscribers = [
			{ id: 'whole', url: n8n.url, mode: 'passthrough' },
			{ id: 'parts', url: n8n.url },
		];
		const relay = await startTestRelay({ subscribers });
		await relay.post(commentBody('1'));
		await pollUntil('nothing waiting', async () => (await relay.api('totals')).json.pending === 0);
		const warning = expect.stringMatching(/passthrough.*whole.*duplicate/);
		const ask = async (order: object) => (await relay.api('replay', { field: 'comments', ...order })).json;
		expect(await ask({ dryRun: true })).toEqual({ matching: 2, warning });
		expect(await ask({ subscriber: 'parts', dryRun: true })).toEqual({ matching: 1 });
		expect(await ask({ state: 'dead', dryRun: true })).toEqual({ matching: 0 });
		expect(await ask({ subscriber: 'whole' })).toEqual({ replayed: 1, warning });
	});

	test('accepts one or several values per filter, times as numbers, and any content type', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url }] });
		await relay.post(commentBody('1'));
		await pollUntil('the delivery', () => n8n.received.length === 1);
		const [event] = (await relay.api('events')).json.rows;
		const orders = [
			{ subscriber: 'n8n' },
			{ subscribers: ['n8n'], since: 0 },
			{ id: event?.eventId },
			{ ids: event?.eventId },
			{ fields: ['comments'], accounts: '17841405309211844' },
		];
		for (const [index, order] of orders.entries()) {
			await expect.poll(async () => (await relay.api('totals')).json.pending).toBe(0);
			const response = await fetch(`${relay.url}/api/replay`, {
				method: 'POST',
				headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
				body: JSON.stringify(order),
			});
			expect(await response.json()).toEqual({ replayed: 1 });
			await pollUntil('the delivery', () => n8n.received.length === index + 2);
		}
	});

	test("replays nothing that the subscriber's match excludes", async () => {
		const n8n = await startFaultSubscriber();
		const match = { fields: ['messages'], accounts: ['1'] };
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url, match }] });
		await relay.post(commentBody('1'));
		const [event] = (await relay.api('events')).json.rows;
		expect((await relay.api('replay', { ids: [event?.eventId] })).json).toEqual({
			replayed: 0,
			warning: expect.stringContaining('what each subscriber wants'),
		});
	});

	test('refuses a replay without a filter, and one to an unknown subscriber', async () => {
		const relay = await startTestRelay();
		expect((await relay.api('replay', {})).status).toBe(400);
		expect((await relay.api('replay', { state: 'dead', subscriber: 'nobody' })).status).toBe(400);
	});

	test('shows no secret, header or full path of a subscriber', async () => {
		const url = 'http://127.0.0.1:9/webhook/a-path-nobody-guesses?key=k';
		const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
		const relay = await startTestRelay({
			subscribers: [{ id: 'n8n', url, secret, headers: { 'x-api-key': 'fake-api-key' } }],
		});
		const text = JSON.stringify((await relay.api('subscribers')).json);
		for (const word of [secret, 'fake-api-key', 'a-path-nobody-guesses', 'key=k']) expect(text).not.toContain(word);
		expect(text).toContain('http://127.0.0.1:9');
	});

	test('counts a replay with dryRun, and respects the search', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url }] });
		await relay.post(commentBody('1', { text: 'in "Azul"?' }));
		await relay.post(commentBody('2'));
		await pollUntil('nothing waiting', async () => (await relay.api('totals')).json.pending === 0);
		expect((await relay.api('replay', { search: '"azul"', dryRun: true })).json).toEqual({ matching: 1 });
		expect((await relay.api('replay', { search: '"azul"' })).json).toEqual({ replayed: 1 });
		await pollUntil('the replay', () => n8n.received.length === 3);
		expect(JSON.parse(n8n.received[2]?.body ?? '').data).toMatchObject({ replay: true, value: { text: 'in "Azul"?' } });
	});

	test('understands Unix seconds', async () => {
		const relay = await startTestRelay();
		await relay.post(commentBody('1'));
		const seconds = Math.floor(Date.now() / 1000);
		expect((await relay.api(`events?since=${seconds + 60}`)).json.rows).toHaveLength(0);
		expect((await relay.api(`events?since=${seconds - 60}`)).json.rows).toHaveLength(1);
	});

	test('drops or redirects the waiting deliveries of a removed subscriber only', async () => {
		const other = await startFaultSubscriber();
		const gone = { id: 'gone', url: 'http://127.0.0.1:9/x' };
		const relay = await startTestRelay({ subscribers: [gone] });
		await relay.post(commentBody('1'));
		expect((await relay.api('subscribers/gone/drop', {})).status).toBe(409);
		relay.writeSubscribers([{ id: 'other', url: other.url }]);
		await pollUntil('the new list', () => relay.lines.some((line) => line.includes('reloaded')));
		expect((await relay.api('overview')).json).toMatchObject({ concerns: [{ kind: 'removed', subject: 'gone' }] });
		expect((await relay.api('subscribers/gone/redirect', { to: 'nobody' })).status).toBe(400);
		await expect
			.poll(async () => (await relay.api('subscribers/gone/redirect', { to: 'other' })).json)
			.toEqual({ redirected: 1, left: 0 });
		await pollUntil('the delivery', () => other.received.length === 1);
		expect(other.received[0]?.body).not.toContain('"replay"');
		expect((await relay.api('subscribers/gone/drop', {})).json).toEqual({ dropped: 0 });
		expect((await relay.api('subscribers')).json.rows.map(({ subscriberId }) => subscriberId)).toEqual(['other']);
	});

	test('returns the value as Meta wrote it, and marks samples', async () => {
		const relay = await startTestRelay();
		await relay.post(
			'{"object":"instagram","entry":[{"id":"0","time":1,"changes":[{"field":"comments","value":{"n":1e400,"id":17841436214263005}}]}]}',
		);
		const [row] = (await relay.api('events')).json.rows;
		expect(row).toMatchObject({ sample: true });
		const response = await fetch(`${relay.url}/api/events/${row?.eventId}`, {
			headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
		});
		expect(await response.text()).toContain('"value":{"n":1e400,"id":17841436214263005}');
	});

	test('answers 503 with what to do while the store is away', async () => {
		const away = () => Promise.reject(new StoreError('unreachable', 'away'));
		const options = {
			...{ store: { browse: { totals: away } }, clock: systemClock },
			guard: (_request: unknown, _response: unknown, next: () => void) => next(),
		};
		const { url } = await serveOnLoopback(express().use(adminRoutes(options as unknown as AdminOptions)));
		const response = await fetch(`${url}/api/totals`);
		expect([response.status, await response.json()]).toEqual([
			503,
			{ error: 'store', problems: ['The store failed (unreachable). Try again in a moment.'] },
		]);
	});

	test('is never cached', async () => {
		const { url } = await startTestRelay();
		const response = await fetch(`${url}/api/totals`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
		expect(response.headers.get('cache-control')).toBe('no-store');
	});

	test('refuses a body that is not JSON', async () => {
		const { url } = await startTestRelay();
		const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json' };
		const response = await fetch(`${url}/api/replay`, { method: 'POST', headers, body: '{"<script>' });
		expect(response.status).toBe(400);
		expect(await response.text()).not.toContain('script');
	});
});

describe('/metrics', () => {
	test('counts received, refused, repeated and delivered events', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: n8n.url }] });
		await relay.post(commentBody('1'));
		await relay.post(commentBody('1'));
		await relay.post(commentBody('1', { text: 'edited' }));
		await relay.post(commentBody('1'), { secret: 'guess' });
		await pollUntil('both deliveries', () => n8n.received.length === 2);
		const text = await pollUntil('the count of deliveries', async () => {
			const page = await (await fetch(`${relay.url}/metrics`)).text();
			return page.includes('relay_attempts_total{subscriber="n8n",outcome="ok"} 2') && page;
		});
		for (const line of [
			'relay_receipts_total{outcome="stored",secret="instagram"} 2',
			'relay_receipts_total{outcome="duplicate",secret="instagram"} 1',
			'relay_receipts_total{outcome="refused",secret=""} 1',
			'relay_signatures_refused_total{reason="mismatch"} 1',
			'relay_events_received_total{field="comments",account="17841405309211844"} 2',
			'relay_events_duplicate_total{field="comments",account="17841405309211844"} 1',
			'relay_events_changed_total 1',
			'relay_commit_seconds_count 3',
			'relay_delivery_lag_seconds_count{subscriber="n8n"} 2',
			'relay_backlog 0',
		]) {
			expect(text).toContain(line);
		}
	});

	test('is correct at the first scrape, starts at 0, and ends the series of removed subscribers', async () => {
		const relay = await startTestRelay({
			subscribers: [
				{ id: 'n8n', url: 'http://127.0.0.1:9/x' },
				{ id: 'other', url: 'http://127.0.0.1:9/y', match: { fields: ['none'] } },
			],
		});
		await relay.post(commentBody('1'));
		const scrape = async () => (await fetch(`${relay.url}/metrics`)).text();
		const first = await scrape();
		for (const line of [
			'relay_store_up 1',
			'relay_backlog 1',
			'relay_deliveries_pending{subscriber="n8n"} 1',
			'relay_receipts_total{outcome="refused",secret=""} 0',
			'relay_deliveries_dead_total{subscriber="other"} 0',
			'relay_attempts_total{subscriber="other",outcome="ok"} 0',
			'relay_requests_turned_away_total{reason="path"} 0',
		]) {
			expect(first).toContain(`${line}\n`);
		}
		expect(first).toMatch(/^relay_store_bytes [1-9]/m);
		relay.writeSubscribers([{ id: 'other', url: 'http://127.0.0.1:9/y' }]);
		await pollUntil('the new list', () => relay.lines.some((line) => line.includes('reloaded')));
		const second = await scrape();
		expect(second).not.toContain('subscriber="n8n"');
		expect(second).toContain('relay_deliveries_of_removed_subscribers 1\n');
	});

	test('reports that the store is away, and still answers', async () => {
		const away = () => Promise.reject(new StoreError('unreachable', 'away'));
		const metrics = createMetrics({
			...{ store: { browse: { standing: away }, check: away }, clock: systemClock },
			...{ knownSubscribers: () => ['n8n'], secretNames: [] },
		});
		const text = await metrics.scrape();
		expect(text).toContain('relay_store_up 0\n');
		expect(text).not.toMatch(/^relay_(backlog|store_bytes|deliveries_pending)/m);
	});
});

describe('wrong admin tokens', () => {
	test('are counted and answered more slowly each time, while the right token is accepted at once', async () => {
		const relay = await startTestRelay();
		const guess = (token: string) =>
			fetch(`${relay.url}/api/totals`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status);
		for (let tries = 0; tries < 5; tries += 1) expect(await guess('wrong')).toBe(401);
		const startedAt = performance.now();
		const slow = guess('wrong');
		expect(await guess(ADMIN_TOKEN)).toBe(200);
		expect(await slow).toBe(401);
		expect(performance.now() - startedAt).toBeGreaterThan(240);
		expect(await (await fetch(`${relay.url}/metrics`)).text()).toContain(
			'relay_requests_turned_away_total{reason="admin-token"} 6\n',
		);
		expect(relay.lines.filter((line) => line.includes('wrong admin token'))).toHaveLength(1);
	});

	test('wait twice as long each time, up to a limit', () => {
		expect([5, 6, 7, 8, 11, 12, 100].map(waitFor)).toEqual([0, 250, 500, 1000, 8000, 10_000, 10_000]);
	});
});
