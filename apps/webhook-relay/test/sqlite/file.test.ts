import {
	chmodSync,
	copyFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	truncateSync,
	writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { backUpStore } from '../../src/cli/open-store.ts';
import { openSqliteStore, type SqliteOptions } from '../../src/sqlite/sqlite-event-store.ts';
import { claimBy, commentReceipt, subscriber } from '../relay/sample-receipt.ts';
import { commentBody, startTestRelay } from '../start-test-relay.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const MEGABYTE = 1024 * 1024;

async function openStore(path: string, options: Partial<SqliteOptions> = {}) {
	const store = await openSqliteStore({ path, dedupMs: 86_400_000, ...options });
	onTestFinished(() => store.close().catch(() => {}));
	return store;
}

function countIn(path: string, table = 'event'): number {
	const database = new DatabaseSync(path, { readOnly: true });
	try {
		return Number(database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.rows);
	} finally {
		database.close();
	}
}

/** The file alone, as a person copies it who knows nothing of logs. */
function copyAlone(path: string): string {
	const copy = join(temporaryFolder(), 'copy.db');
	copyFileSync(path, copy);
	return copy;
}

describe('the file of the SQLite store', () => {
	test('is whole by itself after a clean stop, also when people were reading', async () => {
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: 'http://127.0.0.1:9/' }] });
		for (let id = 0; id < 20; id += 1) await relay.post(commentBody(`${id}`));
		expect((await relay.api('totals')).json).toMatchObject({ events: 20 });
		await relay.stop();
		const path = join(relay.folder, 'relay.db');
		expect(existsSync(`${path}-wal`)).toBe(false);
		expect(countIn(copyAlone(path))).toBe(20);
		expect(countIn(copyAlone(path), 'delivery')).toBe(20);
	});

	test('is whole by itself after a stop while a command has it open', async () => {
		const path = join(temporaryFolder(), 'relay.db');
		const store = await openStore(path);
		await store.append(commentReceipt(['1', '2']));
		const command = new DatabaseSync(path, { readOnly: true });
		onTestFinished(() => command.close());
		expect(command.prepare('SELECT count(*) AS n FROM event').get()).toMatchObject({ n: 2 });
		await store.close();
		expect(countIn(copyAlone(path))).toBe(2);
	});

	test('is named with its log when a reader of an old state keeps both apart at the stop', async () => {
		const path = join(temporaryFolder(), 'relay.db');
		const lines: string[] = [];
		const store = await openStore(path, { busyTimeoutMs: 10, warn: (line) => lines.push(line) });
		await store.append(commentReceipt(['1']));
		const stuck = new DatabaseSync(path, { readOnly: true });
		stuck.exec('BEGIN');
		stuck.prepare('SELECT count(*) FROM event').get();
		await store.append(commentReceipt(['2']));
		await store.close();
		expect(lines).toEqual([expect.stringContaining(`newest events stay in ${path}-wal: keep both files together`)]);
		stuck.close();
		expect(countIn(path)).toBe(2);
	});

	const FILES = { database: '', log: '-wal', 'index of the log': '-shm' };
	test.each(Object.entries(FILES))(
		'that loses its %s takes nothing more, says so, and goes on when it is back',
		async (_, end) => {
			const folder = temporaryFolder();
			const path = join(folder, 'relay.db');
			const store = await openStore(path);
			await store.append(commentReceipt(['1']));
			renameSync(`${path}${end}`, join(folder, 'aside'));
			await expect(store.append(commentReceipt(['2']))).rejects.toMatchObject({
				kind: 'lost',
				message: expect.stringContaining('Put the same file back'),
			});
			await expect(store.check()).rejects.toMatchObject({ kind: 'lost' });
			await expect(store.claim(claimBy('a'))).rejects.toMatchObject({ kind: 'lost' });
			renameSync(join(folder, 'aside'), `${path}${end}`);
			await expect(store.check()).resolves.toBeUndefined();
			await store.append(commentReceipt(['3']));
			await store.close();
			expect(countIn(copyAlone(path))).toBeGreaterThanOrEqual(2);
		},
	);

	test.each([
		[
			'another file under its name',
			(path: string) => {
				rmSync(path);
				writeFileSync(path, '');
			},
		],
		['another file copied over it', (path: string) => writeFileSync(path, '')],
		['a file of the same size copied over it', (path: string) => writeFileSync(path, readFileSync(path))],
		[
			'its folder moved away',
			(path: string) => {
				const folder = join(path, '..');
				renameSync(folder, `${folder}-moved`);
			},
		],
		[
			'its folder replaced',
			(path: string) => {
				const folder = join(path, '..');
				renameSync(folder, `${folder}-moved`);
				mkdirSync(folder);
				for (const name of readdirSync(`${folder}-moved`))
					copyFileSync(join(`${folder}-moved`, name), join(folder, name));
			},
		],
	])('takes nothing more with %s', async (_, change) => {
		const path = join(temporaryFolder(), 'data', 'relay.db');
		const store = await openStore(path);
		// So much that the file itself has grown.
		await store.append(commentReceipt(['1'], { text: 'x'.repeat(17 * MEGABYTE) }));
		await store.check();
		change(path);
		await expect(store.append(commentReceipt(['2']))).rejects.toMatchObject({ kind: 'lost' });
	});

	test('takes nothing more when its log is cut short', async () => {
		const path = join(temporaryFolder(), 'relay.db');
		const store = await openStore(path);
		await store.append(commentReceipt(['1']));
		truncateSync(`${path}-wal`);
		await expect(store.append(commentReceipt(['2']))).rejects.toMatchObject({ kind: 'lost' });
	});

	test('is written aside again when its folder is gone, and never over what was written aside before', async () => {
		const path = join(temporaryFolder(), 'data', 'relay.db');
		for (const id of ['1', '2']) {
			const store = await openStore(path);
			await store.append(commentReceipt([id]));
			renameSync(path, `${path}.${id}`);
			if (id === '1') rmSync(join(path, '..'), { recursive: true });
			await store.close();
		}
		const aside = readdirSync(join(path, '..')).filter((name) => name.startsWith('relay.db-rescued'));
		expect(aside).toHaveLength(2);
		for (const name of aside) expect(countIn(join(path, '..', name))).toBe(1);
	});

	test('that was removed is written aside when the relay stops, and the next start names it', async () => {
		const lines: string[] = [];
		const relay = await startTestRelay();
		const path = join(relay.folder, 'relay.db');
		for (let id = 0; id < 5; id += 1) await relay.post(commentBody(`${id}`));
		for (const end of Object.values(FILES)) rmSync(`${path}${end}`);
		expect((await relay.post(commentBody('more'))).status).toBe(503);
		expect((await fetch(`${relay.url}/readyz`)).status).toBe(503);
		expect(relay.lines.join('')).toContain('was removed, replaced or changed by another program');
		await relay.stop();
		lines.push(...relay.lines.filter((line) => line.includes('relay.db-rescued')));
		expect(lines.length).toBeGreaterThan(0);
		await expect(startTestRelay({ folder: relay.folder })).rejects.toThrow(
			/move that file to .*relay\.db, or move it elsewhere/,
		);
		renameSync(`${path}-rescued`, path);
		expect(countIn(copyAlone(path))).toBeGreaterThanOrEqual(5);
		await startTestRelay({ folder: relay.folder });
	});

	test('keeps its log small, also while someone reads an old state, and counts it towards the limit', async () => {
		const path = join(temporaryFolder(), 'relay.db');
		const store = await openStore(path, { maxMegabytes: 8 });
		await store.append(commentReceipt(['first']));
		const stuck = new DatabaseSync(path, { readOnly: true });
		stuck.exec('BEGIN');
		stuck.prepare('SELECT count(*) FROM event').get();
		let taken = 0;
		const fill = async (): Promise<void> => {
			for (; taken < 5000; taken += 1) await store.append(commentReceipt([`${taken}`], { text: 'x'.repeat(20_000) }));
		};
		await expect(fill()).rejects.toMatchObject({ kind: 'full' });
		const size = () => statSync(path).size + statSync(`${path}-wal`).size;
		expect(size()).toBeLessThan(9 * MEGABYTE);
		expect((await store.browse.totals(0)).bytes).toBe(size());
		stuck.exec('COMMIT');
		stuck.close();
		// Free again without a restart: the log is moved into the database and cut.
		await expect
			.poll(async () => {
				await store.append(commentReceipt([`again-${taken}`])).catch(() => {});
				taken += 1;
				return statSync(`${path}-wal`).size;
			})
			.toBeLessThanOrEqual(2 * MEGABYTE);
	});

	test('is for its owner alone, and so are its folder, its log and its copies', async () => {
		const folder = join(temporaryFolder(), 'data');
		const relay = await startTestRelay({ environment: { RELAY_STORE: `sqlite:${join(folder, 'relay.db')}` } });
		await relay.post(commentBody('1'));
		await backUpStore(`sqlite:${join(folder, 'relay.db')}`, join(folder, 'copy.db'));
		const modes = (names: readonly string[]) => names.map((name) => [name, statSync(join(folder, name)).mode & 0o777]);
		const names = readdirSync(folder);
		expect(names).toEqual(
			expect.arrayContaining(['relay.db', 'relay.db-wal', 'relay.db-shm', 'relay.db-owner', 'copy.db']),
		);
		expect(modes(names)).toEqual(names.map((name) => [name, 0o600]));
		expect(statSync(folder).mode & 0o777).toBe(0o700);
		expect(relay.lines.join('')).not.toContain('chmod');
	});

	test('is named with its remedy when others may read it', async () => {
		const folder = join(temporaryFolder(), 'data');
		const environment = { RELAY_STORE: `sqlite:${join(folder, 'relay.db')}` };
		await (await startTestRelay({ environment })).stop();
		chmodSync(folder, 0o755);
		chmodSync(join(folder, 'relay.db'), 0o644);
		const { lines } = await startTestRelay({ environment });
		expect(lines.join('')).toContain(`chmod 700 ${folder}`);
		expect(lines.join('')).toContain(`chmod 600 ${join(folder, 'relay.db')}`);
	});
});

