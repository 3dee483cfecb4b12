import { existsSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import type { MigrateOptions } from '@instagram-insights/webhook-relay/admin/admin-store';
import { schemaVersions } from '@instagram-insights/webhook-relay/sqlite/database';
import type { Client } from 'pg';
import { openDatabase, RELAY_NAME, serverAddresses } from './database.ts';
import { migrate } from './migrate.ts';
import { storeErrorOf } from './postgres-failure.ts';
import { indexableText } from './storable-text.ts';
import {
	digestTarget,
	type Stored,
	shown,
	startDigest,
	type Table,
	type TableDigest,
	toStored,
} from './table-digest.ts';

export type MoveErrorKind = 'source-unreadable' | 'source-in-use' | 'target-in-use' | 'target-holds-data';

/** Why a store was not moved. Nothing was lost or changed. */
export class MoveError extends Error {
	override readonly name = 'MoveError';
	readonly kind: MoveErrorKind;

	constructor(kind: MoveErrorKind, message: string, options?: ErrorOptions) {
		super(message, options);
		this.kind = kind;
	}
}

export type MovedTable = {
	readonly name: string;
	readonly source: TableDigest;
	readonly target: TableDigest;
	readonly same: boolean;
};
export type MoveOptions = {
	/** path of the SQLite file */
	readonly from: string;
	/** `postgres://…` */
	readonly to: string;
	/** progress, a line for each table and each 100,000 rows */
	readonly say: (line: string) => void;
};

/**
 * Move a SQLite store into PostgreSQL in one transaction: bring every table, read both sides and compare, and commit only
 * when they are the same. However it ends before that, the target is as it was, and it is run again.
 *
 * @throws {MoveError} source or target is not fit for it
 * @throws {StoreError} PostgreSQL went away
 */
export async function moveStore({ from, to, say }: MoveOptions): Promise<readonly MovedTable[]> {
	const source = openSource(from);
	try {
		return await withTarget(to, async (client) => {
			const tables = await readTables(client);
			await takeTarget(client, tables);
			const moved: MovedTable[] = [];
			for (const table of tables) {
				const given = await copyTable(client, source, table, (rows) => say(`moving ${table.name}: ${rows} rows`));
				const kept = await digestTarget(client, table);
				say(`compared ${table.name}: ${kept.rows} rows`);
				const same = given.rows === kept.rows && given.hash === kept.hash;
				moved.push({ name: table.name, source: given, target: kept, same });
			}
			for (const sequence of SEQUENCES) await client.query(sequence);
			await client.query(moved.every(({ same }) => same) ? 'COMMIT' : 'ROLLBACK');
			return moved;
		});
	} finally {
		source.close();
	}
}

/** SQLite's primary result codes for a lock, and for a file that may not be written (sqlite.org/rescode.html). */
const [BUSY, LOCKED, READ_ONLY] = [5, 6, 8];

/** Opened and locked: as long as it is open no relay can open it, and while a relay has it open this fails. */
function openSource(path: string): DatabaseSync {
	// SQLite would make an empty one.
	if (!existsSync(path))
		throw new MoveError('source-unreadable', `there is no SQLite store at ${path}: correct the path`);
	const database = new DatabaseSync(path, { timeout: 1000 });
	try {
		// Kept from the first transaction until the end; the system ends it with the process.
		database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT; PRAGMA query_only = ON');
		const { stands, known } = schemaVersions(database);
		if (stands !== known) {
			const older =
				stands === 0 ? 'is not a store of the relay' : 'was written by an older relay: start this one on it once';
			const why = stands < known ? older : 'was written by a newer relay: use that one';
			throw new MoveError('source-unreadable', `${path} ${why}`);
		}
		database.function('indexable', { deterministic: true }, (text) => indexableText(String(text)));
		return database;
	} catch (error) {
		database.close();
		if (error instanceof MoveError) throw error;
		const code = (error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0) & 0xff;
		if (code === BUSY || code === LOCKED) {
			const wayOut = 'stop the relay and every other program that has it open, then move it';
			throw new MoveError('source-in-use', `${path} is in use: ${wayOut}`, { cause: error });
		}
		const wayOut = code === READ_ONLY ? '; locking it needs the right to write the file and its folder' : '';
		const why = error instanceof Error ? error.message : String(error);
		throw new MoveError('source-unreadable', `${path} cannot be read: ${why}${wayOut}`, { cause: error });
	}
}

/** Steps take as long as they take. */
const SETTINGS = `SET application_name = '${RELAY_NAME} migrate'; SET statement_timeout = 0;
SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '10s'`;

async function withTarget<Result>(url: string, work: (client: Client) => Promise<Result>): Promise<Result> {
	const database = openDatabase(serverAddresses(url));
	try {
		const client = await database.connect();
		try {
			await client.query(SETTINGS);
			await migrate(client);
			await client.query('BEGIN');
			return await work(client);
		} finally {
			// What was not committed is gone with the connection.
			await client.end().catch(() => {});
		}
	} catch (error) {
		const known = storeErrorOf(error);
		const ofPostgres = known.kind !== 'failed' || (error instanceof Error && 'severity' in error);
		throw ofPostgres && !(error instanceof MoveError) ? known : error;
	} finally {
		await database.close();
	}
}

/** Every table of the store but what a replica keeps for itself. */
async function readTables(client: Client): Promise<readonly Table[]> {
	const { rows } = await client.query<{ table: string; name: string; type: string }>(
		`SELECT table_name AS table, column_name AS name, data_type AS type FROM information_schema.columns
		 WHERE table_schema = 'relay' AND table_name NOT IN ('migration', 'clock') ORDER BY table_name, ordinal_position`,
	);
	return [...Map.groupBy(rows, ({ table }) => table)].map(([name, columns]) => ({ name, columns }));
}

const RELAYS = `
SELECT count(*)::int AS relays FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1`;
/** A relay that only ever started has left its subscribers' names: that is nothing to lose, a pause is. */
const DATA = ['receipt', 'event', 'seen', 'delivery', 'attempt', 'account_field'];
const HOLDS = [
	...DATA.map((name) => [name, `relay.${name}`]),
	['subscriber', 'relay.subscriber WHERE paused_by IS NOT NULL'],
]
	.map(([name, rows]) => `SELECT '${name}' AS name WHERE EXISTS (SELECT 1 FROM ${rows})`)
	.join(' UNION ALL ');
/** The connection of a relay that has just stopped is gone a moment later. */
const LOOKS = 20;

/** Locked until the end, so that no one else can write or begin; and empty. */
async function takeTarget(client: Client, tables: readonly Table[]): Promise<void> {
	for (let look = 1; ; look += 1) {
		const { rows } = await client.query<{ relays: number }>(RELAYS, [RELAY_NAME]);
		if (rows[0]?.relays === 0) break;
		if (look === LOOKS) {
			throw new MoveError('target-in-use', 'a relay uses the target: stop every replica, then move the store');
		}
		await client.query('SELECT pg_stat_clear_snapshot(), pg_sleep(0.1)');
	}
	const names = tables.map(({ name }) => `relay.${name}`).join(', ');
	try {
		await client.query(`LOCK TABLE ${names} IN ACCESS EXCLUSIVE MODE`);
	} catch (error) {
		if (storeErrorOf(error).kind !== 'locked') throw error;
		throw new MoveError('target-in-use', 'a relay or another migrate uses the target: wait until it ends', {
			cause: error,
		});
	}
	const { rows } = await client.query<{ name: string }>(HOLDS);
	if (rows.length > 0) {
		const held = rows.map(({ name }) => name).join(', ');
		throw new MoveError(
			'target-holds-data',
			`the target already holds the data of a relay (${held}), and nothing was changed. If this store was moved before, that is it; if not, make another database (CREATE DATABASE …) and move the store into that one`,
		);
	}
	await client.query(`TRUNCATE ${names}`);
}

/** Counters have a row for each replica in the target; the moved ones count under a number that no replica has. */
const MOVED_WRITER = -1;
/** Where the target is shaped differently: what its columns hold, as SELECT on the source. Elsewhere names say it. */
const SHAPED: Readonly<Record<string, string>> = {
	// No lease is held when the relay is stopped: what was leased had been due, and is due again at once.
	delivery: `SELECT d.event_seq, d.subscriber_id, indexable(coalesce(e.account_id, '')) AS account_id, d.state,
		iif(d.lease IS NULL, d.due_at, coalesce(e.received_at, 0)) AS due_at, d.attempts,
		(SELECT coalesce(max(number), 0) FROM attempt a
			WHERE a.event_seq = d.event_seq AND a.subscriber_id = d.subscriber_id) AS tries,
		NULL AS lease, d.replay, d.settled_at, d.reason FROM delivery d LEFT JOIN event e ON e.seq = d.event_seq`,
	subscriber_clock: `SELECT subscriber_id, ${MOVED_WRITER} AS writer, last_success_at, last_failure_at, last_failure_reason
		FROM subscriber WHERE coalesce(last_success_at, last_failure_at) IS NOT NULL`,
	// Two names may become one text where PostgreSQL cannot hold a letter of them.
	account_field: `SELECT indexable(account_id) AS account_id, indexable(field) AS field, ${MOVED_WRITER} AS writer,
		sum(events) AS events, max(last_received_at) AS last_received_at FROM account_field GROUP BY 1, 2`,
};
/** What is received here later goes on after the moved numbers. */
const SEQUENCES = [
	`SELECT setval('relay.receipt_id', max(id)) FROM relay.receipt HAVING max(id) IS NOT NULL`,
	`SELECT setval('relay.event_seq', max(seq)) FROM relay.event HAVING max(seq) IS NOT NULL`,
];

/** What one statement brings at most: many small rows, or few large ones. */
const [BATCH_ROWS, BATCH_BYTES, SAY_EVERY] = [1000, 1024 * 1024, 100_000];

/** @returns the digest of what was read */
async function copyTable(
	client: Client,
	source: DatabaseSync,
	{ name, columns }: Table,
	onProgress: (rows: number) => void,
): Promise<TableDigest> {
	const names = columns.map((column) => column.name).join(', ');
	const statement = source.prepare(`SELECT ${names} FROM (${SHAPED[name] ?? `SELECT * FROM ${name}`})`);
	// Exact beyond 2^53; arrays, which Node's types do not know of.
	statement.setReadBigInts(true);
	statement.setReturnArrays(true);
	const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ');
	const insert = { name: `move-${name}`, text: `INSERT INTO relay.${name} (${names}) SELECT * FROM unnest(${arrays})` };
	const digest = startDigest();
	let [batch, bytes]: [Stored[][], number] = [[], 0];
	const flush = async () => {
		if (batch.length > 0)
			await client.query({ ...insert, values: columns.map((_, at) => batch.map((row) => row[at])) });
		[batch, bytes] = [[], 0];
	};
	for (const values of statement.iterate() as Iterable<unknown> as Iterable<readonly SQLOutputValue[]>) {
		const row = columns.map(({ type }, index) => toStored(type, values[index] ?? null));
		digest.add(row.map(shown));
		batch.push(row);
		for (const value of row) if (typeof value === 'string' || value instanceof Uint8Array) bytes += value.length;
		if (batch.length >= BATCH_ROWS || bytes >= BATCH_BYTES) await flush();
		if (digest.rows() % SAY_EVERY === 0) onProgress(digest.rows());
	}
	await flush();
	onProgress(digest.rows());
	await client.query(`ANALYZE relay.${name}`);
	return digest.end();
}

/**
 * The command `migrate`: move, and print what was compared. RELAY_STORE stands for the side that is not named.
 *
 * @returns whether the target holds what the source holds
 * @throws {TypeError} no usable `--from` or `--to`
 */
export async function moveFromCommand(
	options: MigrateOptions,
	{ RELAY_STORE: usual }: Readonly<Record<string, string | undefined>>,
	say: (line: string) => void,
): Promise<boolean> {
	const usualSource = usual?.startsWith('sqlite:') === true ? usual : 'sqlite:./data/relay.db';
	const [, from] = /^sqlite:(.+)$/.exec(options.from ?? usualSource) ?? [];
	if (from === undefined) throw new TypeError('--from: use sqlite:<path of the file>');
	const to = options.to ?? usual;
	if (to === undefined || !/^postgres(ql)?:/.test(to)) {
		throw new TypeError('--to: use postgres://user:password@host:5432/database, or set RELAY_STORE to it');
	}
	const tables = await moveStore({ from, to, say });
	const width = Math.max(...tables.map(({ name }) => name.length));
	for (const { name, source, target, same } of tables) {
		const verdict = same ? `✓ the same  ${source.hash.slice(0, 12)}` : '✗ DIFFERENT';
		say(`${name.padEnd(width)}  ${source.rows} rows here, ${target.rows} there  ${verdict}`);
	}
	const same = tables.every((table) => table.same);
	const done =
		'Moved. Set RELAY_STORE to the target and start the relay; keep the SQLite file until you have seen it work.';
	say(same ? done : 'The target differs from the source, so nothing was changed. Please report it.');
	return same;
}
