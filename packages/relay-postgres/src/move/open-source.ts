import { existsSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';
import { schemaVersions } from '@instagram-insights/webhook-relay/sqlite/database';
import { indexableText } from '../storable-text.ts';
import { MoveError } from './move-error.ts';
import type { MovedTable } from './moved-tables.ts';

/** A row of the source: the columns of its table, and the place after it. */
export type SourceRow = { readonly values: readonly SQLOutputValue[]; readonly place: string };

export type Source = {
	/** Rows in order of their key; `after` is the `place` of the last one seen. Read as they are asked for. */
	rows(table: MovedTable, after: string | null): Iterable<SourceRow>;
	/** Every row as the target shall have it, those merged that are one there. */
	merged(table: MovedTable): Iterable<readonly SQLOutputValue[]>;
	/** The highest number given to a receipt and to an event; 0: none. */
	lastNumbers(): { readonly receipt: number; readonly event: number };
	close(): void;
};

/** SQLite's primary result codes (sqlite.org/rescode.html). */
const [BUSY, LOCKED, READ_ONLY] = [5, 6, 8];

/**
 * Open a SQLite store for reading, locked: as long as it is open no relay can open it, and while a relay has it open this
 * fails. So what is read stands still. The lock is the system's and goes with the process, however that ends.
 *
 * @throws {MoveError} it is not there, no store of this version, or in use
 */
export function openSource(path: string): Source {
	// SQLite would make an empty one.
	if (!existsSync(path)) throw new MoveError('source-unreadable', `there is no SQLite store at ${path}`);
	const database = new DatabaseSync(path, { timeout: 1000 });
	try {
		lock(database, path);
		checkSchema(database, path);
	} catch (error) {
		database.close();
		throw error;
	}
	database.function('indexable', { deterministic: true }, (text) => indexableText(String(text)));

	return {
		*rows({ read, key }, after) {
			const place = after === null ? null : readPlace(after);
			const where = place === null ? '' : `WHERE (${key.join(', ')}) > (${key.map(() => '?').join(', ')})`;
			const statement = prepare(database, `SELECT * FROM (${read}) ${where} ORDER BY ${key.join(', ')}`);
			const names = statement.columns().map(({ name }) => name);
			const places = key.map((name) => names.indexOf(name));
			for (const values of iterate(statement, place ?? [])) {
				yield { values, place: writePlace(places.map((index) => values[index] ?? null)) };
			}
		},
		*merged({ read, merge }) {
			yield* iterate(prepare(database, merge?.read ?? read), []);
		},
		lastNumbers() {
			const row = database
				.prepare('SELECT (SELECT max(id) FROM receipt) AS receipt, (SELECT max(seq) FROM event) AS event')
				.get();
			return { receipt: Number(row?.receipt ?? 0), event: Number(row?.event ?? 0) };
		},
		close: () => database.close(),
	};
}

/** Whole numbers come as bigint, rows as arrays. */
function prepare(database: DatabaseSync, sql: string): StatementSync {
	const statement = database.prepare(sql);
	statement.setReadBigInts(true);
	statement.setReturnArrays(true);
	return statement;
}

/** @param statement that returns arrays, which Node's types do not know of */
function iterate(statement: StatementSync, values: readonly SQLInputValue[]): Iterable<readonly SQLOutputValue[]> {
	return statement.iterate(...values) as Iterable<unknown> as Iterable<readonly SQLOutputValue[]>;
}

function lock(database: DatabaseSync, path: string): void {
	try {
		// Kept from the first transaction until the end. No relay's connection passes it, one at rest included.
		database.exec('PRAGMA locking_mode = EXCLUSIVE');
		database.exec('BEGIN EXCLUSIVE');
		database.exec('COMMIT');
		database.exec('PRAGMA query_only = ON');
	} catch (error) {
		const code = (error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0) & 0xff;
		if (code === BUSY || code === LOCKED) {
			throw new MoveError(
				'source-in-use',
				`${path} is in use: stop the relay, and whatever else has it open, then move it`,
				{
					cause: error,
				},
			);
		}
		const why = error instanceof Error ? error.message : String(error);
		const wayOut = code === READ_ONLY ? '; locking it needs the right to write the file and its folder' : '';
		throw new MoveError('source-unreadable', `${path} cannot be read: ${why}${wayOut}`, { cause: error });
	}
}

function checkSchema(database: DatabaseSync, path: string): void {
	const { stands, known } = schemaVersions(database);
	if (stands === known) return;
	const why =
		stands === 0
			? 'is no store of the relay'
			: stands < known
				? 'was written by an older relay: start this one on it once'
				: 'was written by a newer relay: use that one';
	throw new MoveError('source-unreadable', `${path} ${why}`);
}

/** A key as JSON; a whole number is `{ "n": "12" }`, exact beyond 2^53. */
function writePlace(key: readonly SQLOutputValue[]): string {
	return JSON.stringify(key.map((part) => (typeof part === 'bigint' ? { n: String(part) } : part)));
}

function readPlace(place: string): SQLInputValue[] {
	const key: (string | { n: string })[] = JSON.parse(place);
	return key.map((part) => (typeof part === 'string' ? part : BigInt(part.n)));
}
