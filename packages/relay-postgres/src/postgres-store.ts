import { hash } from 'node:crypto';
import type { AdminStore } from '@instagram-insights/webhook-relay/admin/admin-store';
import { eventIds, probeReceipt, type Receipt } from '@instagram-insights/webhook-relay/relay/event';
import type { Appended, RoutedSubscriber, Settlement } from '@instagram-insights/webhook-relay/relay/store';
import { appendReceipts } from './append-receipts.ts';
import { browseRows } from './browse-rows.ts';
import { prepareClaim } from './claim-deliveries.ts';
import { type Database, openDatabase, serverAddresses } from './database.ts';
import { groupCalls } from './group-calls.ts';
import { keepSubscribers } from './keep-subscribers.ts';
import { migrate } from './migrate.ts';
import { openingError, storeErrorOf } from './postgres-failure.ts';
import { settleAttempts, withoutRepetition } from './settle-attempts.ts';
import { keepNotes, pruneRows, releaseDeliveries, replayDeliveries, watchClock } from './upkeep.ts';
import { startWakeUps } from './wake-ups.ts';

export type PostgresOptions = {
	/** `postgres://user:password@host:5432/database`; several hosts with commas: a primary and its standbys */
	readonly url: string;
	/** how long a repetition is recognised */
	readonly dedupMs: number;
	/** this replica's name, the same after a restart; it chooses the counters' rows it writes to */
	readonly replica: string;
	/** how long to wait for a PostgreSQL that does not answer yet, ms. @default 30 s */
	readonly patienceMs?: number | undefined;
	/** called once, within a second, when PostgreSQL does not answer at the start and is waited for */
	readonly onWaiting?: ((reason: string) => void) | undefined;
};

const WRITERS = 16;
const MOST_RECEIPTS = 256;
const MOST_WAITING_BYTES = 64 * 1024 * 1024;
const MOST_SETTLEMENTS = 512;
const MOST_WAITING_SETTLEMENTS = 100_000;
const PATIENCE_MS = 30_000;
const RETRY_MS = 500;
/** After so long without an answer, say so. */
const SILENCE_MS = 700;

const TOUCH = `
INSERT INTO relay.clock AS clock (writer, checks) VALUES ($1, 1)
ON CONFLICT (writer) DO UPDATE SET checks = clock.checks + 1`;

/**
 * The store in a PostgreSQL database, for any number of replicas. Each groups its receipts, and its settlements, into one
 * transaction at a time; PostgreSQL groups the commits of all of them.
 *
 * While PostgreSQL is away every call rejects within seconds (`unreachable`), and works again when it is back or another
 * of the named servers has been promoted. Connection: `receive` and `deliver` never wait for each other or for `browse`.
 *
 * @throws {StoreError} no server answered in time, or the schema cannot be brought up to date
 */
export async function openPostgresStore(options: PostgresOptions): Promise<AdminStore> {
	const { dedupMs } = options;
	const database = openDatabase(serverAddresses(options.url));
	try {
		await prepareSchema(database, options);
	} catch (error) {
		await database.close();
		throw openingError(error);
	}
	const writer = hash('sha256', options.replica, 'buffer').readUInt32BE(0) % WRITERS;
	const newEventId = eventIds();
	const subscribers = keepSubscribers(database);
	const claim = prepareClaim(database);
	const clock = await watchClock(database, writer);
	const dueListeners: ((subscriberIds: readonly string[]) => void)[] = [];
	const wakeUps = startWakeUps(database, (subscriberIds) => {
		for (const listener of dueListeners) listener(subscriberIds);
	});
	let rules: readonly RoutedSubscriber[] = [];

	const appends = groupCalls<Receipt, Appended>({
		most: MOST_RECEIPTS,
		sizeOf: ({ body }) => body.length,
		mostWaiting: MOST_WAITING_BYTES,
		async run(receipts) {
			const startedAt = performance.now();
			const stored = await database.transaction('receive', (connection) =>
				appendReceipts(connection, receipts, { rules, dedupMs, newEventId, writer }),
			);
			const commitMs = performance.now() - startedAt;
			const reported = new Set(stored.flatMap((one) => one.subscribers));
			if (reported.size > 0) wakeUps.wake([...reported]);
			return stored.map((one) => ({ ...one, commitMs }));
		},
	});
	const settles = groupCalls<Settlement, undefined>({
		most: MOST_SETTLEMENTS,
		sizeOf: () => 1,
		mostWaiting: MOST_WAITING_SETTLEMENTS,
		async run(settlements) {
			for (const part of withoutRepetition(settlements)) {
				await database.transaction('receive', (connection) => settleAttempts(connection, part, writer));
			}
			return settlements.map(() => undefined);
		},
	});

	return {
		append: appends.call,
		async route(list, text) {
			await subscribers.route(list, text);
			rules = list;
		},
		lastList: subscribers.lastList,
		async claim(request) {
			await clock.see(request.now);
			return claim(request);
		},
		async settle(settlements) {
			await Promise.all(settlements.map(settles.call));
		},
		async releaseLeases(holder, now) {
			await clock.see(now);
			await subscribers.releaseLeases(holder, now);
		},
		async replay(request) {
			const step = await database.transaction('deliver', (connection) => replayDeliveries(connection, request));
			if (step.replayed > 0) wakeUps.wake([request.rule.id]);
			return step;
		},
		async release(request) {
			const step = await database.transaction('deliver', (connection) => releaseDeliveries(connection, request));
			if (request.to !== null && step.released > 0) wakeUps.wake([request.to.id]);
			return step;
		},
		...keepNotes(database),
		pause: subscribers.pause,
		async resume(subscriberId) {
			await subscribers.resume(subscriberId);
			wakeUps.wake([subscriberId]);
		},
		prune: (request) => database.transaction('deliver', (connection) => pruneRows(connection, request, clock)),
		onDue: (listener) => {
			dueListeners.push(listener);
		},
		async check() {
			await database.transaction('receive', async (connection) => {
				await connection.query('SAVEPOINT probe');
				await appendReceipts(connection, [probeReceipt()], { rules, dedupMs, newEventId, writer });
				await connection.query('ROLLBACK TO SAVEPOINT probe');
				await connection.query(TOUCH, [writer]);
			});
		},
		browse: browseRows(database),
		async close() {
			await appends.drained();
			await settles.drained();
			await wakeUps.close();
			await database.close();
		},
	};
}

/** Replicas and PostgreSQL are often started together: wait for it a while, then bring the schema up to date. */
async function prepareSchema(
	database: Database,
	{ patienceMs = PATIENCE_MS, onWaiting }: PostgresOptions,
): Promise<void> {
	const deadline = performance.now() + patienceMs;
	let reported = false;
	const report = (reason: string) => {
		clearTimeout(silence);
		if (!reported) onWaiting?.(reason);
		reported = true;
	};
	const silence = setTimeout(() => report('no answer yet'), SILENCE_MS);
	for (;;) {
		try {
			const client = await database.connect();
			try {
				clearTimeout(silence);
				return await migrate(client);
			} finally {
				await client.end();
			}
		} catch (error) {
			const failure = storeErrorOf(error);
			if (failure.kind !== 'unreachable' || performance.now() + RETRY_MS > deadline) {
				clearTimeout(silence);
				throw error;
			}
			report(failure.message);
			await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
		}
	}
}
