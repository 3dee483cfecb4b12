import type { DatabaseSync } from 'node:sqlite';
import type { RoutedSubscriber } from '../relay/store.ts';

/** What is remembered of subscribers. Each function runs inside the caller's transaction. */
export function prepareSubscribers(database: DatabaseSync) {
	const forgetAll = database.prepare('UPDATE subscriber SET known = 0');
	const CLEAR = `pause_reason = NULL, paused_by = NULL, paused_at = NULL, consecutive_failures = 0, held_until = 0, refused_since = NULL`;
	// Changed settings may have mended what made the relay pause it; an operator's pause is the operator's to end.
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
		 ON CONFLICT DO UPDATE SET pause_reason = excluded.pause_reason, paused_by = excluded.paused_by, paused_at = excluded.paused_at`,
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
		pause(subscriberId: string, { reason, now }: { reason: string; now: number }): void {
			pauseRow.run(subscriberId, reason, now);
		},
		lastList: (): string | null => (readList.get() as { text: string } | undefined)?.text ?? null,
		resume(subscriberId: string): void {
			resumeRow.run(subscriberId);
		},
		releaseLeases(holder: string, now: number): void {
			const prefix = `${holder}:`;
			for (const row of listIds.all()) endLeases.run(now, String(row.subscriber_id), prefix, prefix);
		},
	};
}
