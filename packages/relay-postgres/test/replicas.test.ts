import type { AdminStore } from '@instagram-insights/webhook-relay/admin/admin-store';
import { claimBy, commentReceipt, NOON, subscriber } from '@instagram-insights/webhook-relay/test/relay/sample-receipt';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { openPostgresStore } from '../src/postgres-store.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

let server: PostgresServer;
let url: string;
beforeAll(async () => {
	server = await startPostgres();
});
afterAll(() => server.remove());
beforeEach(async () => {
	url = await server.createDatabase();
});

async function openReplica(replica: string): Promise<AdminStore> {
	const store = await openPostgresStore({ url, dedupMs: 7 * 86_400_000, replica, patienceMs: 5000 });
	onTestFinished(() => store.close());
	return store;
}

/** Three replicas that start at the same moment. */
async function openThree(changes: Parameters<typeof subscriber>[1] = {}): Promise<AdminStore[]> {
	const stores = await Promise.all(['one', 'two', 'three'].map(openReplica));
	for (const store of stores) await store.route([subscriber('a', changes)]);
	return stores;
}

const ids = (deliveries: readonly { value: string }[]) => deliveries.map(({ value }) => JSON.parse(value).id as string);

describe('replicas on one PostgreSQL', () => {
	test('that start at the same moment make the schema once', async () => {
		const stores = await Promise.all(Array.from({ length: 8 }, (_, index) => openReplica(`${index}`)));
		for (const store of stores) await store.check();
		const made = await server.query('SELECT number FROM relay.migration', new URL(url).pathname.slice(1));
		expect(made).toEqual([{ number: 1 }]);
	});

	test('say what to do about a database, user or right that is missing', async () => {
		await server.query('DROP ROLE IF EXISTS weak');
		await server.query('CREATE ROLE weak LOGIN');
		const opening = (part: 'username' | 'pathname', value: string, query = '') => {
			const address = Object.assign(new URL(`${url}${query}`), { [part]: value });
			return openPostgresStore({ url: address.href, dedupMs: 1, replica: 'one', patienceMs: 0 });
		};
		await expect(opening('pathname', '/none')).rejects.toThrow(/"none" does not exist; create this database/);
		await expect(opening('username', 'none')).rejects.toThrow(/; correct the user and password in RELAY_STORE/);
		await expect(opening('username', 'weak')).rejects.toThrow(/; grant this user CREATE on the database/);
		await expect(opening('username', 'relay', '?sslmode=verify-full')).rejects.toThrow(/; correct sslmode/);
	});

	test('refuse a database that a newer relay wrote', async () => {
		await (await openReplica('old')).check();
		await server.query(`INSERT INTO relay.migration VALUES (99, 'newer')`, new URL(url).pathname.slice(1));
		await expect(openReplica('late')).rejects.toThrow('start the newer relay');
	});

	test('store an event once that all of them receive at the same moment', async () => {
		const stores = await openThree();
		const appended = await Promise.all(
			Array.from({ length: 60 }, (_, index) =>
				stores[index % 3]?.append(commentReceipt([`${index % 4}`, `${index % 5}`])),
			),
		);
		// 0 to 4: what each saw first is stored, everything else is a repetition.
		expect(appended.flatMap((one) => one?.stored ?? [])).toHaveLength(5);
		expect(appended.reduce((sum, one) => sum + (one?.duplicates ?? 0), 0)).toBe(115);
		expect(await stores[0]?.browse.totals(NOON)).toMatchObject({ events: 5, pending: 5 });
		expect(await stores[0]?.browse.accounts()).toMatchObject([{ events: 5 }]);
	});

	test('keep the leases of all of them within the concurrency, claiming at the same moment', async () => {
		const stores = await openThree();
		await stores[0]?.append(commentReceipt(Array.from({ length: 60 }, (_, id) => `${id}`)));
		const claims = await Promise.all(
			stores.flatMap((store, index) =>
				Array.from({ length: 4 }, () => store.claim(claimBy('a', { holder: `${index}`, concurrency: 25, limit: 10 }))),
			),
		);
		const claimed = claims.flatMap(({ deliveries }) => ids(deliveries));
		expect(new Set(claimed).size).toBe(claimed.length);
		expect(claimed).toHaveLength(25);
	});

	test('keep the starts of all of them within the rate, claiming at the same moment', async () => {
		const stores = await openThree();
		await stores[0]?.append(commentReceipt(Array.from({ length: 60 }, (_, id) => `${id}`)));
		const claims = await Promise.all(
			stores.flatMap((store) => Array.from({ length: 4 }, () => store.claim(claimBy('a', { ratePerSecond: 7 })))),
		);
		expect(claims.flatMap(({ deliveries }) => deliveries)).toHaveLength(7);
	});

	test('hold a subscriber together: what one pauses, none claims', async () => {
		const [one, two, three] = await openThree();
		await one?.append(commentReceipt(['1']));
		await two?.pause('a', { reason: 'maintenance', now: NOON });
		for (const store of [one, three]) expect((await store?.claim(claimBy('a')))?.deliveries).toEqual([]);
		await three?.resume('a');
		expect((await one?.claim(claimBy('a')))?.deliveries).toHaveLength(1);
	});

	test('open the circuit together, and let one probe through between them', async () => {
		const stores = await openThree();
		await stores[0]?.append(commentReceipt(Array.from({ length: 30 }, (_, id) => `${id}`)));
		const claims = await Promise.all(stores.map((store) => store.claim(claimBy('a', { limit: 4 }))));
		const attempt = { startedAt: NOON, durationMs: 10, status: 500, reason: 'http-500', excerpt: '' };
		await Promise.all(
			claims.map(({ deliveries }, index) =>
				stores[index]?.settle(
					deliveries.map(({ eventId, subscriberId, lease }) => ({
						...{ eventId, subscriberId, lease, attempt },
						outcome: { kind: 'retry', dueAt: NOON },
						verdict: { kind: 'retry', reason: 'http-502', about: 'receiver' },
					})),
				),
			),
		);
		// Twelve failures: the circuit opened at the tenth, and the last two were under way then.
		for (const store of stores) {
			expect(await store.claim(claimBy('a', { now: NOON + 20 }))).toEqual({
				deliveries: [],
				wakeAt: NOON + 10 + 10_000,
				hold: { kind: 'circuit', until: NOON + 10 + 10_000 },
			});
		}
		const probes = await Promise.all(stores.map((store) => store.claim(claimBy('a', { now: NOON + 10_010 }))));
		expect(probes.flatMap(({ deliveries }) => deliveries)).toHaveLength(1);
	});

	test('keep the order of an account, no matter which replica receives and which delivers', async () => {
		const stores = await openThree({ order: 'account' });
		const received: string[] = [];
		for (let round = 0; round < 15; round += 1) {
			const names = ['x', 'y', 'z'].map((name) => `${round}${name}`);
			await Promise.all(
				stores.map((store, index) => store.append(commentReceipt([names[index] ?? ''], { accountId: '7' }))),
			);
			const claims = await Promise.all(
				stores.map((store, index) => store.claim(claimBy('a', { order: 'account', holder: `${index}` }))),
			);
			const claimed = claims.flatMap(({ deliveries }) => deliveries);
			expect(claimed).toHaveLength(1);
			for (const { eventId, subscriberId, lease, value } of claimed) {
				received.push(JSON.parse(value).id);
				await stores[(round + 1) % 3]?.settle([
					{
						...{ eventId, subscriberId, lease },
						attempt: { startedAt: NOON, durationMs: 1, status: 200, reason: 'ok', excerpt: '' },
						outcome: { kind: 'delivered' },
						verdict: { kind: 'delivered', reason: 'ok' },
					},
				]);
			}
		}
		const stored = (await stores[0]?.browse.exportEvents({ after: 0, limit: 100 })) ?? [];
		expect(received).toEqual(ids(stored).slice(0, 15));
	});

	test('tell each other of what is due', async () => {
		const [one, two] = await openThree();
		const reported: string[] = [];
		two?.onDue((subscribers) => reported.push(...subscribers));
		await expect
			.poll(async () => {
				// Until the other's listening connection stands.
				await one?.append(commentReceipt([`${Math.random()}`]));
				return reported;
			})
			.toContain('a');
	});

	test('clean up one at a time', async () => {
		const stores = await openThree();
		for (const store of stores) await store.route([]);
		await stores[0]?.append(commentReceipt(Array.from({ length: 30 }, (_, id) => `${id}`)));
		const step = {
			now: NOON + 86_400_000,
			eventsBefore: NOON + 1,
			keysBefore: NOON + 1,
			knownSubscribers: [],
			cursor: 0,
		};
		const removed = await Promise.all(stores.map((store) => store.prune({ ...step, limit: 100 })));
		expect(removed.reduce((sum, { events }) => sum + events, 0)).toBe(30);
	});
});

