import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type DatabaseOptions = {
	readonly path: string;
	readonly readOnly?: boolean | undefined;
	/** largest size of the file in MB; beyond it commits fail as on a full disk */
	readonly maxMegabytes?: number | undefined;
	/** how long to wait for someone else's lock, ms */
	readonly busyTimeoutMs?: number | undefined;
};

/** Meta waits five seconds for an answer; a lock that lasts longer than this is answered with 503. */
const BUSY_TIMEOUT_MS = 1500;

/**
 * Open the database with the durability the relay promises: a write-ahead log, synced at each commit.
 *
 * @throws what SQLite throws: no such folder, no permission, not a database
 */
export function openDatabase(options: DatabaseOptions): DatabaseSync {
	const { path, readOnly = false, maxMegabytes, busyTimeoutMs = BUSY_TIMEOUT_MS } = options;
	if (!readOnly) mkdirSync(dirname(path), { recursive: true });
	const database = new DatabaseSync(path, { readOnly, timeout: busyTimeoutMs });
	if (!readOnly) {
		const { journal_mode: mode } = database.prepare('PRAGMA journal_mode = WAL').get() as { journal_mode: string };
		if (mode !== 'wal') throw new Error(`SQLite cannot write ahead here (it says "${mode}"): use a local disk`);
	}
	// FULL: each commit is synced, so an acknowledged event survives loss of power. NORMAL would lose the last ones.
	database.exec('PRAGMA synchronous = FULL');
	database.exec('PRAGMA foreign_keys = OFF'); // rows are removed children first, by prune alone
	database.exec('PRAGMA cache_size = -8000'); // 8 MB: the hot ends of the indexes
	database.exec('PRAGMA temp_store = MEMORY');
	// 16 MB of log before it is moved into the database: pages that change with every event are moved once for all of them.
	database.exec('PRAGMA wal_autocheckpoint = 4000');
	if (maxMegabytes !== undefined) {
		const { page_size: pageSize } = database.prepare('PRAGMA page_size').get() as { page_size: number };
		database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor((maxMegabytes * 1024 * 1024) / pageSize))}`);
	}
	return database;
}
