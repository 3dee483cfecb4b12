import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createReader } from '../../src/sqlite/reader.ts';
import { openSqliteStore, type SqliteOptions } from '../../src/sqlite/sqlite-event-store.ts';
import { startFaultSubscriber } from '../fault-subscriber.ts';
import { pollUntil } from '../poll-until.ts';
import { commentBody, startTestRelay } from '../start-test-relay.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { commentReceipt, subscriber } from './sample-receipt.ts';

const DEDUP_MS = 86_400_000;

async function openStore(path: string, options: Partial<SqliteOptions> = {}) {
	const store = await openSqliteStore({ path, dedupMs: DEDUP_MS, ...options });
	onTestFinished(() => store.close());
	return store;
}

/** Hold the write lock as another process would. */
function lock(path: string) {
	// The store may be in the middle of a commit of its own: wait for it.
	const other = new DatabaseSync(path, { timeout: 10_000 });
	other.exec('BEGIN IMMEDIATE');
	onTestFinished(() => other.close());
	return { release: () => other.exec('ROLLBACK') };
}

/** Fill until the store refuses; the number of receipts it took. */
async function fill(append: (id: number) => Promise<unknown>): Promise<number> {
	for (let id = 0; id < 10_000; id += 1) {
		try {
			await append(id);
		} catch {
			return id;
		}
	}
	throw new Error('it never filled up');
}

