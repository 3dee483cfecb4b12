import type { PruneRequest, PruneStep } from '@instagram-insights/webhook-relay/admin/admin-store';
import { countPast } from '@instagram-insights/webhook-relay/admin/retention';
import type { Connection } from './database.ts';

type Row = { seq: number; receipt_id: number; received_at: number; waits: boolean };

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

/** Small: a row for each field of an account. One that was silent for so long is nobody to warn of. */
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

	const { rows } = await connection.query<Row>(NEXT_EVENTS, [cursor, limit, request.knownSubscribers]);
	const following = await connection.query<{ at: number }>(FIRST_NOT_AHEAD, [rows.at(-1)?.seq ?? cursor, now]);
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
