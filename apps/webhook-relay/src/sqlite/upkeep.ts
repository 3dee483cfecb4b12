import type { DatabaseSync } from 'node:sqlite';
import type {
	PruneRequest,
	PruneStep,
	ReleaseRequest,
	ReleaseStep,
	ReplayRequest,
	ReplayStep,
} from '../admin/admin-store.ts';
import { ClockWatch, countPast, MAY_BE_BEHIND_MS } from '../admin/retention.ts';
import { chooseReplayed, type ReplayRow } from '../admin/store-rows.ts';
import { fanOut, type Routable } from '../relay/rules.ts';
import type { RoutedSubscriber } from '../relay/store.ts';

/** What is remembered of subscribers. Each function runs inside the caller's transaction. */
export function prepareSubscribers(database: DatabaseSync) {
	const forgetAll = database.prepare('UPDATE subscriber SET known = 0');
	const CLEAR =
		'pause_reason = NULL, paused_by = NULL, paused_at = NULL, consecutive_failures = 0, held_until = 0, refused_since = NULL';
	// Changed settings may have repaired what made the relay pause it; an operator's pause is the operator's to end.
	const remember = database.prepare(
		`INSERT INTO subscriber (subscriber_id, known, revision) VALUES (?, 1, ?)
		 ON CONFLICT DO UPDATE SET known = 1`,
	);
	const revive = database.prepare(
		`UPDATE subscriber SET ${CLEAR} WHERE subscriber_id = ? AND revision IS NOT ? AND paused_by IS NOT 'operator'`,
	);
	const setRevision = database.prepare('UPDATE subscriber SET revision = ?, ordered = ? WHERE subscriber_id = ?');
	const readOrdered = database.prepare('SELECT ordered FROM subscriber WHERE subscriber_id = ?');
	// Served by delivery_due; runs once, when a subscriber begins to ask for order.
	const putInOrder = database.prepare(
		`UPDATE delivery SET order_key = (SELECT account_id FROM event WHERE seq = event_seq)
		 WHERE subscriber_id = ? AND state = 'pending' AND order_key IS NULL`,
	);
	const pauseRow = database.prepare(
		`INSERT INTO subscriber (subscriber_id, pause_reason, paused_by, paused_at) VALUES (?, ?, 'operator', ?)
		 ON CONFLICT DO UPDATE SET pause_reason = excluded.pause_reason, paused_by = excluded.paused_by,
			paused_at = excluded.paused_at`,
	);
	const resumeRow = database.prepare(`UPDATE subscriber SET ${CLEAR} WHERE subscriber_id = ?`);
	// Served by delivery_leased.
	const endLeases = database.prepare(
		`UPDATE delivery SET lease = NULL, due_at = ?
		 WHERE subscriber_id = ? AND lease IS NOT NULL AND state = 'pending' AND substr(lease, 1, length(?)) = ?`,
	);
	const keepList = database.prepare(
		'INSERT INTO subscriber_list (id, text) VALUES (1, ?) ON CONFLICT DO UPDATE SET text = excluded.text',
	);
	const readList = database.prepare('SELECT text FROM subscriber_list');
	const listIds = database.prepare('SELECT subscriber_id FROM subscriber');

	return {
		route(subscribers: readonly RoutedSubscriber[], list: string | undefined): void {
			if (list !== undefined) keepList.run(list);
			forgetAll.run();
			for (const { id, revision, order } of subscribers) {
				remember.run(id, revision);
				revive.run(id, revision);
				const ordered = order === 'account' ? 1 : 0;
				if (ordered === 1 && readOrdered.get(id)?.ordered === 0) putInOrder.run(id);
				setRevision.run(revision, ordered, id);
			}
		},
		lastList: (): string | null => (readList.get() as { text: string } | undefined)?.text ?? null,
		pause(subscriberId: string, { reason, now }: { reason: string; now: number }): void {
			pauseRow.run(subscriberId, reason, now);
		},
		resume(subscriberId: string): void {
			resumeRow.run(subscriberId);
		},
		releaseLeases(holder: string, now: number): void {
			const prefix = `${holder}:`;
			for (const row of listIds.all()) endLeases.run(now, String(row.subscriber_id), prefix, prefix);
		},
	};
}

/** The time is written down at most this often: a clock that was set back while the relay was down is noticed by it. */
const WRITE_TIME_EVERY_MS = 10_000;