describe('backup', () => {
	test('copies a store that is being written, again and again, to one whole file', async () => {
		const relay = await startTestRelay({ subscribers: [{ id: 'n8n', url: 'http://127.0.0.1:9/' }] });
		const target = join(temporaryFolder(), 'copy.db');
		for (let round = 1; round <= 3; round += 1) {
			const posts = Array.from({ length: 30 }, (_, id) => relay.post(commentBody(`${round}-${id}`)));
			await posts[0];
			const { events } = await backUpStore(`sqlite:${join(relay.folder, 'relay.db')}`, target);
			await Promise.all(posts);
			expect(events).toBeGreaterThan((round - 1) * 30);
			expect(readdirSync(join(target, '..'))).toEqual(['copy.db']);
			expect(countIn(copyAlone(target))).toBe(events);
			expect(countIn(copyAlone(target), 'delivery')).toBe(events);
		}
	});

	test('makes a store that a relay starts on', async () => {
		const folder = temporaryFolder();
		const store = await openStore(join(folder, 'first.db'));
		await store.route([subscriber('a')]);
		await store.append(commentReceipt(['1', '2']));
		await backUpStore(`sqlite:${join(folder, 'first.db')}`, join(folder, 'second.db'));
		const second = await openStore(join(folder, 'second.db'));
		expect(await second.append(commentReceipt(['2', '3']))).toMatchObject({ duplicates: 1 });
		expect((await second.claim(claimBy('a'))).deliveries).toHaveLength(2);
	});

	test.each([
		['the store itself', 'relay.db', /that is the store itself/],
		["the store's log", 'relay.db-wal', /that is the store itself/],
		['a file of something else', 'subscribers.json', /is not an earlier copy/],
		["another program's database", 'other.db', /is not an earlier copy/],
		['a folder', '.', /is not a file/],
		['a folder that is not there', 'none/copy.db', /folder .*none does not exist/],
	])('refuses %s as its target, and leaves it alone', async (_, name, message) => {
		const relay = await startTestRelay();
		await relay.post(commentBody('1'));
		const other = new DatabaseSync(join(relay.folder, 'other.db'));
		other.exec('CREATE TABLE event (theirs TEXT)');
		other.close();
		const target = join(relay.folder, name);
		const before = existsSync(target) ? statSync(target).size : null;
		await expect(backUpStore(`sqlite:${join(relay.folder, 'relay.db')}`, target)).rejects.toThrow(message);
		expect(existsSync(target) ? statSync(target).size : null).toBe(before);
	});

	test('says what to use for PostgreSQL, and when there is no store', async () => {
		await expect(backUpStore('postgres://relay@127.0.0.1/relay', 'copy')).rejects.toThrow(/pg_dump/);
		const { folder } = await startTestRelay();
		await expect(backUpStore(`sqlite:${join(folder, 'relay.db')}`, '')).rejects.toThrow(/name the file to write/);
		await expect(backUpStore('sqlite:/nowhere/relay.db', 'copy')).rejects.toThrow(/there is no SQLite store/);
	});
});
