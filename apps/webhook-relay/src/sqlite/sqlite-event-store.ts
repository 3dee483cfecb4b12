import type { AdminStore, EventBrowser } from '../admin/admin-store.ts';
import type { Receipt } from '../relay/event.ts';
import { type Appended, StoreError } from '../relay/store.ts';
import { startThread, type ThreadClient } from './thread-client.ts';
import type { ReadOperations, WriteOperations } from './thread-protocol.ts';

export type SqliteOptions = {
	readonly path: string;
	/** how long a repetition is recognised */
	readonly dedupMs: number;
	readonly maxMegabytes?: number | undefined;
	readonly busyTimeoutMs?: number | undefined;
	/** open without writing: every write is refused. For tests and for looking at a copy. */
	readonly readOnly?: boolean;
};

/** Receipts that may wait for a commit; more are refused, and Meta sends them again. */
const MAX_WAITING = 5000;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** Receipts of one message to the thread. */
const MAX_BATCH = 256;
/**
 * So many receipts leave for the thread at once, in the midst of a burst: it stores them while the rest of the burst is
 * still being verified. What reaches it during a commit joins the next one.
 */
const EAGER_BATCH = 8;
/** Messages with the thread; beyond them receipts gather into larger batches. */
const MAX_IN_FLIGHT = 8;

type Waiting = { receipt: Receipt; resolve: (appended: Appended) => void; reject: (error: unknown) => void };

/**
 * The store in one SQLite file, for one process. Writes go through one thread and share its commits; reads for people go
 * through another.
 */
export async function openSqliteStore(options: SqliteOptions): Promise<AdminStore> {
	const writer = await startThread<WriteOperations>({ kind: 'writer', ...options });
	let reader: Promise<ThreadClient<ReadOperations>> | null = null;
	const dueListeners: ((subscriberIds: readonly string[]) => void)[] = [];
	const inbox = batchAppends(writer, (subscriberIds) => {
		for (const listener of dueListeners) listener(subscriberIds);
	});
	// Started at the first look, and anew at the next one when it was lost: a relay that nobody watches does without it.
	const startReader = () => {
		const starting = startThread<ReadOperations>({ kind: 'reader', ...options });
		const forget = () => {
			if (reader === starting) reader = null;
		};
		starting.then((client) => client.onLost(forget), forget);
		return starting;
	};
	const read: ThreadClient<ReadOperations>['call'] = async (operation, argument) => {
		reader ??= startReader();
		return (await reader).call(operation, argument);
	};
	const wake = (subscriberId: string) => {
		for (const listener of dueListeners) listener([subscriberId]);
	};

	return {
		append: inbox.append,
		route: async (subscribers, list) => (await writer.call('route', { subscribers, list })).result,
		lastList: async () => (await writer.call('lastList', undefined)).result,
		claim: async (request) => (await writer.call('claim', request)).result,
		settle: async (settlements) => (await writer.call('settle', settlements)).result,
		releaseLeases: async (holder, now) => (await writer.call('releaseLeases', { holder, now })).result,
		async replay(request) {
			const { result } = await writer.call('replay', request);
			if (result.replayed > 0) wake(request.rule.id);
			return result;
		},
		pause: async (subscriberId, pause) => (await writer.call('pause', { subscriberId, ...pause })).result,
		async resume(subscriberId) {
			await writer.call('resume', subscriberId);
			wake(subscriberId);
		},
		prune: async (request) => (await writer.call('prune', request)).result,
		onDue: (listener) => {
			dueListeners.push(listener);
		},
		onLost: (listener) => writer.onLost(listener),
		async check() {
			await writer.call('check', Date.now());
		},
		browse: browserOver(read),
		async close() {
			await inbox.drained();
			await writer.close();
			await (await reader?.catch(() => null))?.close();
		},
	};
}

/** Collect appends of the same moment into one message, so that the thread commits them together. */
function batchAppends(writer: ThreadClient<WriteOperations>, notify: (subscriberIds: readonly string[]) => void) {
	const queue: Waiting[] = [];
	let [waiting, waitingBytes, inFlight, scheduled] = [0, 0, 0, false];
	let whenDrained: (() => void) | null = null;

	function schedule(): void {
		if (scheduled) return;
		scheduled = true;
		// After the poll phase: every request that has arrived by now joins.
		setImmediate(() => {
			scheduled = false;
			while (queue.length > 0 && inFlight < MAX_IN_FLIGHT) void flush(queue.splice(0, MAX_BATCH));
		});
	}

	async function flush(batch: readonly Waiting[]): Promise<void> {
		inFlight += 1;
		try {
			const { result, commitMs } = await writer.call(
				'append',
				batch.map(({ receipt }) => receipt),
			);
			for (const [index, { resolve, reject }] of batch.entries()) {
				const stored = result[index];
				if (stored === undefined)
					reject(new StoreError('failed', 'the store answered for fewer receipts than it was given'));
				else resolve({ ...stored, commitMs });
			}
			const subscribers = new Set(result.flatMap((appended) => appended.subscribers));
			if (subscribers.size > 0) notify([...subscribers]);
		} catch (error) {
			for (const { reject } of batch) reject(error);
		} finally {
			inFlight -= 1;
			waiting -= batch.length;
			for (const { receipt } of batch) waitingBytes -= receipt.body.length;
			if (queue.length > 0) schedule();
			else if (waiting === 0) whenDrained?.();
		}
	}

	return {
		append: (receipt: Receipt) =>
			new Promise<Appended>((resolve, reject) => {
				if (waiting >= MAX_WAITING || waitingBytes >= MAX_WAITING_BYTES) {
					return reject(new StoreError('overloaded', `${waiting} receipts wait for a commit`));
				}
				waiting += 1;
				waitingBytes += receipt.body.length;
				queue.push({ receipt, resolve, reject });
				if (queue.length >= EAGER_BATCH && inFlight < MAX_IN_FLIGHT) void flush(queue.splice(0, MAX_BATCH));
				else schedule();
			}),
		drained: () =>
			new Promise<void>((resolve) => {
				if (waiting === 0) resolve();
				else whenDrained = resolve;
			}),
	};
}

function browserOver(read: ThreadClient<ReadOperations>['call']): EventBrowser {
	return {
		events: async (filter) => (await read('events', filter)).result,
		event: async (eventId) => (await read('event', eventId)).result,
		payload: async (eventId) => (await read('payload', eventId)).result,
		deliveries: async (filter) => (await read('deliveries', filter)).result,
		subscribers: async (now) => (await read('subscribers', now)).result,
		accounts: async () => (await read('accounts', undefined)).result,
		totals: async () => (await read('totals', undefined)).result,
		exportEvents: async (request) => (await read('exportEvents', request)).result,
	};
}
