import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { commentReceipt, NOON, subscriber } from '@instagram-insights/webhook-relay/test/relay/sample-receipt';
import { temporaryFolder } from '@instagram-insights/webhook-relay/test/temporary-folder';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { moveStore } from '../../src/move/move-store.ts';
import { openPostgresStore } from '../../src/postgres-store.ts';
import { type PostgresServer, startPostgres } from '../postgres-server.ts';
import { everythingOf } from './everything-of.ts';
import { fillSample, openSample } from './sample-source.ts';

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
const move = (from: string, changes: Partial<Parameters<typeof moveStore>[0]> = {}) =>
	moveStore({ from, to, say: () => {}, now: () => NOON, ...changes });
const openTarget = () => openPostgresStore({ url: to, dedupMs: 1, replica: 'one' });

describe('the source', () => {
	test('is refused while a relay has it open, one at rest included', async () => {
		const path = await fillSample();
		const relay = await openSample(path);
		onTestFinished(() => relay.close());
		await relay.check();
		await expect(move(path)).rejects.toMatchObject({ kind: 'source-in-use', message: /stop the relay/ });
		expect(await query(`SELECT to_regclass('relay.event') AS event`)).toEqual([{ event: null }]);
	});

	test('cannot be opened by a relay while it is being moved', async () => {
		const path = await fillSample();
		const refused: unknown[] = [];
		await move(path, {
			async afterBatch() {
				if (refused.length === 0) refused.push(await openSample(path).catch((error) => error.message));
			},
		});
		expect(refused).toEqual([expect.stringContaining('database is locked')]);
	});

	test('is refused where there is none, and none is made', async () => {
		const path = join(temporaryFolder(), 'relay.db');
		await expect(move(path)).rejects.toMatchObject({ kind: 'source-unreadable', message: /no SQLite store at/ });
		await expect(move(path)).rejects.toMatchObject({ kind: 'source-unreadable' });
	});

	test('is refused when it is something else', async () => {
		const text = join(temporaryFolder(), 'notes.txt');
		writeFileSync(text, 'no database, but longer than the head that a database would have here. '.repeat(20));
		await expect(move(text)).rejects.toMatchObject({ kind: 'source-unreadable', message: /file is not a database/ });
		const other = join(temporaryFolder(), 'other.db');
		const database = new DatabaseSync(other);
		database.exec('CREATE TABLE event (seq INTEGER)');
		database.close();
		await expect(move(other)).rejects.toMatchObject({ kind: 'source-unreadable', message: /is no store of the relay/ });
	});

	test('is refused when a newer relay wrote it', async () => {
		const path = await fillSample();
		const database = new DatabaseSync(path);
		database.exec('PRAGMA user_version = 99');
		database.close();
		await expect(move(path)).rejects.toMatchObject({ kind: 'source-unreadable', message: /newer relay/ });
	});

	test('is refused when it received after its move had ended', async () => {
		const path = await fillSample();
		await move(path);
		const source = await openSample(path);
		await source.append(commentReceipt(['late']));
		await source.close();
		await expect(move(path)).rejects.toMatchObject({
			kind: 'source-changed',
			message: /has changed since: .*event \(7 rows then, 8 now\)/,
		});
		await expect(move(path, { restart: true })).rejects.toMatchObject({ kind: 'source-changed' });
	});
});

