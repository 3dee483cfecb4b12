import type {
	Note,
	PruneRequest,
	PruneStep,
	ReleaseRequest,
	ReleaseStep,
	ReplayRequest,
	ReplayStep,
} from '@instagram-insights/webhook-relay/admin/admin-store';
import { ClockWatch, countPast, MAY_BE_BEHIND_MS } from '@instagram-insights/webhook-relay/admin/retention';
import { chooseReplayed, type ReplayRow } from '@instagram-insights/webhook-relay/admin/store-rows';
import { fanOut, type Routable } from '@instagram-insights/webhook-relay/relay/rules';
import type { Connection, Database } from './database.ts';
import { indexableText, storableText } from './storable-text.ts';

type Sibling = Routable & { seq: number; waitingSeq: number };

/** Served by the primary key of delivery: steps go on where the last one ended. The lock keeps a claim from taking what goes. */
const NEXT_WAITING = `
SELECT event_seq AS seq FROM relay.delivery
WHERE event_seq > $1 AND subscriber_id = $2 AND state = 'pending' AND (lease IS NULL OR due_at <= $3)
ORDER BY event_seq LIMIT $4 FOR UPDATE`;
/** Served by event_of_receipt. */
const SIBLINGS = `
SELECT waiting.seq AS "waitingSeq", event.seq, event.object, event.field, event.account_id AS "accountId", event.sample
FROM relay.event AS waiting JOIN relay.event ON event.receipt_id = waiting.receipt_id
WHERE waiting.seq = ANY ($1) ORDER BY waiting.seq, event.seq FOR KEY SHARE OF event`;
const GIVE = `
INSERT INTO relay.delivery (event_seq, subscriber_id, account_id, state, due_at)
SELECT DISTINCT ON (event_seq) event_seq, $1, account_id, 'pending', $2::bigint
FROM unnest($3::bigint[], $4::text[]) AS given (event_seq, account_id) ORDER BY event_seq
ON CONFLICT DO NOTHING`;
const DROP = 'DELETE FROM relay.delivery WHERE subscriber_id = $1 AND event_seq = ANY ($2)';

/** What waits for subscribers that are gone. Runs inside the caller's transaction. */
export async function releaseDeliveries(connection: Connection, request: ReleaseRequest): Promise<ReleaseStep> {
	const { subscriberId, to, after, limit, now } = request;
	const { rows } = await connection.query<{ seq: number }>(NEXT_WAITING, [after, subscriberId, now, limit]);
	let going = rows.map(({ seq }) => seq);
	if (to !== null && going.length > 0) {
		const found = await connection.query<Sibling>(SIBLINGS, [going]);
		const wanted = [...Map.groupBy(found.rows, ({ waitingSeq }) => waitingSeq).values()].flatMap((events) =>
			fanOut([to], events).flatMap(([index]) => events[index] ?? []),
		);
		const accounts = wanted.map(({ accountId }) => indexableText(accountId));
		await connection.query(GIVE, [to.id, now, wanted.map(({ seq }) => seq), accounts]);
		const moved = new Set(wanted.map(({ waitingSeq }) => waitingSeq));
		going = going.filter((seq) => moved.has(seq));
	}
	await connection.query(DROP, [subscriberId, going]);
	const left = rows.length - going.length;
	return { released: going.length, left, after: rows.at(-1)?.seq ?? after, done: rows.length < limit };
}

const KEEP =
	'INSERT INTO relay.note (name, text) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET text = excluded.text';
const ADD = 'INSERT INTO relay.note (name, text) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING name';
const CHANGE = 'UPDATE relay.note SET text = $2 WHERE name = $1 AND text = $3 RETURNING name';
const REMOVE = 'DELETE FROM relay.note WHERE name = $1';
/** Served by the primary key of note. */
const FIND = 'SELECT name, text FROM relay.note WHERE starts_with(name, $1) ORDER BY name';

/** Notes of the admin side. */
export function keepNotes(database: Database) {
	return {
		async remember(name: string, text: string | null, before?: string | null): Promise<boolean> {
			const key = indexableText(name);
			const changed = async (statement: string, ...texts: string[]) =>
				(await database.query('deliver', statement, [key, ...texts.map(storableText)])).length > 0;
			if (before === undefined) {
				await (text === null ? changed(REMOVE) : changed(KEEP, text));
				return true;
			}
			if (text === null) return changed(`${REMOVE} AND text = $2 RETURNING name`, before ?? '');
			return before === null ? changed(ADD, text) : changed(CHANGE, text, before);
		},
		recall: (prefix: string): Promise<readonly Note[]> => database.query<Note>('read', FIND, [prefix]),
	};
}

