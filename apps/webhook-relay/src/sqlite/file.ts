import { closeSync, existsSync, mkdirSync, openSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { StoreError } from '../relay/store.ts';

const MEGABYTE = 1024 * 1024;
/** The log is moved into the database when it has this size: pages that change with every event are moved once for all of them. */
const LOG_BYTES = 32 * MEGABYTE;
/** The share of a limited store that receiving may use. Delivering needs the rest, or a full store could never empty. */
const RECEIVING_SHARE = 0.9;

export type StoreFile = {
	/**
	 * Is what was committed in the file of that name? Looks at names alone: a few microseconds.
	 *
	 * @throws {StoreError} `lost`: it was removed or replaced while it is open
	 */
	check(): void;
	/** @throws {StoreError} `full`: no more may be received, or even deliveries could not be recorded any more */
	checkRoom(): void;
	/** Keep the log small. Never waits for a reader. */
	tidy(): void;
	/** Move the whole log into the database, so that the one file is all. @returns false: a reader of an old state kept it */
	finish(): boolean;
	/** Write what the open database holds to another file, when its own is gone. @returns its path; null: it is there */
	rescue(): Promise<string | null>;
};

/** On Windows the time of the last write is set when the file is closed. */
const TELLS_WRITES = process.platform !== 'win32';

export type WatchOptions = {
	/** of database and log together; undefined: what the disk has */
	readonly maxMegabytes: number | undefined;
	/** moves the log into the database; a command beside the relay leaves that to it */
	readonly isOwner: boolean;
};

/** The files of an open database: they must stay where they are, and within their size. Only the owner writes to the main one. */
export function watchFile(database: DatabaseSync, path: string, { maxMegabytes, isOwner }: WatchOptions): StoreFile {
	const most = maxMegabytes === undefined ? Number.POSITIVE_INFINITY : maxMegabytes * MEGABYTE;
	const logBytes = Math.min(LOG_BYTES, most / 4);
	const keptLogBytes = Math.floor(logBytes / 2);
	const pageSize = Number(database.prepare('PRAGMA page_size').get()?.page_size);
	// A log that begins anew keeps half of its file: writing over it syncs faster than making it longer.
	database.exec(`PRAGMA journal_size_limit = ${keptLogBytes}`);
	if (maxMegabytes !== undefined) database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(most / pageSize))}`);
	const pages = database.prepare(
		'SELECT page_count - freelist_count AS used FROM pragma_page_count, pragma_freelist_count',
	);
	/** What the names stood for when the database was opened; the log's size when last looked at. */
	const [main, log, index] = [path, `${path}-wal`, `${path}-shm`];
	const opened = new Map<string, string>();
	let [size, logSize, writtenAt] = [0, 0, 0];

	function look(name: string) {
		const found = statSync(name, { throwIfNoEntry: false });
		const identity = found === undefined ? 'gone' : `${found.dev}:${found.ino}`;
		if (found !== undefined && !opened.has(name)) opened.set(name, identity);
		const isSame = !opened.has(name) || identity === opened.get(name);
		return { size: found?.size ?? 0, writtenAt: found?.mtimeMs ?? 0, isSame };
	}

	function check(): void {
		const [file, ...others] = [look(main), look(log), look(index)] as const;
		// Another one was copied over it: it never shrinks by itself, and is written only when we move the log.
		const isWritten = TELLS_WRITES && isOwner && writtenAt > 0 && file.writtenAt !== writtenAt;
		// A log that begins anew keeps this much.
		const isCut = file.size < size || others[0].size < Math.min(logSize, keptLogBytes);
		if (!file.isSame || others.some(({ isSame }) => !isSame) || isCut || isWritten) {
			throw new StoreError(
				'lost',
				`${path} was removed, replaced or changed by another program, so the relay stores nothing more. Put the same file back; or stop the relay, which then saves its data to ${rescuePath(path)}`,
			);
		}
		[size, logSize, writtenAt] = [file.size, others[0].size, file.writtenAt];
	}

	/** Only while the files are the ones we opened: what was written to them meanwhile is ours. */
	function checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): boolean {
		check();
		const row = database.prepare(`PRAGMA wal_checkpoint(${mode})`).get();
		writtenAt = look(main).writtenAt;
		logSize = look(log).size;
		return row?.busy === 0;
	}

	return {
		check,
		checkRoom() {
			if (maxMegabytes === undefined) return;
			const used = Number(pages.get()?.used) * pageSize;
			if (used + logSize < most * RECEIVING_SHARE) return;
			throw new StoreError(
				'full',
				`the store has used what RELAY_STORE_MAX_MB (${maxMegabytes}) leaves for receiving: raise it, or lower RELAY_RETENTION_DAYS`,
			);
		},
		tidy() {
			if (!database.isOpen || !isOwner) return;
			const { size: bytes } = look(log);
			if (bytes < logBytes) return;
			try {
				// The next commit begins the log anew, unless someone reads an old state: then it is cut when that one has ended.
				checkpoint(bytes < logBytes * 2 ? 'PASSIVE' : 'TRUNCATE');
			} catch {
				// The next commit says what is wrong.
			}
		},
		finish: () => !isOwner || checkpoint('TRUNCATE'),
		async rescue() {
			try {
				check();
				return null;
			} catch {
				// One that an earlier relay left may be all there is of other events.
				const aside = existsSync(rescuePath(path)) ? `${rescuePath(path)}-${Date.now()}` : rescuePath(path);
				mkdirSync(dirname(aside), { recursive: true, mode: 0o700 });
				closeSync(openSync(aside, 'a', 0o600));
				await backup(database, aside, { rate: EVERY_PAGE });
				if (isWhole(aside)) return aside;
				throw new StoreError('failed', `${path} was overwritten, and the data of the relay is lost: restore a backup`);
			}
		},
	};
}

function isWhole(path: string): boolean {
	const database = new DatabaseSync(path);
	try {
		return database.prepare('PRAGMA quick_check(1)').get()?.quick_check === 'ok';
	} catch {
		return false;
	} finally {
		database.close();
	}
}

/** Where a relay that stops without its file leaves what it held. */
export function rescuePath(path: string): string {
	return `${path}-rescued`;
}

/** Copy everything in one step: a copy in several steps starts over whenever another process writes. */
const EVERY_PAGE = 2 ** 31 - 1;
const TABLES = ['receipt', 'event', 'delivery', 'attempt', 'seen', 'subscriber', 'account_field'] as const;

/**
 * A copy of the store as of one moment, while a relay may be writing it: written aside, compared with the store table by
 * table, synced, and only then put in the place of an earlier copy.
 *
 * @param source opened for reading
 * @returns events in the copy, and its size in bytes
 * @throws {TypeError} the target is not a place for a copy
 * @throws {StoreError} the copy differs from the store; an earlier copy stays
 */
export async function backUp(
	source: DatabaseSync,
	path: string,
	target: string,
): Promise<{ events: number; bytes: number }> {
	refuseTarget(path, target);
	const aside = `${target}.part`;
	rmSync(aside, { force: true });
	closeSync(openSync(aside, 'wx', 0o600));
	try {
		// The transaction holds the moment: what is counted is what is copied.
		source.exec('BEGIN');
		const held = countRows(source);
		await backup(source, aside, { rate: EVERY_PAGE });
		source.exec('COMMIT');
		const copy = new DatabaseSync(aside);
		try {
			const damage = copy.prepare('PRAGMA quick_check(1)').get()?.quick_check;
			const copied = countRows(copy);
			if (damage !== 'ok' || copied.join() !== held.join()) {
				throw new StoreError(
					'failed',
					`the copy differs from the store (${copied} rows of ${held}; ${damage}): run backup again`,
				);
			}
			// One whole file: no log beside it.
			copy.exec('PRAGMA journal_mode = DELETE');
		} finally {
			copy.close();
		}
		renameSync(aside, target);
		const folder = openSync(dirname(target), 'r');
		closeSync(folder);
		return { events: held[TABLES.indexOf('event')] ?? 0, bytes: statSync(target).size };
	} catch (error) {
		rmSync(aside, { force: true });
		throw error;
	}
}

function refuseTarget(path: string, target: string): void {
	if (target.trim() === '') throw new TypeError('backup: name the file to write');
	if (!existsSync(dirname(target)))
		throw new TypeError(`backup: the folder ${dirname(target)} does not exist; create it`);
	if (!existsSync(target)) return;
	if (!statSync(target).isFile()) throw new TypeError(`backup: ${target} is not a file; name a file`);
	if (
		[path, `${path}-wal`, `${path}-shm`, `${path}-owner`].some(
			(own) => existsSync(own) && realpathSync(own) === realpathSync(target),
		)
	) {
		throw new TypeError('backup: that is the store itself; name another file');
	}
	if (statSync(target).size > 0 && !isStore(target)) {
		throw new TypeError(`backup: ${target} is not an earlier copy of the store; name another file`);
	}
}

/** Another program's database begins like ours. */
function isStore(path: string): boolean {
	const database = new DatabaseSync(path, { readOnly: true });
	try {
		return countRows(database).length > 0;
	} catch {
		return false;
	} finally {
		database.close();
	}
}

function countRows(database: DatabaseSync): readonly number[] {
	return TABLES.map((table) => Number(database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.rows));
}
