import {
	BEGINNING_LENGTH,
	type DeliveryRow,
	type EventBrowser,
	type EventDetail,
	type EventFilter,
	type EventRow,
	type ExportRow,
	type Standing,
	type SubscriberRow,
	type Totals,
} from '@instagram-insights/webhook-relay/admin/admin-store';
import {
	pageOf,
	pageOfDeliveries,
	type SubscriberAttempt,
	withAttempts,
} from '@instagram-insights/webhook-relay/admin/store-rows';
import type { EventPayload } from '@instagram-insights/webhook-relay/relay/event';
import { StoreError } from '@instagram-insights/webhook-relay/relay/store';
import type { QueryResultRow } from 'pg';
import { CARRIED } from './claim-deliveries.ts';
import type { Database } from './database.ts';
import { storableText } from './storable-text.ts';

/** An event as lists show it. */
export const EVENT = `event.seq, event.event_id AS "eventId", event.object, event.field, event.account_id AS "accountId", event.origin, event.sample,
	event.occurred_at AS "occurredAt", event.received_at AS "receivedAt",
	left(event.value, ${BEGINNING_LENGTH}) AS beginning,
	(SELECT count(*) FROM relay.delivery WHERE event_seq = event.seq AND state = 'pending') AS pending,
	(SELECT count(*) FROM relay.delivery WHERE event_seq = event.seq AND state = 'delivered') AS delivered,
	(SELECT count(*) FROM relay.delivery WHERE event_seq = event.seq AND state = 'dead') AS dead`;
/** A delivery as lists show it, and where it is from. */
export const DELIVERY = `event.seq, event.event_id AS "eventId", delivery.subscriber_id AS "subscriberId", event.field,
	event.account_id AS "accountId", event.received_at AS "receivedAt", delivery.state, delivery.attempts,
	delivery.due_at AS "dueAt", delivery.lease IS NOT NULL AS leased, delivery.replay, delivery.settled_at AS "settledAt", delivery.reason
	FROM relay.delivery JOIN relay.event ON event.seq = delivery.event_seq`;
const ONE = `SELECT ${EVENT}, event.value, receipt.secret_name AS "secretName"
	FROM relay.event JOIN relay.receipt ON receipt.id = event.receipt_id WHERE event.event_id = $1`;
const ITS_DELIVERIES = `SELECT ${DELIVERY} WHERE delivery.event_seq = $1 ORDER BY delivery.subscriber_id`;
const ITS_ATTEMPTS = `
SELECT subscriber_id AS "subscriberId", number, started_at AS "startedAt", duration_ms AS "durationMs", status, reason, excerpt
FROM relay.attempt WHERE event_seq = $1 ORDER BY subscriber_id, number`;
const PAYLOAD = `
SELECT ${CARRIED}, false AS replay, receipt.body, receipt.signature
FROM relay.event JOIN relay.receipt ON receipt.id = event.receipt_id WHERE event.event_id = $1`;
const EXPORT = `
SELECT seq, event_id AS "eventId", object, field, account_id AS "accountId", occurred_at AS "occurredAt",
	received_at AS "receivedAt", value
FROM relay.event WHERE seq > $1 AND received_at >= $2 AND received_at < $3 ORDER BY seq LIMIT $4`;
const ACCOUNTS = `
SELECT account_id AS "accountId", field, sum(events)::bigint AS events, max(last_received_at) AS "lastReceivedAt"
FROM relay.account_field GROUP BY account_id, field ORDER BY account_id, field LIMIT 10000`;

/**
 * Reads for people, on connections of their own: a slow one delays nothing but itself. Lists walk the primary key of
 * event from the newest down and stop at the page's length.
 */
export function browseRows(database: Database): EventBrowser {
	const all = <Row extends QueryResultRow>(text: string, values: readonly unknown[] = []) =>
		database.query<Row>('read', text, values);
	return {
		async events(filter) {
			const { where, values } = eventConditions(filter);
			const sql = `SELECT ${EVENT} FROM relay.event WHERE ${where} ORDER BY event.seq DESC LIMIT ${filter.limit + 1}`;
			return pageOf(await all<EventRow>(sql, values), filter.limit);
		},
		event: (eventId) => readEvent(database, eventId),
		payload: async (eventId) => (await all<EventPayload>(PAYLOAD, [storableText(eventId)]))[0] ?? null,
		async deliveries({ state, subscriberId, before, limit }) {
			const conditions = ['delivery.event_seq < $1'];
			const values: unknown[] = [before ?? Number.MAX_SAFE_INTEGER];
			if (state !== undefined) conditions.push(`delivery.state = $${values.push(state)}`);
			if (subscriberId !== undefined)
				conditions.push(`delivery.subscriber_id = $${values.push(storableText(subscriberId))}`);
			const sql = `SELECT ${DELIVERY} WHERE ${conditions.join(' AND ')}
				ORDER BY delivery.event_seq DESC, delivery.subscriber_id LIMIT ${limit + 1}`;
			return pageOfDeliveries(await all<DeliveryRow>(sql, values), limit);
		},
		subscribers: (now) => readSubscribers(database, now),
		standing: (now) => readStanding(database, now),
		accounts: () => all(ACCOUNTS),
		totals: () => readTotals(database),
		exportEvents: ({ after, limit, since, until }) =>
			all<ExportRow>(EXPORT, [after, since ?? 0, until ?? Number.MAX_SAFE_INTEGER, limit]),
	};
}

function eventConditions(filter: EventFilter): { where: string; values: unknown[] } {
	const conditions = ['event.seq < $1'];
	const values: unknown[] = [filter.before ?? Number.MAX_SAFE_INTEGER];
	/** @param condition with `?` where the value stands */
	const add = (condition: string, value: unknown) => {
		if (value !== undefined) conditions.push(condition.replaceAll('?', `$${values.push(value)}`));
	};
	add('event.field = ANY (?)', filter.fields?.map(storableText));
	add('event.account_id = ANY (?)', filter.accounts?.map(storableText));
	add('event.received_at >= ?', filter.since);
	add('event.received_at < ?', filter.until);
	const contains = filter.contains === undefined ? undefined : `%${filter.contains}%`;
	add('(event.event_id ILIKE ? OR event.value ILIKE ?)', contains);
	if (filter.state !== undefined || filter.subscriberId !== undefined) {
		const own = ['delivery.event_seq = event.seq'];
		if (filter.state !== undefined) own.push(`delivery.state = $${values.push(filter.state)}`);
		if (filter.subscriberId !== undefined)
			own.push(`delivery.subscriber_id = $${values.push(storableText(filter.subscriberId))}`);
		conditions.push(`EXISTS (SELECT 1 FROM relay.delivery WHERE ${own.join(' AND ')})`);
	}
	return { where: conditions.join(' AND '), values };
}

/** One event whole, with its deliveries and their attempts. */
async function readEvent(database: Database, eventId: string): Promise<EventDetail | null> {
	const [event] = await database.query<EventDetail['event']>('read', ONE, [storableText(eventId)]);
	if (event === undefined) return null;
	const [deliveries, attempts] = await Promise.all([
		database.query<DeliveryRow>('read', ITS_DELIVERIES, [event.seq]),
		database.query<SubscriberAttempt>('read', ITS_ATTEMPTS, [event.seq]),
	]);
	return {
		event,
		deliveries: withAttempts(deliveries, attempts),
	};
}

type StoredSubscriber = Omit<SubscriberRow, 'pause'> & {
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
	const rows = await database.query<StoredSubscriber>('read', SUBSCRIBERS, [now]);
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
