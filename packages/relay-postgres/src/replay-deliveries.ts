import type { ReplayRequest, ReplayStep } from '@instagram-insights/webhook-relay/admin/admin-store';
import { wants } from '@instagram-insights/webhook-relay/relay/rules';
import type { Connection } from './database.ts';
import { indexableText } from './storable-text.ts';

type Row = {
	seq: number;
	object: string;
	field: string;
	account_id: string;
	sample: boolean;
	received_at: number;
	receipt_id: number;
	state: string | null;
	sibling: boolean;
};

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

/** One step of a replay: looks at the next `limit` events, in order. Runs inside the caller's transaction. */
export async function replayDeliveries(connection: Connection, request: ReplayRequest): Promise<ReplayStep> {
	const { eventIds, after, limit, now } = request;
	const { id: subscriberId } = request.rule;
	const { rows } =
		eventIds === undefined
			? await connection.query<Row>(NEXT, [subscriberId, after, limit])
			: await connection.query<Row>(BY_ID, [subscriberId, eventIds.slice(after, after + limit)]);
	rows.sort((a, b) => a.seq - b.seq);

	const carried = new Set<number>();
	const wanted = rows.filter((row) => {
		if (!isWanted(row, request)) return false;
		if (request.rule.mode === 'event' || row.state !== null) return true;
		if (row.sibling || carried.has(row.receipt_id)) return false;
		carried.add(row.receipt_id);
		return true;
	});
	if (wanted.length > 0 && request.dryRun !== true) {
		const accounts = wanted.map((row) => indexableText(row.account_id));
		await connection.query(REVIVE, [subscriberId, now, wanted.map(({ seq }) => seq), accounts]);
	}
	if (eventIds !== undefined) {
		return { replayed: wanted.length, after: after + limit, done: after + limit >= eventIds.length };
	}
	return { replayed: wanted.length, after: rows.at(-1)?.seq ?? after, done: rows.length < limit };
}

function isWanted(row: Row, { rule, fields, accounts, since, until, state }: ReplayRequest): boolean {
	if (row.state === 'pending') return false;
	if (state !== undefined && row.state !== state) return false;
	if (row.received_at < (since ?? 0) || row.received_at >= (until ?? Number.POSITIVE_INFINITY)) return false;
	const event = { object: row.object, field: row.field, accountId: row.account_id, sample: row.sample };
	if (fields !== undefined && !fields.includes(event.field)) return false;
	if (accounts !== undefined && !accounts.includes(event.accountId)) return false;
	return row.state !== null || wants(rule, event);
}