/** What waits for a time goes on waiting as long as it would have, when the clock is set back. */
export function prepareClock(database: DatabaseSync) {
	const read = database.prepare('SELECT at FROM clock');
	const write = database.prepare('UPDATE clock SET at = ?');
	// Served by delivery_due and delivery_leased, all of what waits.
	const pullDeliveries = database.prepare(
		`UPDATE delivery SET due_at = max(:now, due_at - :back) WHERE state = 'pending' AND due_at > :now`,
	);
	const pullSubscribers = database.prepare(
		`UPDATE subscriber SET held_until = max(0, held_until - :back), rate_at = min(rate_at, :now),
			refused_since = min(refused_since, :now), paused_at = min(paused_at, :now),
			last_success_at = min(last_success_at, :now), last_failure_at = min(last_failure_at, :now)`,
	);
	const pullAccounts = database.prepare('UPDATE account_field SET last_received_at = min(last_received_at, ?)');
	const readTime = () => Number(read.get()?.at ?? 0);
	const watch = new ClockWatch(readTime());

	return {
		/** Inside the caller's transaction. If it is rolled back, the written time stays ahead, and the next call pulls again. */
		see(now: number): void {
			const written = readTime();
			const back = watch.see(now, performance.now(), written);
			if (back > 0) {
				pullDeliveries.run({ now, back });
				pullSubscribers.run({ now, back });
				pullAccounts.run(now);
			}
			if (back === 0 && watch.latest < written + WRITE_TIME_EVERY_MS) return;
			write.run(watch.latest);
		},
		mayRemove: () => watch.mayRemove(performance.now()),
	};
}

/** One step of a replay: looks at the next `limit` events, in order. Runs inside the caller's transaction. */
export function prepareReplay(database: DatabaseSync) {
	const COLUMNS = 'e.seq, e.object, e.field, e.account_id, e.sample, e.received_at, e.receipt_id, d.state';
	const JOIN = 'FROM event e LEFT JOIN delivery d ON d.event_seq = e.seq AND d.subscriber_id = :subscriber';
	// Served by the primary key of event.
	const next = database.prepare(`SELECT ${COLUMNS} ${JOIN} WHERE e.seq > :after ORDER BY e.seq LIMIT :limit`);
	// Served by the unique index on event_id.
	const byId = database.prepare(`SELECT ${COLUMNS} ${JOIN} WHERE e.event_id = :id`);
	// Served by the primary key of delivery.
	const revive = database.prepare(
		`INSERT INTO delivery (event_seq, subscriber_id, order_key, state, due_at, replay)
		 VALUES (?1, ?2, iif((SELECT ordered FROM subscriber WHERE subscriber_id = ?2), ?3, NULL), 'pending', ?4, 1)
		 ON CONFLICT DO UPDATE SET state = 'pending', order_key = excluded.order_key, due_at = excluded.due_at, replay = 1,
			attempts = 0, lease = NULL, settled_at = NULL`,
	);
	// A body that goes as a whole has its delivery at one of its events. Served by the primary keys.
	const sibling = database.prepare(
		`SELECT d.event_seq FROM receipt r JOIN delivery d
			ON d.event_seq >= r.id AND d.event_seq < r.id + r.events AND d.subscriber_id = ?
		 WHERE r.id = ? AND d.event_seq <> ? LIMIT 1`,
	);

	return function replay(request: ReplayRequest): ReplayStep {
		const { eventIds, after, limit, now } = request;
		const { id: subscriber } = request.rule;
		const ids = eventIds?.slice(after, after + limit);
		const rows = (ids?.flatMap((id) => byId.all({ subscriber, id })) ??
			next.all({ subscriber, after, limit })) as ReplayRow[];
		const { chosen, step } = chooseReplayed(
			rows,
			request,
			(row) => sibling.get(subscriber, row.receipt_id, row.seq) !== undefined,
		);
		if (request.dryRun !== true) for (const row of chosen) revive.run(row.seq, subscriber, row.account_id, now);
		return step;
	};
}

type PruneRow = { seq: number; receipt_id: number; received_at: number; waiting: string | null };
/** Keys looked at for each event that a step may remove. */
const KEYS_AN_EVENT = 10;

