import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { commentReceipt, NOON, subscriber } from '@instagram-insights/webhook-relay/test/relay/sample-receipt';
import { temporaryFolder } from '@instagram-insights/webhook-relay/test/temporary-folder';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { moveFromCommand, moveStore } from '../../src/move.ts';
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
const move = (from: string) => moveStore({ from, to, say: () => {} });
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
		const opened: Promise<string>[] = [];
		const say = () => {
			if (opened.length > 0) return;
			const store = openSample(path);
			opened.push(
				store.then(
					() => 'opened',
					(error: Error) => error.message,
				),
			);
		};
		await moveStore({ from: path, to, say });
		expect(await Promise.all(opened)).toEqual([expect.stringContaining('database is locked')]);
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
		await expect(move(other)).rejects.toMatchObject({
			kind: 'source-unreadable',
			message: /is not a store of the relay/,
		});
	});

	test('is refused when a newer relay wrote it', async () => {
		const path = await fillSample();
		const database = new DatabaseSync(path);
		database.exec('PRAGMA user_version = 99');
		database.close();
		await expect(move(path)).rejects.toMatchObject({ kind: 'source-unreadable', message: /newer relay/ });
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
		const after = await openTarget();
		onTestFinished(() => after.close());
		expect(await everythingOf(after)).toEqual(before);
	});

	test('takes one of two moves at the same moment', async () => {
		const [one, other] = [await fillSample(), await fillSample()];
		const moves = await Promise.allSettled([move(one), move(other)]);
		expect(moves.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
		// The later one finds the other's connection, or what it has brought.
		expect(moves.find(({ status }) => status === 'rejected')).toMatchObject({
			reason: { kind: expect.stringMatching(/^(target-holds-data|target-in-use)$/) },
		});
		expect(await query('SELECT count(*)::int AS events FROM relay.event')).toEqual([{ events: 7 }]);
	});

	test('is refused while a relay works on it', async () => {
		const path = await fillSample();
		const store = await openTarget();
		await store.check();
		await expect(move(path)).rejects.toMatchObject({ kind: 'target-in-use', message: /stop every replica/ });
		await store.close();
		expect((await move(path)).every(({ same }) => same)).toBe(true);
	});

	test('is taken when relays have only started there', async () => {
		const path = await fillSample();
		const store = await openTarget();
		await store.route([subscriber('n8n'), subscriber('elsewhere')]);
		await store.close();
		expect((await move(path)).every(({ same }) => same)).toBe(true);
	});

	test('is refused when someone paused a subscriber there', async () => {
		const path = await fillSample();
		const store = await openTarget();
		await store.pause('n8n', { reason: 'mine', now: NOON });
		await store.close();
		await expect(move(path)).rejects.toMatchObject({ kind: 'target-holds-data', message: /\(subscriber\)/ });
	});
});

/** A trigger of the target's own: what it stores is not what it was given. */
const changing = (table: string, change: string) => `
CREATE FUNCTION relay.change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${change} RETURN NEW; END $$;
CREATE TRIGGER change BEFORE INSERT ON relay.${table} FOR EACH ROW EXECUTE FUNCTION relay.change()`;

describe('the comparison', () => {
	test.each([
		['a changed letter of a value', 'event', "NEW.value := replace(NEW.value, 'hi', 'ho');"],
		[
			'a changed bit of a body',
			'receipt',
			'IF NEW.id = 4 THEN NEW.body := set_bit(NEW.body, 3, 1 - get_bit(NEW.body, 3)); END IF;',
		],
		['a lost attempt', 'attempt', 'IF NEW.event_seq = 2 THEN RETURN NULL; END IF;'],
		['another due time', 'delivery', 'IF NEW.event_seq = 3 THEN NEW.due_at := NEW.due_at + 1; END IF;'],
		['a pause that ended', 'subscriber', 'NEW.paused_by := NULL;'],
		['a miscounted account', 'account_field', 'NEW.events := NEW.events + 1;'],
	])('finds %s, and commits nothing', async (_, table, change) => {
		const path = await fillSample();
		await (await openTarget()).close();
		await query(changing(table, change));
		const tables = await move(path);
		expect(tables.filter(({ same }) => !same).map(({ name }) => name)).toEqual([table]);
		expect(await query('SELECT count(*)::int AS events FROM relay.event')).toEqual([{ events: 0 }]);
	});

	test('is printed table by table, and fails the command when something differs', async () => {
		const path = await fillSample();
		await (await openTarget()).close();
		await query(changing('attempt', 'IF NEW.event_seq = 2 THEN RETURN NULL; END IF;'));
		const said: string[] = [];
		const say = (line: string) => void said.push(line);
		expect(await moveFromCommand({ from: `sqlite:${path}`, to }, {}, say)).toBe(false);
		expect(said).toContain('attempt           6 rows here, 5 there  ✗ DIFFERENT');
		await query('DROP FUNCTION relay.change CASCADE');
		expect(await moveFromCommand({ from: `sqlite:${path}` }, { RELAY_STORE: to }, say)).toBe(true);
		expect(said.at(-1)).toMatch(/^Moved\. Set RELAY_STORE/);
		expect(said.find((line) => line.startsWith('event '))).toMatch(
			/^event +7 rows here, 7 there {2}✓ the same {2}[0-9a-f]{12}$/,
		);
	});
});

describe('the command', () => {
	test('says what to give when a store is missing or of another kind, without repeating it', async () => {
		const path = await fillSample();
		const command = (options: object) => moveFromCommand(options, {}, () => {});
		await expect(command({ from: `sqlite:${path}` })).rejects.toThrow(/--to: use postgres:/);
		await expect(command({ from: to, to })).rejects.toThrow(/--from: use sqlite:/);
		const secret: Error = await command({ from: `sqlite:${path}`, to: 'mysql://me:word@x/y' }).then(
			() => new Error('it moved'),
			(error) => error,
		);
		expect(secret.message).toMatch(/--to: use postgres:/);
		expect(secret.message).not.toContain('word@x');
	});
});
