import type { DatabaseSync } from 'node:sqlite';
import type { ReplayRequest, ReplayStep } from '../admin/admin-store.ts';
import { wants } from '../relay/rules.ts';

type Row = {
	seq: number;
	object: string;
	field: string;
	account_id: string;
	received_at: number;
	receipt_id: number;
	state: string | null;
};

/** One step of a replay: looks at the next `limit` events, in order. Runs inside the caller's transaction. */
export function prepareReplay(database: DatabaseSync) {
	const COLUMNS = 'e.seq, e.object, e.field, e.account_id, e.received_at, e.receipt_id, d.state';
	const JOIN = 'FROM event e LEFT JOIN delivery d ON d.event_seq = e.seq AND d.subscriber_id = :subscriber';
	// Served by the primary key of event.
	const next = database.prepare(`SELECT ${COLUMNS} ${JOIN} WHERE e.seq > :after ORDER BY e.seq LIMIT :limit`);
	// Served by the unique index on event_id.
	const byId = database.prepare(`SELECT ${COLUMNS} ${JOIN} WHERE e.event_id = :id`);
	// Served by the primary key of delivery.
	const revive = database.prepare(
		`INSERT INTO delivery (event_seq, subscriber_id, order_key, state, due_at, replay)
		 VALUES (?1, ?2, iif((SELECT ordered FROM subscriber WHERE subscriber_id = ?2), ?3, NULL), 'pending', ?4, 1)
		 ON CONFLICT DO UPDATE SET state = 'pending', order_key = excluded.order_key, due_at = excluded.due_at, replay = 1, attempts = 0, lease = NULL, settled_at = NULL`,
	);
	// A body that goes as a whole has its delivery at one of its events. Served by event_of_receipt.
	const sibling = database.prepare(
		`SELECT d.event_seq FROM event e JOIN delivery d ON d.event_seq = e.seq AND d.subscriber_id = ?
		 WHERE e.receipt_id = ? AND e.seq <> ? LIMIT 1`,
	);

	function isWanted(row: Row, { rule, fields, accounts, since, until, state }: ReplayRequest): boolean {
		if (row.state === 'pending') return false;
		if (state !== undefined && row.state !== state) return false;
		if (row.received_at < (since ?? 0) || row.received_at >= (until ?? Number.POSITIVE_INFINITY)) return false;
		const event = { object: row.object, field: row.field, accountId: row.account_id };
		if (fields !== undefined && !fields.includes(event.field)) return false;
		if (accounts !== undefined && !accounts.includes(event.accountId)) return false;
		if (row.state !== null) return true;
		if (!wants(rule, event)) return false;
		return rule.mode === 'event' || sibling.get(rule.id, row.receipt_id, row.seq) === undefined;
	}

	return function replay(request: ReplayRequest): ReplayStep {
		const { eventIds, after, limit, now } = request;
		const { id: subscriberId } = request.rule;
		const ids = eventIds?.slice(after, after + limit);
		const rows = (ids?.flatMap((id) => byId.all({ subscriber: subscriberId, id })) ??
			next.all({ subscriber: subscriberId, after, limit })) as Row[];
		let replayed = 0;
		for (const row of rows) {
			if (!isWanted(row, request)) continue;
			revive.run(row.seq, subscriberId, row.account_id, now);
			replayed += 1;
		}
		if (eventIds !== undefined) return { replayed, after: after + limit, done: after + limit >= eventIds.length };
		return { replayed, after: rows.at(-1)?.seq ?? after, done: rows.length < limit };
	};
}