/** One step of retention. Runs inside the caller's transaction; a step is small, so receiving goes on between steps. */
export function preparePrune(database: DatabaseSync, { mayRemove }: { mayRemove: () => boolean }) {
	// Served by the primary key of event, then by that of delivery.
	const nextEvents = database.prepare(
		`SELECT e.seq, e.receipt_id, e.received_at,
			(SELECT group_concat(subscriber_id, char(10)) FROM delivery WHERE event_seq = e.seq AND state = 'pending') AS waiting
		 FROM event e WHERE e.seq > ? ORDER BY e.seq LIMIT ?`,
	);
	const firstNotAhead = database.prepare(
		'SELECT received_at AS at FROM event WHERE seq > ? AND received_at <= ? ORDER BY seq LIMIT 1',
	);
	const dropAttempts = database.prepare('DELETE FROM attempt WHERE event_seq = ?');
	const dropDeliveries = database.prepare('DELETE FROM delivery WHERE event_seq = ?');
	const dropEvent = database.prepare('DELETE FROM event WHERE seq = ?');
	// Served by the primary keys: the events of a receipt follow each other.
	const dropReceipt = database.prepare(
		'DELETE FROM receipt WHERE id = ? AND NOT EXISTS (SELECT 1 FROM event WHERE seq >= id AND seq < id + events)',
	);
	// Keys lie in no order of time: they are walked in theirs, a part in each step. Served by the primary key of seen.
	const keyAfter = database.prepare('SELECT key FROM seen WHERE key > ? ORDER BY key LIMIT 1 OFFSET ?');
	const dropKeys = database.prepare('DELETE FROM seen WHERE key > ? AND key <= ? AND seen_at < ?');
	// Small: a row for each field of an account. Warnings of silence end with retention.
	const dropAccounts = database.prepare('DELETE FROM account_field WHERE last_received_at < ?');
	let [walkedTo, walkedAll] = ['', false];

	function pruneKeys(before: number, most: number): number {
		if (walkedAll) return 0;
		const end = keyAfter.get(walkedTo, most - 1)?.key as string | undefined;
		// '~' comes after every letter of a key.
		const { changes } = dropKeys.run(walkedTo, end ?? '~', before);
		[walkedTo, walkedAll] = [end ?? '', end === undefined];
		return Number(changes);
	}

	return function prune({ cursor, limit, now, eventsBefore, keysBefore, knownSubscribers }: PruneRequest): PruneStep {
		if (!mayRemove()) return { events: 0, keys: 0, cursor, done: true };
		const known = new Set(knownSubscribers);
		const rows = nextEvents.all(cursor, limit) as PruneRow[];
		const next = firstNotAhead.get(rows.at(-1)?.seq ?? cursor, now + MAY_BE_BEHIND_MS)?.at as number | undefined;
		const times = rows.map((row) => row.received_at);
		const past = rows.slice(0, countPast(times, { before: eventsBefore, now, next: next ?? null }));
		const removable = past.filter(
			({ waiting }) => waiting === null || !waiting.split('\n').some((id) => known.has(id)),
		);
		for (const { seq, receipt_id: receiptId } of removable) {
			dropAttempts.run(seq);
			dropDeliveries.run(seq);
			dropEvent.run(seq);
			dropReceipt.run(receiptId);
		}
		dropAccounts.run(eventsBefore);
		const keys = pruneKeys(keysBefore, limit * KEYS_AN_EVENT);
		const done = past.length < limit && walkedAll;
		if (done) walkedAll = false;
		return { events: removable.length, keys, cursor: past.at(-1)?.seq ?? cursor, done };
	};
}

type Sibling = Omit<Routable, 'sample'> & { seq: number; sample: number };

/** What waits for subscribers that are gone. Runs inside the caller's transaction. */
export function prepareRelease(database: DatabaseSync) {
	// Served by the primary key of delivery: steps go on where the last one ended, however much waits.
	const nextWaiting = database.prepare(
		`SELECT event_seq AS seq FROM delivery
		 WHERE event_seq > :after AND +subscriber_id = :subscriber AND state = 'pending' AND (lease IS NULL OR due_at <= :now)
		 ORDER BY event_seq LIMIT :limit`,
	);
	const siblings = database.prepare(
		`SELECT e.seq, e.object, e.field, e.account_id AS accountId, e.sample
		 FROM event waiting JOIN receipt r ON r.id = waiting.receipt_id JOIN event e ON e.seq >= r.id AND e.seq < r.id + r.events
		 WHERE waiting.seq = ? ORDER BY e.seq`,
	);
	const give = database.prepare(
		`INSERT INTO delivery (event_seq, subscriber_id, order_key, state, due_at)
		 VALUES (?1, ?2, iif((SELECT ordered FROM subscriber WHERE subscriber_id = ?2), ?3, NULL), 'pending', ?4)
		 ON CONFLICT DO NOTHING`,
	);
	const drop = database.prepare('DELETE FROM delivery WHERE event_seq = ? AND subscriber_id = ?');

	return function release({ subscriberId: subscriber, to, after, limit, now }: ReleaseRequest): ReleaseStep {
		const rows = nextWaiting.all({ after, subscriber, now, limit }) as { seq: number }[];
		let left = 0;
		for (const { seq } of rows) {
			if (to !== null) {
				const events = (siblings.all(seq) as Sibling[]).map((row) => ({ ...row, sample: row.sample === 1 }));
				const wanted = fanOut([to], events).flatMap(([index]) => events[index] ?? []);
				for (const event of wanted) give.run(event.seq, to.id, event.accountId, now);
				if (wanted.length === 0) {
					left += 1;
					continue;
				}
			}
			drop.run(seq, subscriber);
		}
		return { released: rows.length - left, left, after: rows.at(-1)?.seq ?? after, done: rows.length < limit };
	};
}
