import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { claimBy, commentReceipt, NOON, subscriber } from '@instagram-insights/webhook-relay/test/relay/sample-receipt';
import { temporaryFolder } from '@instagram-insights/webhook-relay/test/temporary-folder';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { moveStore } from '../../src/move.ts';
import { openPostgresStore } from '../../src/postgres-store.ts';
import { type PostgresServer, startPostgres } from '../postgres-server.ts';
import { afterMove, everythingOf } from './everything-of.ts';
import { fillMany, fillSample, LARGE_ACCOUNT, openSample } from './sample-source.ts';

const MAIN = fileURLToPath(import.meta.resolve('@instagram-insights/webhook-relay/package.json')).replace(
	'package.json',
	'src/main.ts',
);

let server: PostgresServer;
let to: string;
beforeAll(async () => {
	server = await startPostgres();
});
afterAll(() => server.remove());
beforeEach(async () => {
	to = await server.createDatabase();
});

const query = (sql: string) => server.query(sql, new URL(to).pathname.slice(1));
const move = (from: string) => moveStore({ from, to, say: () => {} });

async function openTarget() {
	const store = await openPostgresStore({ url: to, dedupMs: 7 * 86_400_000, replica: 'one' });
	onTestFinished(() => store.close());
	return store;
}

async function readSource(path: string) {
	const store = await openSample(path);
	try {
		return await everythingOf(store);
	} finally {
		await store.close();
	}
}

/** Move the sample and open the result. */
async function moveSample() {
	const path = await fillSample();
	const report = await move(path);
	return { path, report, store: await openTarget() };
}

