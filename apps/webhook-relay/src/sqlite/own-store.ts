import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../relay/store.ts';

/** Held as long as this relay works on its store. */
export type Ownership = { release(): void };

/** A starter that only looks who owns the store holds the lock for less than this. */
const BUSY_TIMEOUT_MS = 500;
/** SQLite's primary result code SQLITE_BUSY: someone else holds the lock. */
const BUSY = 5;

/**
 * Be the one relay of a SQLite store: two would deliver the same thing at once.
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
	const database = openOwner(store);
	try {
		database.exec('BEGIN IMMEDIATE');
		database.exec('CREATE TABLE IF NOT EXISTS owner (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT');
		const name = `process ${process.pid} on ${hostname()}, started ${new Date().toISOString()}`;
		database.prepare('INSERT OR REPLACE INTO owner (id, name) VALUES (1, ?)').run(name);
		database.exec('COMMIT');
		// A writer's lock lets others read who holds it.
		database.exec('BEGIN IMMEDIATE');
	} catch (error) {
		const refusal = refuse(database, store, error);
		database.close();
		throw refusal;
	}
	return { release: () => database.close() };
}

function openOwner(store: string): DatabaseSync {
	try {
		mkdirSync(dirname(store), { recursive: true });
		return new DatabaseSync(`${store}-owner`, { timeout: BUSY_TIMEOUT_MS });
	} catch (cause) {
		throw new StoreError('failed', `cannot open ${store}-owner: ${textOf(cause)}`, { cause });
	}
}

function refuse(database: DatabaseSync, store: string, cause: unknown): StoreError {
	const code = cause instanceof Error && 'errcode' in cause ? Number(cause.errcode) & 0xff : 0;
	if (code !== BUSY) return new StoreError('failed', `cannot own ${store}: ${textOf(cause)}`, { cause });
	return new StoreError(
		'locked',
		`${store} already has a relay (${ownerOf(database)}): stop that one first, give this one a RELAY_STORE of its own, or use postgres://… for several relays`,
		{ cause },
	);
}

function ownerOf(database: DatabaseSync): string {
	try {
		return String(database.prepare('SELECT name FROM owner').get()?.name ?? 'unnamed');
	} catch {
		// It is writing its name just now.
		return 'starting';
	}
}

function textOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
