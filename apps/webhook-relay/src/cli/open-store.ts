import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import type { AdminStore } from '../admin/admin-store.ts';
import { StoreError } from '../relay/store.ts';

export type StoreOptions = {
	readonly dedupMs: number;
	/** for SQLite: largest size of the file */
	readonly maxMegabytes?: number | undefined;
	/** for PostgreSQL: this replica's name, the same after a restart. @default the machine's name */
	readonly replica?: string | undefined;
	/**
	 * For SQLite. `relay`: make the store when it is missing, and be the only relay on it. `guest`: a command beside a
	 * relay, on a store that is there.
	 * @default 'guest'
	 */
	readonly as?: 'relay' | 'guest';
};

/**
 * Open the store that RELAY_STORE names: `sqlite:<path>`, or `postgres://…` for several replicas. What the other one
 * needs is not loaded.
 *
 * @throws {TypeError} no such kind of store
 * @throws {StoreError} it cannot be opened, is missing, or has another relay
 */
export async function openStore(url: string, options: StoreOptions): Promise<AdminStore> {
	const [scheme = '', rest = ''] = splitOnce(url, ':');
	switch (scheme) {
		case 'sqlite': {
			const { openSqliteStore } = await import('../sqlite/sqlite-event-store.ts');
			if (rest === '' || rest.startsWith(':memory:')) {
				throw new TypeError(
					'RELAY_STORE names no file: what was answered 200 must outlive the process; use sqlite:<path of a file>',
				);
			}
			const sqlite = { path: rest, dedupMs: options.dedupMs, maxMegabytes: options.maxMegabytes };
			if (options.as === 'relay') return openOwnedStore(sqlite);
			// SQLite would make an empty one.
			if (!existsSync(rest)) {
				throw new StoreError('failed', `there is no SQLite store at ${rest}: compare RELAY_STORE with the relay's`);
			}
			return openSqliteStore(sqlite);
		}
		case 'postgres':
		case 'postgresql': {
			const { openPostgresStore } = await import('../postgres/postgres-event-store.ts');
			return openPostgresStore({ url, dedupMs: options.dedupMs, replica: options.replica ?? hostname() });
		}
		default:
			throw new TypeError(`RELAY_STORE starts with "${scheme}:": use sqlite:<path of a file> or postgres://…`);
	}
}

async function openOwnedStore(sqlite: { path: string; dedupMs: number; maxMegabytes: number | undefined }) {
	const { ownStore } = await import('../sqlite/own-store.ts');
	const { openSqliteStore } = await import('../sqlite/sqlite-event-store.ts');
	const owned = ownStore(sqlite.path);
	try {
		const store = await openSqliteStore(sqlite);
		return { ...store, close: () => store.close().finally(owned.release) };
	} catch (error) {
		owned.release();
		throw error;
	}
}

/**
 * Under which name this process leases deliveries. One process owns a SQLite store, so the leases of a crashed run are
 * ours to end. With PostgreSQL nobody can tell a crashed replica from a slow one: its leases end by their time.
 */
export function leaseHolder(url: string): string {
	return url.startsWith('sqlite:') ? 'relay' : `${hostname()}-${process.pid}-${randomBytes(6).toString('hex')}`;
}

function splitOnce(text: string, separator: string): [string, string] {
	const place = text.indexOf(separator);
	return place === -1 ? [text, ''] : [text.slice(0, place), text.slice(place + separator.length)];
}
