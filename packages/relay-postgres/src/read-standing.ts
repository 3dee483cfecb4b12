import type { Standing, SubscriberRow, Totals } from '@instagram-insights/webhook-relay/admin/admin-store';
import { StoreError } from '@instagram-insights/webhook-relay/relay/store';
import type { Database } from './database.ts';

type Row = Omit<SubscriberRow, 'pause'> & {
	pauseReason: string | null;
	pausedBy: 'operator' | 'relay' | null;
	pausedAt: number | null;
};

/** Served by delivery_due, delivery_leased and delivery_in_order. */
const SUBSCRIBERS = `
SELECT subscriber.subscriber_id AS "subscriberId", known, pause_reason AS "pauseReason", paused_by AS "pausedBy",
	paused_at AS "pausedAt", consecutive_failures AS "consecutiveFailures", held_until AS "heldUntil",
	clock.success AS "lastSuccessAt", clock.failure AS "lastFailureAt", clock.reason AS "lastFailureReason",
	(SELECT count(*) FROM relay.delivery WHERE subscriber_id = subscriber.subscriber_id AND state = 'pending') AS pending,
	(SELECT count(*) FROM relay.delivery
		WHERE subscriber_id = subscriber.subscriber_id AND lease IS NOT NULL AND due_at > $1) AS leased,
	(SELECT count(*) FROM relay.delivery WHERE subscriber_id = subscriber.subscriber_id AND state = 'dead') AS dead,
	(SELECT event.received_at FROM relay.event WHERE event.seq = (
		SELECT min(event_seq) FROM relay.delivery WHERE subscriber_id = subscriber.subscriber_id AND state = 'pending'
	)) AS "oldestPendingAt"
FROM relay.subscriber LEFT JOIN LATERAL (
	SELECT max(last_success_at) AS success, max(last_failure_at) AS failure,
		(array_agg(last_failure_reason ORDER BY last_failure_at DESC NULLS LAST))[1] AS reason
	FROM relay.subscriber_clock WHERE subscriber_clock.subscriber_id = subscriber.subscriber_id
) AS clock ON true
ORDER BY subscriber.subscriber_id`;

/** Counting a large table takes seconds and is asked at every scrape: beyond a million the planner's estimate serves. */
const TOTALS = `
SELECT CASE WHEN size.reltuples > 1000000 THEN size.reltuples::bigint ELSE (SELECT count(*) FROM relay.event) END AS events,
	(SELECT count(*) FROM relay.delivery WHERE state = 'pending') AS pending,
	(SELECT count(*) FROM relay.delivery WHERE state = 'dead') AS dead,
	(SELECT min(event.received_at) FROM relay.event WHERE event.seq = (
		SELECT min(oldest.seq) FROM relay.subscriber, LATERAL (
			SELECT min(event_seq) AS seq FROM relay.delivery
			WHERE delivery.subscriber_id = subscriber.subscriber_id AND state = 'pending') AS oldest
	)) AS "oldestPendingAt",
	pg_database_size(current_database()) AS bytes
FROM pg_class AS size WHERE size.oid = 'relay.event'::regclass`;

/** How each subscriber stands, over all replicas. */
export async function readSubscribers(database: Database, now: number): Promise<readonly SubscriberRow[]> {
	const rows = await database.query<Row>('read', SUBSCRIBERS, [now]);
	return rows.map(({ pauseReason, pausedBy, pausedAt, ...row }) => ({
		...row,
		pause: pausedBy === null ? null : { reason: pauseReason ?? '', by: pausedBy, at: pausedAt ?? 0 },
	}));
}

/** The same with the size of the database. */
export async function readStanding(database: Database, now: number): Promise<Standing> {
	const [rows, [size]] = await Promise.all([
		readSubscribers(database, now),
		database.query<{ bytes: number }>('read', 'SELECT pg_database_size(current_database()) AS bytes', []),
	]);
	return { subscribers: rows, bytes: size?.bytes ?? null };
}

/** Sizes and the age of what waits. */
export async function readTotals(database: Database): Promise<Totals> {
	const [row] = await database.query<Totals>('read', TOTALS, []);
	if (row === undefined) throw new StoreError('failed', 'totals: no row');
	return row;
}