/**
 * The events looked at, with this subscriber's delivery, and whether another event of the same receipt has one: a body
 * that goes as a whole has its delivery at one of its events. The key lock keeps prune from removing them meanwhile.
 */
const LOOK = (events: string) => `
SELECT event.seq, event.object, event.field, event.account_id, event.sample, event.received_at, event.receipt_id, delivery.state,
	EXISTS (SELECT 1 FROM relay.event AS other JOIN relay.delivery ON delivery.event_seq = other.seq
		WHERE other.receipt_id = event.receipt_id AND other.seq <> event.seq AND delivery.subscriber_id = $1) AS sibling
FROM relay.event LEFT JOIN relay.delivery ON delivery.event_seq = event.seq AND delivery.subscriber_id = $1
WHERE ${events} FOR KEY SHARE OF event`;
/** Served by the primary key of event. */
const NEXT = LOOK(
	'event.seq > $2 AND event.seq <= coalesce((SELECT max(seq) FROM (SELECT seq FROM relay.event WHERE seq > $2 ORDER BY seq LIMIT $3) AS step), 0)',
);
/** Served by the unique index on event_id. */
const BY_ID = LOOK('event.event_id = ANY ($2)');
/** Served by the primary key of delivery. */
const REVIVE = `
INSERT INTO relay.delivery AS delivery (event_seq, subscriber_id, account_id, state, due_at, replay)
SELECT event_seq, $1, account_id, 'pending', $2, true FROM unnest($3::bigint[], $4::text[]) AS given (event_seq, account_id)
ORDER BY event_seq
ON CONFLICT (event_seq, subscriber_id) DO UPDATE SET state = 'pending', due_at = excluded.due_at, replay = true, attempts = 0,
	lease = NULL, settled_at = NULL WHERE delivery.state <> 'pending'`;

type LookedAt = ReplayRow & { readonly sibling: boolean };

/** One step of a replay: looks at the next `limit` events, in order. Runs inside the caller's transaction. */
export async function replayDeliveries(connection: Connection, request: ReplayRequest): Promise<ReplayStep> {
	const { eventIds, after, limit, now } = request;
	const { id: subscriberId } = request.rule;
	const { rows } =
		eventIds === undefined
			? await connection.query<LookedAt>(NEXT, [subscriberId, after, limit])
			: await connection.query<LookedAt>(BY_ID, [subscriberId, eventIds.slice(after, after + limit)]);
	rows.sort((a, b) => a.seq - b.seq);

	const { chosen, step } = chooseReplayed(rows, request, ({ sibling }) => sibling);
	if (chosen.length > 0 && request.dryRun !== true) {
		const accounts = chosen.map((row) => indexableText(row.account_id));
		await connection.query(REVIVE, [subscriberId, now, chosen.map(({ seq }) => seq), accounts]);
	}
	return step;
}

type PruneRow = { seq: number; receipt_id: number; received_at: number; waits: boolean };

/** One replica cleans up at a time; the others find the lock taken and are done. */
const TAKE_TURN = 'SELECT pg_try_advisory_xact_lock(1785098) AS ours';
/** Served by the primary key of event, then by that of delivery. Locked, so that a replay cannot revive what goes. */
const NEXT_EVENTS = `
SELECT event.seq, event.receipt_id, event.received_at, EXISTS (
	SELECT 1 FROM relay.delivery
	WHERE event_seq = event.seq AND state = 'pending' AND subscriber_id = ANY ($3)
) AS waits
FROM relay.event WHERE event.seq > $1 ORDER BY event.seq LIMIT $2 FOR UPDATE OF event`;
const FIRST_NOT_AHEAD =
	'SELECT received_at AS at FROM relay.event WHERE seq > $1 AND received_at <= $2 ORDER BY seq LIMIT 1';
const DROP_EVENTS = `
WITH attempts AS (DELETE FROM relay.attempt WHERE event_seq = ANY ($1)),
	deliveries AS (DELETE FROM relay.delivery WHERE event_seq = ANY ($1))
DELETE FROM relay.event WHERE seq = ANY ($1)`;
/** Served by event_of_receipt. */
const DROP_RECEIPTS = `
DELETE FROM relay.receipt WHERE id = ANY ($1)
	AND NOT EXISTS (SELECT 1 FROM relay.event WHERE event.receipt_id = receipt.id)`;