describe('append on PostgreSQL', () => {
	test('stores text that PostgreSQL has no letters for, and ids that no index would hold', async () => {
		const store = await openReplica('one');
		await store.route([subscriber('a')]);
		const long = 'x'.repeat(20_000);
		const odd = [
			commentReceipt(['nul'], { accountId: 'a\u0000b', text: 'c\u0000d' }),
			commentReceipt([long], { accountId: long }),
			commentReceipt(['surrogate'], { text: '\uD800' }),
		];
		for (const receipt of odd) {
			expect((await store.append(receipt)).stored).toHaveLength(1);
			expect(await store.append(receipt)).toMatchObject({ duplicates: 1 });
		}
		const { deliveries } = await store.claim(claimBy('a'));
		expect(deliveries.map(({ value }) => JSON.parse(value).text)).toEqual(['c\u0000d', 'hi', '\uD800']);
	});

	test('refuses within seconds while PostgreSQL is away, and goes on by itself when it is back', async () => {
		const own = await startPostgres({ durable: true });
		onTestFinished(() => own.remove());
		url = await own.createDatabase();
		const store = await openReplica('one');
		await store.route([subscriber('a')]);
		await store.append(commentReceipt(['1']));
		await own.kill();
		const startedAt = performance.now();
		await expect(store.append(commentReceipt(['2']))).rejects.toMatchObject({ kind: 'unreachable' });
		await expect(store.claim(claimBy('a'))).rejects.toMatchObject({ kind: 'unreachable' });
		await expect(store.check()).rejects.toMatchObject({ kind: 'unreachable' });
		// Three calls, each before Meta's five seconds are over.
		expect(performance.now() - startedAt).toBeLessThan(15_000);
		await own.start();
		await expect.poll(() => store.check().then(() => 'ready', String)).toBe('ready');
		await store.append(commentReceipt(['3']));
		expect(ids((await store.claim(claimBy('a'))).deliveries)).toEqual(['1', '3']);
	});
});
