import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import type { AdminStore, StoreDriver } from '../admin/admin-store.ts';
import { StoreError } from '../relay/store.ts';

export type StoreOptions = {
	readonly dedupMs: number;
	/** for SQLite: largest size of the file */
	readonly maxMegabytes?: number | undefined;
	/** a line for the operator about something that is not as it should be. @default stderr */
	readonly warn?: ((line: string) => void) | undefined;
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
 * Open the store that RELAY_STORE names: `sqlite:<path>`, or `postgres://…` for several replicas. The driver of the other
 * kind is not loaded.
 *
 * @throws {TypeError} no such kind of store
 * @throws {StoreError} it cannot be opened, is missing, or has another relay
 */
export async function openStore(url: string, options: StoreOptions): Promise<AdminStore> {
	const [scheme = '', rest = ''] = splitOnce(url, ':');
	switch (scheme) {
		case 'sqlite': {
			if (/^($|:memory:|file:)/.test(rest)) {
				throw new TypeError(
					'RELAY_STORE does not name a file, and events must outlive the process; use sqlite:<path of a file>',
				);
			}
			if (options.as === 'relay') return openOwnedStore(rest, options);
			refuseMissing(rest);
			const { openSqliteStore } = await import('../sqlite/sqlite-event-store.ts');
			return openSqliteStore({ path: rest, ...options, as: 'guest' });
		}
		case 'postgres':
		case 'postgresql': {
			const postgres = await loadDriver('@instagram-insights/relay-postgres');
			const { dedupMs, replica = hostname(), warn = (line) => void process.stderr.write(`${line}\n`) } = options;
			return postgres.open({
				...{ url, dedupMs, replica },
				onWaiting: (reason) =>
					warn(
						`PostgreSQL does not answer (${reason}); waiting up to 30 seconds. Check that it is running and that RELAY_STORE is correct`,
					),
			});
		}
		default:
			throw new TypeError(`RELAY_STORE starts with "${scheme}:": use sqlite:<path of a file> or postgres://…`);
	}
}

/**
 * A driver is its own package, installed only where it is used.
 *
 * @throws {TypeError} it is not installed
 */
export async function loadDriver(name: string): Promise<StoreDriver> {
	let found: string;
	try {
		found = import.meta.resolve(name);
	} catch {
		throw new TypeError(`PostgreSQL needs a package that is not installed next to the relay: npm install ${name}`);
	}
	return (await import(found)).driver;
}

/** SQLite would make an empty one. */
function refuseMissing(path: string): void {
	if (existsSync(path)) return;
	throw new StoreError('failed', `there is no SQLite store at ${path}: set RELAY_STORE to the store of the relay`);
}

async function openOwnedStore(path: string, options: StoreOptions) {
	const { looseModes, ownStore } = await import('../sqlite/database.ts');
	const { rescuePath } = await import('../sqlite/file.ts');
	const { openSqliteStore } = await import('../sqlite/sqlite-event-store.ts');
	const rescued = rescuePath(path);
	if (existsSync(rescued)) {
		const words = `the last relay saved its data in ${rescued}: move that file to ${path}, or move it elsewhere`;
		if (!existsSync(path)) throw new StoreError('failed', `${path} is missing, and ${words}`);
		options.warn?.(`${path} was lost once, and ${words}`);
	}
	const owned = ownStore(path);
	try {
		const store = await openSqliteStore({ path, ...options });
		for (const line of looseModes(path)) options.warn?.(line);
		return { ...store, close: () => store.close().finally(owned.release) };
	} catch (error) {
		owned.release();
		throw error;
	}
}

/**
 * Write a copy of the store of RELAY_STORE to a file, with or without a running relay.
 *
 * @returns events in the copy, and its size in bytes
 * @throws {TypeError} not a SQLite store, or the target is not a place for a copy
 * @throws {StoreError} there is no store, or the copy differs from it
 */
export async function backUpStore(url: string, target: string): Promise<{ events: number; bytes: number }> {
	const [scheme, path] = splitOnce(url, ':');
	if (scheme !== 'sqlite') {
		throw new TypeError(
			'backup copies a SQLite store. For PostgreSQL, run: pg_dump --format=custom --file=FILE "$RELAY_STORE"',
		);
	}
	refuseMissing(path);
	const { openDatabase } = await import('../sqlite/database.ts');
	const { backUp } = await import('../sqlite/file.ts');
	const database = openDatabase({ path, readOnly: true });
	try {
		return await backUp(database, path, target);
	} finally {
		database.close();
	}
}

/**
 * The name under which this process leases deliveries. One process owns a SQLite store, so it may end the leases of a
 * crashed run. With PostgreSQL a crashed replica looks like a slow one, so its leases expire.
 */
export function leaseHolder(url: string): string {
	return url.startsWith('sqlite:') ? 'relay' : `${hostname()}-${process.pid}-${randomBytes(6).toString('hex')}`;
}

function splitOnce(text: string, separator: string): [string, string] {
	const place = text.indexOf(separator);
	return place === -1 ? [text, ''] : [text.slice(0, place), text.slice(place + separator.length)];
}