describe('the target', () => {
	test('is refused when it holds events of its own, which stay', async () => {
		const path = await fillSample();
		const store = await openTarget();
		await store.route([subscriber('n8n')]);
		await store.append(commentReceipt(['own']));
		const before = await everythingOf(store);
		await store.close();
		await expect(move(path)).rejects.toMatchObject({ kind: 'target-holds-data', message: /\(receipt, event, seen, / });
		await expect(move(path, { restart: true })).rejects.toMatchObject({ kind: 'target-holds-data' });
		const after = await openTarget();
		onTestFinished(() => after.close());
		expect(await everythingOf(after)).toEqual(before);
	});

	test('is refused when the move of another store ended there, or is under way', async () => {
		const [one, other] = [await fillSample(), await fillSample()];
		const source = await openSample(other);
		await source.append(commentReceipt(['own']));
		await source.close();
		const fail = () => {
			throw new Error('stop');
		};
		await expect(move(one, { afterBatch: fail })).rejects.toThrow('stop');
		await expect(move(other)).rejects.toMatchObject({ kind: 'source-changed' });
		await move(one);
		await expect(move(other)).rejects.toMatchObject({ kind: 'source-changed' });
		expect(await query('SELECT count(*)::int AS events FROM relay.event')).toEqual([{ events: 7 }]);
	});

	test('takes one of two moves at the same moment', async () => {
		const [one, other] = [await fillSample(), await fillSample()];
		const moves = await Promise.allSettled([move(one), move(other)]);
		// The two samples differ by their event ids.
		expect(moves.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
		// The later one finds the other's connection, or what it has brought.
		expect(moves.find(({ status }) => status === 'rejected')).toMatchObject({
			reason: { kind: expect.stringMatching(/^(source-changed|target-in-use)$/) },
		});
		expect(await query('SELECT count(*)::int AS events FROM relay.event')).toEqual([{ events: 7 }]);
	});

	test('is refused while a relay works on it', async () => {
		const path = await fillSample();
		const store = await openTarget();
		await store.check();
		await expect(move(path)).rejects.toMatchObject({ kind: 'target-in-use', message: /stop every replica/ });
		await store.close();
		expect((await move(path)).tables.every(({ same }) => same)).toBe(true);
	});

	test('is refused when an unfinished move met a relay there, and nothing is thrown away', async () => {
		const path = await fillSample();
		const fail = () => {
			throw new Error('stop');
		};
		await expect(move(path, { afterBatch: fail })).rejects.toThrow('stop');
		await query(
			`INSERT INTO relay.event SELECT 100, 'evt_own', receipt_id, object, account_id, field, origin, false, occurred_at,
				received_at, value
			 FROM (VALUES (1, '', '', '', '', 1, 1, '')) AS own (receipt_id, object, account_id, field, origin, occurred_at, received_at, value)`,
		);
		for (const restart of [false, true]) {
			await expect(move(path, { restart })).rejects.toMatchObject({ kind: 'target-holds-data' });
		}
		expect(await query('SELECT event_id FROM relay.event')).toEqual([{ event_id: 'evt_own' }]);
	});

	test('is taken when relays have only started there', async () => {
		const path = await fillSample();
		const store = await openTarget();
		await store.route([subscriber('n8n'), subscriber('elsewhere')]);
		await store.close();
		expect((await move(path)).tables.every(({ same }) => same)).toBe(true);
	});

	test('is refused when someone paused a subscriber there', async () => {
		const path = await fillSample();
		const store = await openTarget();
		await store.pause('n8n', { reason: 'mine', now: NOON });
		await store.close();
		await expect(move(path)).rejects.toMatchObject({ kind: 'target-holds-data', message: /\(subscriber\)/ });
	});
});

/** The states of two deliveries change places: the same words in the same table. */
const EXCHANGE = `UPDATE relay.delivery SET state = CASE event_seq WHEN 1 THEN 'dead' ELSE 'delivered' END
	WHERE subscriber_id = 'n8n' AND event_seq IN (1, 2)`;

describe('the comparison', () => {
	/** Stop when everything has come, change something in the target, and let the next run compare. */
	async function compareAfter(change: string) {
		const path = await fillSample();
		const stopBefore = (line: string) => {
			if (line.startsWith('comparing')) throw new Error('stop');
		};
		await expect(move(path, { say: stopBefore })).rejects.toThrow('stop');
		await query(change);
		const report = await move(path);
		return { path, different: report.tables.filter(({ same }) => !same) };
	}

	test.each([
		['a changed letter of a value', `UPDATE relay.event SET value = replace(value, 'hi', 'ho')`, 'event'],
		[
			'a changed bit of a body',
			'UPDATE relay.receipt SET body = set_bit(body, 3, 1 - get_bit(body, 3)) WHERE id = 4',
			'receipt',
		],
		['a lost attempt', 'DELETE FROM relay.attempt WHERE event_seq = 2', 'attempt'],
		['another due time', 'UPDATE relay.delivery SET due_at = due_at + 1 WHERE event_seq = 3', 'delivery'],
		['two values that changed places', EXCHANGE, 'delivery'],
		['a lost key', `DELETE FROM relay.seen WHERE key = (SELECT min(key) FROM relay.seen)`, 'seen'],
		['a pause that ended', 'UPDATE relay.subscriber SET paused_by = NULL', 'subscriber'],
		['a miscounted account', 'UPDATE relay.account_field SET events = events + 1', 'account_field'],
	])('finds %s', async (_, change, table) => {
		const { different } = await compareAfter(change);
		expect(different.map(({ name }) => name)).toEqual([table]);
	});

	test('leaves the move unfinished when it finds something, and a new beginning mends it', async () => {
		const { path } = await compareAfter('DELETE FROM relay.attempt');
		expect(await query('SELECT finished_at FROM relay.move')).toEqual([{ finished_at: null }]);
		await expect(openTarget()).rejects.toThrow(/is not finished/);
		expect((await move(path)).tables.find(({ name }) => name === 'attempt')).toMatchObject({ same: false });
		expect((await move(path, { restart: true })).tables.every(({ same }) => same)).toBe(true);
	});
});
