import { statSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import {
	type AccountFieldRow,
	BEGINNING_LENGTH,
	type DeliveryFilter,
	type DeliveryRow,
	type EventDetail,
	type EventFilter,
	type EventRow,
	type ExportRow,
	type Page,
	type Standing,
	type SubscriberRow,
	type Totals,
} from '../admin/admin-store.ts';
import { pageOf, pageOfDeliveries, type SubscriberAttempt, withAttempts } from '../admin/store-rows.ts';
import type { EventPayload } from '../relay/event.ts';
import { CARRIED } from './deliver.ts';

const EVENT = `e.seq, e.event_id AS eventId, e.object, e.sample, e.field, e.account_id AS accountId, e.origin, e.occurred_at AS occurredAt,
	e.received_at AS receivedAt, substr(e.value, 1, ${BEGINNING_LENGTH}) AS beginning`;
const COUNTS = `(SELECT count(*) FROM delivery WHERE event_seq = e.seq AND state = 'pending') AS pending,
	(SELECT count(*) FROM delivery WHERE event_seq = e.seq AND state = 'delivered') AS delivered,
	(SELECT count(*) FROM delivery WHERE event_seq = e.seq AND state = 'dead') AS dead`;
const DELIVERY = `e.seq, e.event_id AS eventId, d.subscriber_id AS subscriberId, e.field, e.account_id AS accountId,
	e.received_at AS receivedAt, d.state, d.attempts, d.due_at AS dueAt, d.lease IS NOT NULL AS leased, d.replay,
	d.settled_at AS settledAt, d.reason`;

/**
 * Reads for people, on a connection of their own: a slow one delays nothing but itself. Lists walk the primary key of
 * event from the newest down and stop at the page's length.
 */
export function prepareBrowse(database: DatabaseSync) {
	return {
		events: (filter: EventFilter): Page<EventRow> => {
			const { where, values } = eventConditions(filter);
			const sql = `SELECT ${EVENT}, ${COUNTS} FROM event e WHERE ${where} ORDER BY e.seq DESC LIMIT :limit`;
			const rows = all<Flags<EventRow, 'sample'>>(database, sql, { ...values, limit: filter.limit + 1 });
			return pageOf(
				rows.map((row) => ({ ...row, sample: row.sample === 1 })),
				filter.limit,
			);
		},
		event: (eventId: string): EventDetail | null => readEvent(database, eventId),
		payload: (eventId: string): EventPayload | null => {
			const [row] = all<Flags<EventPayload, 'sample' | 'replay'>>(
				database,
				`SELECT ${CARRIED}, 0 AS replay, r.body, r.signature
				 FROM event e JOIN receipt r ON r.id = e.receipt_id WHERE e.event_id = :id`,
				{ id: eventId },
			);
			return row === undefined ? null : { ...row, sample: row.sample === 1, replay: row.replay === 1 };
		},
		deliveries: (filter: DeliveryFilter): Page<DeliveryRow> => {
			const conditions = ['d.event_seq < :before'];
			const values: Record<string, SQLInputValue> = { before: filter.before ?? Number.MAX_SAFE_INTEGER };
			if (filter.state !== undefined) {
				conditions.push(`d.state = :state`);
				values.state = filter.state;
			}
			if (filter.subscriberId !== undefined) {
				conditions.push('d.subscriber_id = :subscriber');
				values.subscriber = filter.subscriberId;
			}
			const sql = `SELECT ${DELIVERY} FROM delivery d JOIN event e ON e.seq = d.event_seq
				WHERE ${conditions.join(' AND ')} ORDER BY d.event_seq DESC, d.subscriber_id LIMIT :limit`;
			const rows = all<StoredDelivery>(database, sql, { ...values, limit: filter.limit + 1 });
			return pageOfDeliveries(rows.map(deliveryOf), filter.limit);
		},
		subscribers: (now: number): readonly SubscriberRow[] => readSubscribers(database, now),
		standing: (now: number): Standing => readStanding(database, now),
		accounts: (): readonly AccountFieldRow[] =>
			all(
				database,
				`SELECT account_id AS accountId, field, events, last_received_at AS lastReceivedAt FROM account_field
				 ORDER BY account_id, field LIMIT 10000`,
			),
		totals: (): Totals => readTotals(database),
		exportEvents: ({ after, limit, since, until }: { after: number; limit: number; since?: number; until?: number }) =>
			all<ExportRow>(
				database,
				`SELECT e.seq, e.event_id AS eventId, e.object, e.field, e.account_id AS accountId, e.occurred_at AS occurredAt,
					e.received_at AS receivedAt, e.value
				 FROM event e WHERE e.seq > :after AND e.received_at >= :since AND e.received_at < :until ORDER BY e.seq LIMIT :limit`,
				{ after, limit, since: since ?? 0, until: until ?? Number.MAX_SAFE_INTEGER },
			),
	};
}

function eventConditions(filter: EventFilter): { where: string; values: Record<string, SQLInputValue> } {
	const conditions = ['e.seq < :before'];
	const values: Record<string, SQLInputValue> = { before: filter.before ?? Number.MAX_SAFE_INTEGER };
	const add = (condition: string, name: string, value: SQLInputValue | undefined) => {
		if (value === undefined) return;
		conditions.push(condition);
		values[name] = value;
	};
	const list = (items: readonly string[] | undefined) => (items === undefined ? undefined : JSON.stringify(items));
	add('e.field IN (SELECT value FROM json_each(:fields))', 'fields', list(filter.fields));
	add('e.account_id IN (SELECT value FROM json_each(:accounts))', 'accounts', list(filter.accounts));
	add('e.received_at >= :since', 'since', filter.since);
	add('e.received_at < :until', 'until', filter.until);
	const contains = filter.contains === undefined ? undefined : `%${filter.contains}%`;
	add('(e.event_id LIKE :contains OR e.value LIKE :contains)', 'contains', contains);
	const delivery = ['d.event_seq = e.seq'];
	if (filter.state !== undefined) delivery.push('d.state = :state');
	if (filter.subscriberId !== undefined) delivery.push('d.subscriber_id = :subscriber');
	if (delivery.length > 1) {
		conditions.push(`EXISTS (SELECT 1 FROM delivery d WHERE ${delivery.join(' AND ')})`);
		if (filter.state !== undefined) values.state = filter.state;
		if (filter.subscriberId !== undefined) values.subscriber = filter.subscriberId;
	}
	return { where: conditions.join(' AND '), values };
}

function readEvent(database: DatabaseSync, eventId: string): EventDetail | null {
	const sql = `SELECT ${EVENT}, ${COUNTS}, e.value, r.secret_name AS secretName
		FROM event e JOIN receipt r ON r.id = e.receipt_id WHERE e.event_id = :id`;
	const [event] = all<Flags<EventDetail['event'], 'sample'>>(database, sql, { id: eventId });
	if (event === undefined) return null;
	const deliveries = all<StoredDelivery>(
		database,
		`SELECT ${DELIVERY} FROM delivery d JOIN event e ON e.seq = d.event_seq WHERE d.event_seq = :seq ORDER BY d.subscriber_id`,
		{ seq: event.seq },
	);
	const attempts = all<SubscriberAttempt>(
		database,
		`SELECT subscriber_id AS subscriberId, number, started_at AS startedAt, duration_ms AS durationMs, status, reason, excerpt
		 FROM attempt WHERE event_seq = :seq ORDER BY subscriber_id, number`,
		{ seq: event.seq },
	);
	return {
		event: { ...event, sample: event.sample === 1 },
		deliveries: withAttempts(deliveries.map(deliveryOf), attempts),
	};
}

function readSubscribers(database: DatabaseSync, now: number): readonly SubscriberRow[] {
	type Row = Omit<SubscriberRow, 'known' | 'pause' | 'oldestPendingAt'> & {
		known: number;
		pauseReason: string | null;
		pausedBy: 'operator' | 'relay' | null;
		pausedAt: number | null;
		oldestSeq: number | null;
	};
	// Served by delivery_due, delivery_leased and delivery_in_order.
	const sql = `SELECT s.subscriber_id AS subscriberId, s.known, s.pause_reason AS pauseReason, s.paused_by AS pausedBy,
			s.paused_at AS pausedAt, s.consecutive_failures AS consecutiveFailures, s.held_until AS heldUntil,
			s.last_success_at AS lastSuccessAt, s.last_failure_at AS lastFailureAt, s.last_failure_reason AS lastFailureReason,
			(SELECT count(*) FROM delivery WHERE subscriber_id = s.subscriber_id AND state = 'pending') AS pending,
			(SELECT count(*) FROM delivery WHERE subscriber_id = s.subscriber_id AND lease IS NOT NULL AND due_at > :now) AS leased,
			(SELECT count(*) FROM delivery WHERE subscriber_id = s.subscriber_id AND state = 'dead') AS dead,
			(SELECT min(event_seq) FROM delivery WHERE subscriber_id = s.subscriber_id AND state = 'pending') AS oldestSeq
		FROM subscriber s ORDER BY s.subscriber_id`;
	const readTime = database.prepare('SELECT received_at FROM event WHERE seq = ?');
	return all<Row>(database, sql, { now }).map(({ pauseReason, pausedBy, pausedAt, oldestSeq, ...row }) => ({
		...row,
		known: Boolean(row.known),
		pause: pausedBy === null ? null : { reason: pauseReason ?? '', by: pausedBy, at: pausedAt ?? 0 },
		oldestPendingAt: oldestSeq === null ? null : Number(readTime.get(oldestSeq)?.received_at ?? now),
	}));
}

function readTotals(database: DatabaseSync): Totals {
	const sql = `SELECT (SELECT count(*) FROM event) AS events,
		(SELECT count(*) FROM delivery WHERE state = 'pending') AS pending,
		(SELECT count(*) FROM delivery WHERE state = 'dead') AS dead,
		(SELECT received_at FROM event WHERE seq = (SELECT min(event_seq) FROM delivery WHERE state = 'pending')) AS oldestPendingAt`;
	const [row] = all<Omit<Totals, 'bytes'>>(database, sql);
	if (row === undefined) throw new Error('totals: no row');
	return { ...row, bytes: readBytes(database) };
}

function readStanding(database: DatabaseSync, now: number): Standing {
	return { subscribers: readSubscribers(database, now), bytes: readBytes(database) };
}

/** The database and its log, on disk. */
function readBytes(database: DatabaseSync): number {
	const path = database.location();
	return [path, `${path}-wal`].reduce(
		(sum, name) => sum + (statSync(`${name}`, { throwIfNoEntry: false })?.size ?? 0),
		0,
	);
}

/** SQLite has no booleans. */
type Flags<Row, Name extends keyof Row> = Omit<Row, Name> & Record<Name, number>;
type StoredDelivery = Flags<DeliveryRow, 'leased' | 'replay'>;
function deliveryOf(row: StoredDelivery): DeliveryRow {
	return { ...row, leased: row.leased === 1, replay: row.replay === 1 };
}

/** Rows come with a null prototype; a plain copy is what callers and tests expect. */
function all<Row>(database: DatabaseSync, sql: string, values: Record<string, SQLInputValue> = {}): Row[] {
	return database
		.prepare(sql)
		.all(values)
		.map((row) => ({ ...row }) as Row);
}