/** Served by seen_by_age. */
const DROP_KEYS = `
DELETE FROM relay.seen WHERE (key, content_hash) IN (
	SELECT key, content_hash FROM relay.seen WHERE seen_at < $1 ORDER BY seen_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;

/** Small: a row for each field of an account. Warnings of silence end with retention. */
const DROP_ACCOUNTS = 'DELETE FROM relay.account_field WHERE last_received_at < $1';

/** One step of retention. Runs inside the caller's transaction; a step is small, so receiving goes on between steps. */
export async function pruneRows(
	connection: Connection,
	request: PruneRequest,
	{ mayRemove }: { mayRemove: () => boolean },
): Promise<PruneStep> {
	const { cursor, limit, now, eventsBefore } = request;
	if (!mayRemove()) return { events: 0, keys: 0, cursor, done: true };
	const turn = await connection.query<{ ours: boolean }>(TAKE_TURN);
	if (turn.rows[0]?.ours !== true) return { events: 0, keys: 0, cursor, done: true };

	const { rows } = await connection.query<PruneRow>(NEXT_EVENTS, [cursor, limit, request.knownSubscribers]);
	const from = [rows.at(-1)?.seq ?? cursor, now + MAY_BE_BEHIND_MS];
	const following = await connection.query<{ at: number }>(FIRST_NOT_AHEAD, from);
	const times = rows.map((row) => row.received_at);
	const past = countPast(times, { before: eventsBefore, now, next: following.rows[0]?.at ?? null });
	const old = rows.slice(0, past);
	const going = old.filter(({ waits }) => !waits);
	if (going.length > 0) {
		await connection.query(DROP_EVENTS, [going.map(({ seq }) => seq)]);
		await connection.query(DROP_RECEIPTS, [[...new Set(going.map((row) => row.receipt_id))]]);
	}
	const { rowCount } = await connection.query(DROP_KEYS, [request.keysBefore, limit]);
	const keys = rowCount ?? 0;
	await connection.query(DROP_ACCOUNTS, [request.eventsBefore]);
	return {
		events: going.length,
		keys,
		cursor: old.at(-1)?.seq ?? cursor,
		done: old.length < limit && keys < limit,
	};
}

/** A new replica begins with what the others have seen. */
const READ = `
SELECT coalesce((SELECT at FROM relay.clock WHERE writer = $1), (SELECT max(at) FROM relay.clock), 0) AS at`;
const WRITE = `
INSERT INTO relay.clock (writer, at) VALUES ($1, $2) ON CONFLICT (writer) DO UPDATE SET at = excluded.at`;
/** Served by delivery_due, all of what waits. */
const PULL_DELIVERIES = `
UPDATE relay.delivery SET due_at = greatest($1::bigint, due_at - $2::bigint) WHERE state = 'pending' AND due_at > $1::bigint`;
const PULL_SUBSCRIBERS = `
UPDATE relay.subscriber SET held_until = greatest(0, held_until - $2::bigint), rate_at = least(rate_at, $1::bigint),
	refused_since = least(refused_since, $1::bigint), paused_at = least(paused_at, $1::bigint)`;
const PULL_ANSWERS = `
UPDATE relay.subscriber_clock SET last_success_at = least(last_success_at, $1::bigint),
	last_failure_at = least(last_failure_at, $1::bigint)`;
const PULL_ACCOUNTS = 'UPDATE relay.account_field SET last_received_at = least(last_received_at, $1::bigint)';

/** The time is written down at most this often. */
const WRITE_TIME_EVERY_MS = 10_000;

/**
 * What waits for a time goes on waiting as long as it would have, when the clock of a replica is set back. Each replica
 * compares with its own last time: replicas whose clocks differ do not pull at each other's deliveries.
 */
export async function watchClock(database: Database, writer: number) {
	const [row] = await database.query<{ at: number }>('read', READ, [writer]);
	let written = row?.at ?? 0;
	const watch = new ClockWatch(written);
	/** by how many ms the clock was set back since the last commit of it */
	let back = 0;
	let writing: Promise<void> | null = null;

	async function write(now: number): Promise<void> {
		const [pulled, latest] = [back, watch.latest];
		await database.transaction('deliver', async (connection) => {
			if (pulled > 0) {
				await connection.query(PULL_DELIVERIES, [now, pulled]);
				await connection.query(PULL_SUBSCRIBERS, [now, pulled]);
				await connection.query(PULL_ANSWERS, [now]);
				await connection.query(PULL_ACCOUNTS, [now]);
			}
			await connection.query(WRITE, [writer, latest]);
		});
		[back, written] = [back - pulled, latest];
	}

	return {
		/** @throws {StoreError} nothing was pulled; the next call tries again */
		async see(now: number): Promise<void> {
			back += watch.see(now, performance.now());
			if (back === 0 && watch.latest < written + WRITE_TIME_EVERY_MS) return;
			writing ??= write(now).finally(() => {
				writing = null;
			});
			await writing;
		},
		mayRemove: () => watch.mayRemove(performance.now()),
	};
}