describe('the SQLite store', () => {
	test('rejects while another process holds the lock, and goes on when it lets go', async () => {
		const path = join(temporaryFolder(), 'relay.db');
		const store = await openStore(path, { busyTimeoutMs: 50 });
		const held = lock(path);
		await expect(store.append(commentReceipt(['1']))).rejects.toMatchObject({ kind: 'locked' });
		await expect(store.check()).rejects.toMatchObject({ kind: 'locked' });
		held.release();
		expect(await store.append(commentReceipt(['1']))).toMatchObject({ duplicates: 0, stored: [{}] });
	});

	test('rejects when it is full, and everything it took is there', async () => {
		const path = join(temporaryFolder(), 'relay.db');
		const store = await openStore(path, { maxMegabytes: 1 });
		await store.route([subscriber('a')]);
		const taken = await fill((id) => store.append(commentReceipt([`${id}`], { text: 'x'.repeat(20_000) })));
		await expect(store.append(commentReceipt(['more'], { text: 'x'.repeat(20_000) }))).rejects.toMatchObject({
			kind: 'full',
		});
		expect(await store.browse.totals(0)).toMatchObject({ events: taken, pending: taken });
	});

	test('stores nothing of a batch that does not fit', async () => {
		const path = join(temporaryFolder(), 'relay.db');
		const store = await openStore(path, { maxMegabytes: 1 });
		const ids = Array.from({ length: 1000 }, (_, id) => `${id}`);
		await expect(store.append(commentReceipt(ids, { text: 'x'.repeat(3000) }))).rejects.toMatchObject({ kind: 'full' });
		expect(await store.browse.totals(0)).toMatchObject({ events: 0, pending: 0 });
		expect(await store.append(commentReceipt(['1']))).toMatchObject({ duplicates: 0 });
	});

	test('cannot be opened where there is no database, and says so', async () => {
		await expect(openStore('/dev/null/x/relay.db')).rejects.toThrow(/cannot open/);
		const folder = temporaryFolder();
		await expect(openStore(folder)).rejects.toMatchObject({ kind: 'failed' });
	});

	test('refuses a database of a newer relay', async () => {
		const path = join(temporaryFolder(), 'relay.db');
		const newer = new DatabaseSync(path);
		newer.exec('PRAGMA user_version = 999');
		newer.close();
		await expect(openStore(path)).rejects.toThrow(/start the newer relay/);
	});

	test('reads again after its reading thread was lost', async () => {
		const threads: Worker[] = [];
		const note = (worker: Worker) => void threads.push(worker);
		process.on('worker', note);
		onTestFinished(() => void process.off('worker', note));
		const store = await openStore(join(temporaryFolder(), 'relay.db'));
		await store.append(commentReceipt(['1']));
		expect(await store.browse.totals(0)).toMatchObject({ events: 1 });
		const [reader] = threads;
		await reader?.terminate();
		await pollUntil('the next look', () =>
			store.browse.totals(0).then(
				({ events }) => events === 1,
				() => false,
			),
		);
		expect(threads).toHaveLength(2);
	});

	test('gives up a look that takes too long, and looks anew at the next', async () => {
		const path = join(temporaryFolder(), 'relay.db');
		await (await openStore(path)).append(commentReceipt(['1']));
		const impatient = createReader(path, 1);
		onTestFinished(() => impatient.close());
		await expect(impatient.read('totals', undefined)).rejects.toMatchObject({
			kind: 'overloaded',
			message: expect.stringContaining('took longer than'),
		});
		const patient = createReader(path);
		onTestFinished(() => patient.close());
		expect(await patient.read('totals', undefined)).toMatchObject({ events: 1 });
	});

	test('syncs every commit and writes ahead', async () => {
		const path = join(temporaryFolder(), 'relay.db');
		await openStore(path);
		const other = new DatabaseSync(path);
		onTestFinished(() => other.close());
		expect(other.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
	});
});

describe('the relay', () => {
	test('answers 503, never 200, while the store is locked, and stores the repetition once', async () => {
		const relay = await startTestRelay();
		const held = lock(join(relay.folder, 'relay.db'));
		const refused = await relay.post(commentBody('1'));
		expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
		expect((await fetch(`${relay.url}/readyz`)).status).toBe(503);
		expect((await fetch(`${relay.url}/healthz`)).status).toBe(200);
		held.release();
		expect((await relay.post(commentBody('1'))).status).toBe(200);
		expect((await fetch(`${relay.url}/readyz`)).status).toBe(200);
		expect((await relay.api('totals')).json).toMatchObject({ events: 1 });
	});

	test('is not ready while webhooks cannot be stored, says so, and is ready after the first that is', async () => {
		const relay = await startTestRelay();
		const ready = async () => (await fetch(`${relay.url}/readyz`)).status;
		const concerns = async () => JSON.stringify((await relay.api('overview')).json);
		// Room for a check, and none for this event: as on a disk that is almost full.
		using other = new DatabaseSync(join(relay.folder, 'relay.db'), { timeout: 10_000 });
		other.exec(
			"CREATE TRIGGER no_room BEFORE INSERT ON receipt WHEN length(NEW.body) > 5000 BEGIN SELECT RAISE(ABORT, 'no room'); END",
		);
		expect(await ready()).toBe(200);
		expect((await relay.post(commentBody('1', { text: 'x'.repeat(9000) }))).status).toBe(503);
		expect(await ready()).toBe(503);
		expect(await concerns()).toContain('"not-stored"');
		// Without traffic, because it is not ready, it gets another try.
		relay.setAhead(61_000);
		expect(await ready()).toBe(200);
		expect((await relay.post(commentBody('1', { text: 'x'.repeat(9000) }))).status).toBe(503);
		expect(await ready()).toBe(503);
		expect((await relay.post(commentBody('2'))).status).toBe(200);
		expect(await ready()).toBe(200);
		expect(await concerns()).not.toContain('"not-stored"');
	});

	test('goes on delivering from a store that is full', async () => {
		const n8n = await startFaultSubscriber();
		const relay = await startTestRelay({
			environment: { RELAY_STORE_MAX_MB: '1' },
			subscribers: [{ id: 'n8n', url: n8n.url }],
		});
		await relay.api('subscribers/n8n/pause', {});
		const taken = await fill(async (id) => {
			const { status } = await relay.post(commentBody(`${id}`, { text: 'x'.repeat(2000) }));
			if (status !== 200) throw new Error('full');
		});
		await relay.api('subscribers/n8n/resume', {});
		await pollUntil('every delivery', async () => (await relay.api('totals')).json.pending === 0);
		expect(n8n.received).toHaveLength(taken);
	});

	test('answers 503 when the store is full, and has stored exactly what it answered 200', async () => {
		const relay = await startTestRelay({ environment: { RELAY_STORE_MAX_MB: '1' } });
		const taken = await fill(async (id) => {
			const { status } = await relay.post(commentBody(`${id}`, { text: 'x'.repeat(20_000) }));
			expect([200, 503]).toContain(status);
			if (status === 503) throw new Error('full');
		});
		expect((await relay.api('totals')).json).toMatchObject({ events: taken });
	});

	test('stops on request with every answered event stored', async () => {
		const relay = await startTestRelay();
		const answers = Promise.all(
			Array.from({ length: 100 }, (_, id) => relay.post(commentBody(`${id}`)).catch(() => null)),
		);
		await new Promise((resolve) => setImmediate(resolve));
		await relay.stop();
		const acknowledged = (await answers).filter((answer) => answer?.status === 200).length;
		const store = await openStore(join(relay.folder, 'relay.db'));
		expect((await store.browse.totals(0)).events).toBeGreaterThanOrEqual(acknowledged);
	});
});
