import {
	accessSync,
	closeSync,
	constants,
	existsSync,
	mkdirSync,
	openSync,
	readdirSync,
	readFileSync,
	realpathSync,
	statSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../relay/store.ts';
import { storeErrorOf } from './commit.ts';

export type DatabaseOptions = {
	readonly path: string;
	readonly readOnly?: boolean | undefined;
	/** how long to wait for another process's lock while opening, ms */
	readonly busyTimeoutMs?: number | undefined;
};

/** Meta waits five seconds for an answer; a lock that lasts longer than this is answered with 503. */
export const BUSY_TIMEOUT_MS = 1500;

/**
 * Open the database with the durability the relay promises: a write-ahead log, synced at each commit.
 *
 * @throws {StoreError} no such folder, no permission, not a database, or one of a newer relay
 */
export function openDatabase({
	path,
	readOnly = false,
	busyTimeoutMs = BUSY_TIMEOUT_MS,
}: DatabaseOptions): DatabaseSync {
	let database: DatabaseSync | null = null;
	try {
		if (!readOnly) makePrivate(path);
		database = new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs });
		if (!readOnly) {
			const { journal_mode: mode } = database.prepare('PRAGMA journal_mode = WAL').get() as { journal_mode: string };
			if (mode !== 'wal')
				throw new Error(`SQLite cannot use a write-ahead log here (journal mode "${mode}"): use a local disk`);
		}
		// FULL: each commit is synced, so an acknowledged event survives loss of power. NORMAL would lose the last ones.
		database.exec('PRAGMA synchronous = FULL');
		database.exec('PRAGMA foreign_keys = OFF'); // rows are removed children first, by prune alone
		database.exec('PRAGMA cache_size = -8000'); // 8 MB: the hot ends of the indexes
		database.exec('PRAGMA temp_store = MEMORY');
		database.exec('PRAGMA wal_autocheckpoint = 0'); // see file.ts
		if (!readOnly) migrate(database);
		return database;
	} catch (error) {
		database?.close();
		const { kind, message } = storeErrorOf(error);
		throw new StoreError(kind, `cannot open ${path}: ${message}${wayOut(error)}`, { cause: error });
	}
}

/**
 * The store holds people's messages: only this user may open the folder and files that we create. SQLite gives its own
 * files the same mode.
 */
function makePrivate(path: string): void {
	mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
	if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
	accessSync(path, constants.R_OK | constants.W_OK);
}

/** One line for each file or folder of the store that others on the machine may read or write; none on Windows. */
export function looseModes(path: string): readonly string[] {
	if (process.platform === 'win32') return [];
	const kept = [dirname(path), ...[path, `${path}-wal`, `${path}-shm`, `${path}-owner`].filter(existsSync)];
	return kept.flatMap((name, index) => {
		const mode = statSync(name).mode & 0o777;
		if ((mode & 0o077) === 0) return [];
		const right = index === 0 ? '700' : '600';
		return [
			`${name} is open to other users of this machine (mode ${mode.toString(8)}), and holds messages: chmod ${right} ${name}`,
		];
	});
}

const MIGRATIONS = new URL('./migrations/', import.meta.url);

/** Bring the schema up to date: each numbered file once, in order, each in a transaction with its number. */
function migrate(database: DatabaseSync): void {
	const files = schemaFiles();
	const done = readVersion(database);
	if (done > files.length) {
		throw new Error(`the database has schema ${done}, this relay knows ${files.length}: start the newer relay`);
	}
	for (const [index, name] of files.entries()) {
		if (index < done) continue;
		database.exec('BEGIN IMMEDIATE');
		try {
			// Another process may have been first while this one waited for the lock.
			if (readVersion(database) === index) {
				database.exec(readFileSync(new URL(name, MIGRATIONS), 'utf8'));
				database.exec(`PRAGMA user_version = ${index + 1}`);
			}
			database.exec('COMMIT');
		} catch (error) {
			if (database.isTransaction) database.exec('ROLLBACK');
			throw error;
		}
	}
}

/** Which schema a database has, and which one this relay knows; 0: none. */
export function schemaVersions(database: DatabaseSync): { readonly stands: number; readonly known: number } {
	return { stands: readVersion(database), known: schemaFiles().length };
}

function schemaFiles(): readonly string[] {
	return readdirSync(MIGRATIONS)
		.filter((name) => /^\d{4}-.*\.sql$/.test(name))
		.sort();
}

function readVersion(database: DatabaseSync): number {
	return Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
}

/** Held as long as this relay works on its store. */
export type Ownership = { release(): void };

/** A starter that only looks who owns the store holds the lock for less than this. */
const OWNER_TIMEOUT_MS = 500;

/**
 * Become the only relay of a SQLite store: two would deliver the same events.
 *
 * The lock is a transaction on a small database beside the store, `<store>-owner`, that is never committed. The operating
 * system ends it with the process, however that ends, so a restart after `kill -9` waits for nothing. Commands that work
 * beside a relay do not take it.
 *
 * @throws {StoreError} `locked`: another relay is there; the message says which
 */
export function ownStore(path: string): Ownership {
	// Two names of one file are one store.
	const store = existsSync(path) ? realpathSync(path) : path;
	let database: DatabaseSync | null = null;
	try {
		makePrivate(`${store}-owner`);
		database = new DatabaseSync(`${store}-owner`, { timeout: OWNER_TIMEOUT_MS });
		database.exec('BEGIN IMMEDIATE');
		database.exec('CREATE TABLE IF NOT EXISTS owner (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT');
		const name = `process ${process.pid} on ${hostname()}, started ${new Date().toISOString()}`;
		database.prepare('INSERT OR REPLACE INTO owner (id, name) VALUES (1, ?)').run(name);
		database.exec('COMMIT');
		// A writer's lock lets others read who holds it.
		database.exec('BEGIN IMMEDIATE');
		const owned = database;
		return { release: () => owned.close() };
	} catch (cause) {
		const { kind, message } = storeErrorOf(cause);
		const owner = database === null || kind !== 'locked' ? null : ownerOf(database);
		database?.close();
		if (owner === null)
			throw new StoreError('failed', `cannot open ${store}-owner: ${message}${wayOut(cause)}`, { cause });
		throw new StoreError(
			'locked',
			`${store} already has a relay (${owner}): stop that one first, give this one a RELAY_STORE of its own, or use postgres://… for several relays`,
			{ cause },
		);
	}
}

function ownerOf(database: DatabaseSync): string {
	try {
		return String(database.prepare('SELECT name FROM owner').get()?.name ?? 'unnamed');
	} catch {
		// It is writing its name just now.
		return 'starting';
	}
}

const NO_FILE = '. RELAY_STORE must name a file, in a folder that this user may write to';
/** By SQLite's primary result code (sqlite.org/rescode.html). */
const WAYS_OUT: Readonly<Record<number, string>> = {
	8: NO_FILE,
	13: '. Free space on its disk',
	14: NO_FILE,
	26: '. RELAY_STORE must name a store of the relay, or a new file',
};

function wayOut(error: unknown): string {
	if (!(error instanceof Error)) return '';
	if ('syscall' in error) return NO_FILE;
	return ('errcode' in error && WAYS_OUT[Number(error.errcode) & 0xff]) || '';
}