describe('moveStore', () => {
	test('brings everything that the source shows', async () => {
		const path = await fillSample();
		const before = await readSource(path);
		await move(path);
		expect(await everythingOf(await openTarget())).toEqual(afterMove(before));
	});

	test('counts the rows of every table on both sides', async () => {
		const { report } = await moveSample();
		expect(report.map(({ name, source, target, same }) => [name, source.rows, target.rows, same])).toEqual([
			['account_field', 4, 4, true],
			['attempt', 6, 6, true],
			// n8n and in-order want all but the unreadable one, whole bodies go once a receipt.
			['delivery', 17, 17, true],
			['event', 7, 7, true],
			['note', 0, 0, true],
			['receipt', 5, 5, true],
			// The body that is not JSON has no key.
			['seen', 6, 6, true],
			['subscriber', 3, 3, true],
			['subscriber_clock', 2, 2, true],
			['subscriber_list', 0, 0, true],
		]);
	});

	test('keeps what became of each delivery, and how often it was tried', async () => {
		await moveSample();
		const rows = await query(
			`SELECT event_seq::int AS seq, state, attempts, tries, due_at - ${NOON} AS due, lease, reason
			 FROM relay.delivery WHERE subscriber_id = 'n8n' AND event_seq <= 4 ORDER BY event_seq`,
		);
		expect(rows).toEqual([
			{ seq: 1, state: 'delivered', attempts: 2, tries: 2, due: expect.anything(), lease: null, reason: 'ok' },
			{ seq: 2, state: 'dead', attempts: 1, tries: 1, due: expect.anything(), lease: null, reason: 'refused' },
			{ seq: 3, state: 'pending', attempts: 1, tries: 1, due: '60000', lease: null, reason: 'http-500' },
			// Leased when its relay ended: due again from when it was received.
			{ seq: 4, state: 'pending', attempts: 0, tries: 0, due: '1', lease: null, reason: null },
		]);
	});

	test('goes on counting attempts where the source ended', async () => {
		const { store } = await moveSample();
		await store.route([subscriber('n8n')]);
		const { deliveries } = await store.claim(claimBy('n8n', { now: NOON + 60_000 }));
		const third = deliveries.find(({ value }) => JSON.parse(value).id === '3');
		expect(third?.attempts).toBe(1);
		await store.settle([
			{
				...{ eventId: third?.eventId ?? '', subscriberId: 'n8n', lease: third?.lease ?? '' },
				attempt: { startedAt: NOON + 60_000, durationMs: 5, status: 200, reason: 'ok', excerpt: '' },
				outcome: { kind: 'delivered' },
				verdict: { kind: 'delivered', reason: 'ok' },
			},
		]);
		const detail = await store.browse.event(third?.eventId ?? '');
		const own = detail?.deliveries.find(({ subscriberId }) => subscriberId === 'n8n');
		expect(own?.attemptLog.map(({ number, reason }) => [number, reason])).toEqual([
			[1, 'http-500'],
			[2, 'ok'],
		]);
	});

	test('keeps how subscribers stand: pauses, failures, revision', async () => {
		const { store } = await moveSample();
		expect(await store.browse.subscribers(NOON)).toMatchObject([
			{ subscriberId: 'in-order', known: true, pause: { reason: 'holiday', by: 'operator', at: NOON }, pending: 6 },
			{
				subscriberId: 'n8n',
				pause: null,
				consecutiveFailures: 0,
				lastSuccessAt: NOON + 41,
				lastFailureReason: 'http-500',
			},
			{ subscriberId: 'whole', pause: { reason: 'http-410', by: 'relay' }, heldUntil: NOON + 120_020 },
		]);
		expect(await query('SELECT subscriber_id, revision, rate_tokens FROM relay.subscriber ORDER BY 1')).toEqual([
			{ subscriber_id: 'in-order', revision: 'r2', rate_tokens: null },
			{ subscriber_id: 'n8n', revision: '1', rate_tokens: 2 },
			{ subscriber_id: 'whole', revision: '1', rate_tokens: null },
		]);
		await store.route([subscriber('in-order', { order: 'account', revision: 'r2' })]);
		expect((await store.claim(claimBy('in-order', { order: 'account' }))).deliveries).toEqual([]);
	});

	test('keeps the order of an account', async () => {
		const { store } = await moveSample();
		await store.route([subscriber('in-order', { order: 'account', revision: 'r2' })]);
		await store.resume('in-order');
		const seen: string[] = [];
		for (let round = 0; round < 4; round += 1) {
			const { deliveries } = await store.claim(claimBy('in-order', { order: 'account', now: NOON + 10 }));
			const own = deliveries.filter(({ accountId }) => accountId === '17841405309211844');
			expect(own).toHaveLength(1);
			seen.push(...own.map(({ value }) => JSON.parse(value).id));
			await store.settle(
				deliveries.map(({ eventId, subscriberId, lease }) => ({
					...{ eventId, subscriberId, lease },
					attempt: { startedAt: NOON + 10, durationMs: 0, status: 200, reason: 'ok', excerpt: '' },
					outcome: { kind: 'delivered' },
					verdict: { kind: 'delivered', reason: 'ok' },
				})),
			);
		}
		expect(seen).toEqual(['1', '2', '3', '4']);
	});

	test('keeps ids beyond 2^53, bodies byte for byte, and holds texts without NUL', async () => {
		const { store } = await moveSample();
		const [large, odd, unreadable] = await store.browse.exportEvents({ after: 4, limit: 10 });
		expect(large).toMatchObject({ seq: 5, accountId: LARGE_ACCOUNT, field: 'comments' });
		expect(large?.value).toBe(String.raw`{"id":${LARGE_ACCOUNT},"text":"a\u0000b"}`);
		expect(odd).toMatchObject({ seq: 6, accountId: '17\uFFFD8', field: 'ne\uFFFDw', value: '{"id":"5"}' });
		const payload = await store.browse.payload(unreadable?.eventId ?? '');
		expect(Buffer.from(payload?.body ?? []).toString()).toBe('{"é');
		expect(payload?.signature).toBe('sha256=ab');
	});

	test('lets receiving go on: what was seen is known, new events come after', async () => {
		const { store } = await moveSample();
		await store.route([subscriber('n8n')]);
		expect(await store.append(commentReceipt(['1'], { text: 'grüße 🎉' }))).toMatchObject({
			duplicates: 1,
			stored: [],
		});
		const { stored } = await store.append(commentReceipt(['new'], { receivedAt: NOON + 100 }));
		expect(stored).toHaveLength(1);
		const [last] = await store.browse.exportEvents({ after: 7, limit: 10 });
		expect(last).toMatchObject({ seq: 8, eventId: stored[0]?.eventId });
		expect(await query('SELECT max(id)::int AS id FROM relay.receipt')).toEqual([{ id: 8 }]);
		const accounts = await store.browse.accounts();
		expect(accounts.find(({ accountId }) => accountId === '17841405309211844')).toMatchObject({ events: 5 });
	});

	test('takes what was seen twice as seen at the later time', async () => {
		const path = await fillSample();
		const source = await openSample(path);
		await source.append(commentReceipt(['4'], { receivedAt: NOON + 8 * 86_400_000 }));
		await source.close();
		const tables = await move(path);
		expect(tables.find(({ name }) => name === 'seen')).toMatchObject({ source: { rows: 6 }, same: true });
		const seen = await query(`SELECT max(seen_at) AS seen_at FROM relay.seen`);
		expect(seen).toEqual([{ seen_at: `${NOON + 8 * 86_400_000}` }]);
	});

	test('moves a store that never received', async () => {
		const path = await fillSample();
		const source = await openSample(path);
		await source.prune({
			now: NOON * 2,
			eventsBefore: NOON * 2,
			keysBefore: NOON * 2,
			knownSubscribers: [],
			cursor: 0,
			limit: 1000,
		});
		await source.close();
		const tables = await move(path);
		expect(tables.find(({ name }) => name === 'event')).toMatchObject({ source: { rows: 0 }, same: true });
		const store = await openTarget();
		expect((await store.append(commentReceipt(['1']))).stored).toHaveLength(1);
	});

	test('is refused when it is run again, and what has come since stays', async () => {
		const path = await fillSample();
		await move(path);
		const store = await openPostgresStore({ url: to, dedupMs: 1, replica: 'one' });
		await store.append(commentReceipt(['new']));
		const before = await everythingOf(store);
		await store.close();
		await expect(move(path)).rejects.toMatchObject({
			kind: 'target-holds-data',
			message: /If this store was moved before/,
		});
		expect(await everythingOf(await openTarget())).toEqual(before);
	});

	test('has changed nothing when it is killed at any line, and is run again', async () => {
		const path = await fillMany(400);
		const command = [
			'--conditions=@instagram-insights/source',
			MAIN,
			'migrate',
			'--from',
			`sqlite:${path}`,
			'--to',
			to,
		];
		let lines = 0;
		for (let line = 1; ; line += 3) {
			const child = spawn(process.execPath, command, { stdio: ['ignore', 'ignore', 'pipe'] });
			lines = 0;
			for await (const said of createInterface({ input: child.stderr })) {
				expect(said).not.toContain('DIFFERENT');
				lines += 1;
				if (lines === line) break;
			}
			if (lines < line) break;
			const gone = once(child, 'exit');
			child.kill('SIGKILL');
			await gone;
			if (!(await query(`SELECT 1 FROM relay.event LIMIT 1`).catch(() => [])).length) continue;
			break;
		}
		expect(lines).toBeGreaterThan(12);
		const before = await readSource(path);
		expect(await everythingOf(await openTarget())).toEqual(afterMove(before));
	});

	test('leaves the target as it was when PostgreSQL itself is lost, and is run again', async () => {
		const path = await fillSample();
		const own = await startPostgres({ durable: true });
		onTestFinished(() => own.remove());
		let killed: Promise<void> | null = null;
		const say = (line: string) => {
			if (line.startsWith('moving delivery')) killed ??= own.kill();
		};
		await expect(moveStore({ from: path, to: own.url(), say })).rejects.toMatchObject({ kind: 'unreachable' });
		await killed;
		await own.start();
		const tables = await moveStore({ from: path, to: own.url(), say: () => {} });
		expect(tables.every(({ same }) => same)).toBe(true);
	});

	test('brings what a killed relay had committed and not yet written into its file', async () => {
		const path = await fillSample();
		const relay = await openSample(path);
		onTestFinished(() => relay.close());
		await relay.append(commentReceipt(['last'], { receivedAt: NOON + 9 }));
		// The file and its log as kill -9 leaves them.
		const left = join(temporaryFolder(), 'left.db');
		for (const part of ['', '-wal']) copyFileSync(`${path}${part}`, `${left}${part}`);
		const tables = await move(left);
		expect(tables.find(({ name }) => name === 'event')).toMatchObject({ target: { rows: 8 }, same: true });
	});

	test('leaves the source as it was', async () => {
		const path = await fillSample();
		const before = await readSource(path);
		await move(path);
		expect(await readSource(path)).toEqual(before);
	});

	test('leaves what relays wait for behind: a freshly started one delivers at once', async () => {
		const { store } = await moveSample();
		await store.route([subscriber('n8n')]);
		const { deliveries } = await store.claim(claimBy('n8n', { now: NOON + 30_000 }));
		expect(deliveries.map(({ value }) => /"id":"?(\d+)/.exec(value)?.[1])).toEqual(['4', LARGE_ACCOUNT, '5']);
	});
});
