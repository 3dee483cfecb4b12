import type { DatabaseSync } from 'node:sqlite';
import type { PruneRequest, PruneStep } from '../event-store.ts';

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
	// Served by the primary key of seen.
	const nextKeys = database.prepare('SELECT key, content_hash, seen_at FROM seen WHERE key > ? ORDER BY key LIMIT ?');
	const dropKey = database.prepare('DELETE FROM seen WHERE key = ? AND content_hash = ?');

	return function prune(request: PruneRequest): PruneStep {
		const { cursor, limit } = request;
		const known = new Set(request.knownSubscribers);
		const rows = nextEvents.all(cursor.event, limit) as {
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
		const keys = nextKeys.all(cursor.key, limit) as { key: string; content_hash: string; seen_at: number }[];
		const oldKeys = keys.filter((row) => row.seen_at < request.keysBefore);
		for (const { key, content_hash: hash } of oldKeys) dropKey.run(key, hash);
		return {
			events: removable.length,
			keys: oldKeys.length,
			cursor: { event: old.at(-1)?.seq ?? cursor.event, key: keys.at(-1)?.key ?? cursor.key },
			done: old.length < limit && keys.length < limit,
		};
	};
}
