import type { DatabaseSync } from 'node:sqlite';
import type { AdminStore, Note } from '../admin/admin-store.ts';
import { eventIds, probeReceipt, type Receipt } from '../relay/event.ts';
import { type RoutedSubscriber, StoreError } from '../relay/store.ts';
import { prepareAppend } from './append.ts';
import { groupCommit } from './commit.ts';
import { BUSY_TIMEOUT_MS, openDatabase } from './database.ts';
import { prepareClaim, prepareSettle } from './deliver.ts';
import { watchFile } from './file.ts';
import { createReader } from './reader.ts';
import { prepareClock, preparePrune, prepareRelease, prepareReplay, prepareSubscribers } from './upkeep.ts';

export type SqliteOptions = {
	readonly path: string;
	/** how long a repetition is recognised */
	readonly dedupMs: number;
	/** largest size of database and log */
	readonly maxMegabytes?: number | undefined;
	/** `guest`: a command beside the relay that owns the store. @default 'relay' */
	readonly as?: 'relay' | 'guest' | undefined;
	/** how long a call waits for the lock of another process, ms */
	readonly busyTimeoutMs?: number | undefined;
	/** a line for the operator about something that is not as it should be */
	readonly warn?: ((line: string) => void) | undefined;
};

/** Receipts that may wait for a commit; more are refused, and Meta sends them again. */
const MAX_WAITING = 5000;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;

/**
 * The store in one SQLite file, for one process. Everything is written in this thread, by commits that all calls of one
 * turn of the event loop share; people read through a thread of their own.
 *
 * @throws {StoreError} it cannot be opened; the message says why
 */
export async function openSqliteStore(options: SqliteOptions): Promise<AdminStore> {
	const { path, busyTimeoutMs = BUSY_TIMEOUT_MS, warn = () => {} } = options;
	const database = openDatabase(options);
	const file = watchFile(database, path, { maxMegabytes: options.maxMegabytes, isOwner: options.as !== 'guest' });
	file.check();
	// From here on waiting for a lock must not hold up the process: groupCommit tries again by itself.
	database.exec('PRAGMA busy_timeout = 0');
	const commits = groupCommit(database, {
		patienceMs: busyTimeoutMs,
		checkFile: file.check,
		afterAnswers: file.tidy,
	});
	const reader = createReader(path);

	let rules: readonly RoutedSubscriber[] = [];
	const dueListeners: ((subscriberIds: readonly string[]) => void)[] = [];
	const wakeLanes = (subscriberIds: readonly string[]) => {
		for (const listener of dueListeners) listener(subscriberIds);
	};
	const newEventId = eventIds();
	const appendAll = prepareAppend(database, {
		...{ newEventId, dedupMs: options.dedupMs, checkRoom: file.checkRoom, rules: () => rules },
	});
	const clock = prepareClock(database);
	const subscribers = prepareSubscribers(database);
	const [claim, settle, replay] = [prepareClaim(database), prepareSettle(database), prepareReplay(database)];
	const prune = preparePrune(database, clock);
	const [release, notes] = [prepareRelease(database), prepareNotes(database)];
	const touch = database.prepare('UPDATE clock SET checks = checks + 1');
	/** One call of its own in the next commit. */
	const run = async <Result>(work: () => Result): Promise<Result> =>
		(await commits.call<null, Result>(() => [work()], null)).result;
	let [waiting, waitingBytes] = [0, 0];

	return {
		async append(receipt: Receipt) {
			if (waiting >= MAX_WAITING || waitingBytes >= MAX_WAITING_BYTES) {
				throw new StoreError('overloaded', `${waiting} receipts wait for a commit`);
			}
			waiting += 1;
			waitingBytes += receipt.body.length;
			try {
				const { result, commitMs } = await commits.call(appendAll, receipt);
				if (result.subscribers.length > 0) wakeLanes(result.subscribers);
				return { ...result, commitMs };
			} finally {
				waiting -= 1;
				waitingBytes -= receipt.body.length;
			}
		},
		route: (routed, list) =>
			run(() => {
				subscribers.route(routed, list);
				rules = routed;
			}),
		lastList: () => run(subscribers.lastList),
		claim: (request) =>
			run(() => {
				clock.see(request.now);
				return claim(request);
			}),
		settle: (settlements) => run(() => settlements.forEach(settle)),
		releaseLeases: (holder, now) =>
			run(() => {
				clock.see(now);
				subscribers.releaseLeases(holder, now);
			}),
		async replay(request) {
			const step = await run(() => replay(request));
			if (step.replayed > 0) wakeLanes([request.rule.id]);
			return step;
		},
		async release(request) {
			const step = await run(() => release(request));
			if (request.to !== null && step.released > 0) wakeLanes([request.to.id]);
			return step;
		},
		remember: (name, text, before) => run(() => notes.remember(name, text, before)),
		recall: (prefix) => run(() => notes.recall(prefix)),
		pause: (subscriberId, pause) => run(() => subscribers.pause(subscriberId, pause)),
		async resume(subscriberId) {
			await run(() => subscribers.resume(subscriberId));
			wakeLanes([subscriberId]);
		},
		prune: (request) => run(() => prune(request)),
		onDue: (listener) => {
			dueListeners.push(listener);
		},
		async check() {
			await run(() => {
				database.exec('SAVEPOINT probe');
				appendAll([probeReceipt()]);
				database.exec('ROLLBACK TO probe; RELEASE probe');
				touch.run();
			});
		},
		browse: {
			events: (filter) => reader.read('events', filter),
			event: (eventId) => reader.read('event', eventId),
			payload: (eventId) => reader.read('payload', eventId),
			deliveries: (filter) => reader.read('deliveries', filter),
			subscribers: (now) => reader.read('subscribers', now),
			standing: (now) => reader.read('standing', now),
			accounts: () => reader.read('accounts', undefined),
			totals: () => reader.read('totals', undefined),
			exportEvents: (request) => reader.read('exportEvents', request),
		},
		async close() {
			// Readers first: as long as one has the file open, SQLite leaves the log beside it.
			await reader.close();
			await commits.idle();
			try {
				const rescued = await file.rescue();
				// Nobody is answered any more, so it may wait for a reader.
				database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
				if (rescued === null && !file.finish()) {
					warn(`another program reads the store, so its newest events stay in ${path}-wal: keep both files together`);
				} else if (rescued !== null)
					warn(`${path} is gone: what this relay held is in ${rescued}. Move it to ${path} and start again`);
			} finally {
				database.close();
			}
		},
	};
}

/** Notes of the admin side. */
function prepareNotes(database: DatabaseSync) {
	const keep = database.prepare(
		'INSERT INTO note (name, text) VALUES (?, ?) ON CONFLICT DO UPDATE SET text = excluded.text',
	);
	const remove = database.prepare('DELETE FROM note WHERE name = ?');
	// Both served by the primary key of note.
	const read = database.prepare('SELECT text FROM note WHERE name = ?');
	const find = database.prepare(
		'SELECT name, text FROM note WHERE name >= ?1 AND substr(name, 1, length(?1)) = ?1 ORDER BY name',
	);
	return {
		remember(name: string, text: string | null, before?: string | null): boolean {
			if (before !== undefined && (read.get(name)?.text ?? null) !== before) return false;
			if (text === null) remove.run(name);
			else keep.run(name, text);
			return true;
		},
		recall: (prefix: string): readonly Note[] => find.all(prefix).map((row) => ({ ...row }) as Note),
	};
}
