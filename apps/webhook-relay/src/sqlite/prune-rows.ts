import type { DatabaseSync } from 'node:sqlite';
import type { PruneRequest, PruneStep } from '../admin/admin-store.ts';

/** One step of retention. Runs inside the caller's transaction; a step is small, so receiving goes on between steps. */
export function preparePrune(database: DatabaseSync) {
	// Served by the primary key of event, then by that of delivery. received_at grows with seq, so the walk ends at the first young one.
	const nextEvents = database.prepare(
		`SELECT e.seq, e.receipt_id, e.received_at,
			(SELECT group_concat(subscriber_id, char(10)) FROM delivery WHERE event_seq = e.seq AND state = 'pending') AS waiting
		 FROM event e WHERE e.seq > ? ORDER BY e.seq LIMIT ?`,
	);
	const dropAttempts = database.prepare('DELETE FROM attempt WHERE event_seq = ?');
	const dropDeliveries = database.prepare('DELETE FROM delivery WHERE event_seq = ?');
	const dropEvent = database.prepare('DELETE FROM event WHERE seq = ?');
	// Served by event_of_receipt.
	const dropReceipt = database.prepare(
		'DELETE FROM receipt WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM event WHERE receipt_id = ?1)',
	);
	// Served by the primary key of seen; seen_at grows with id, so the first rows tell whether there is anything to remove.
	const dropKeys = database.prepare(
		`DELETE FROM seen WHERE id IN (
			SELECT id FROM (SELECT id, seen_at FROM seen ORDER BY id LIMIT ?) WHERE seen_at < ?)`,
	);

	return function prune(request: PruneRequest): PruneStep {
		const { cursor, limit } = request;
		const known = new Set(request.knownSubscribers);
		const rows = nextEvents.all(cursor, limit) as {
			seq: number;
			receipt_id: number;
			received_at: number;
			waiting: string | null;
		}[];
		const old = rows.filter((row) => row.received_at < request.eventsBefore);
		const removable = old.filter(({ waiting }) => waiting === null || !waiting.split('\n').some((id) => known.has(id)));
		for (const { seq, receipt_id: receiptId } of removable) {
			dropAttempts.run(seq);
			dropDeliveries.run(seq);
			dropEvent.run(seq);
			dropReceipt.run(receiptId);
		}
		const keys = Number(dropKeys.run(limit, request.keysBefore).changes);
		return {
			events: removable.length,
			keys,
			cursor: old.at(-1)?.seq ?? cursor,
			done: old.length < limit && keys < limit,
		};
	};
}
