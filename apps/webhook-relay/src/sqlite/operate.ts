import type { DatabaseSync } from 'node:sqlite';
import type { Note, ReleaseRequest, ReleaseStep } from '../admin/admin-store.ts';
import { fanOut, type Routable } from '../relay/rules.ts';

type Sibling = Omit<Routable, 'sample'> & { seq: number; sample: number };

/** What waits for subscribers that are gone. Runs inside the caller's transaction. */
export function prepareRelease(database: DatabaseSync) {
	// Served by the primary key of delivery: steps go on where the last one ended, however much waits.
	const nextWaiting = database.prepare(
		`SELECT event_seq AS seq FROM delivery
		 WHERE event_seq > :after AND +subscriber_id = :subscriber AND state = 'pending' AND (lease IS NULL OR due_at <= :now)
		 ORDER BY event_seq LIMIT :limit`,
	);
	const siblings = database.prepare(
		`SELECT e.seq, e.object, e.field, e.account_id AS accountId, e.sample
		 FROM event waiting JOIN receipt r ON r.id = waiting.receipt_id JOIN event e ON e.seq >= r.id AND e.seq < r.id + r.events
		 WHERE waiting.seq = ? ORDER BY e.seq`,
	);
	const give = database.prepare(
		`INSERT INTO delivery (event_seq, subscriber_id, order_key, state, due_at)
		 VALUES (?1, ?2, iif((SELECT ordered FROM subscriber WHERE subscriber_id = ?2), ?3, NULL), 'pending', ?4)
		 ON CONFLICT DO NOTHING`,
	);
	const drop = database.prepare('DELETE FROM delivery WHERE event_seq = ? AND subscriber_id = ?');

	return function release({ subscriberId: subscriber, to, after, limit, now }: ReleaseRequest): ReleaseStep {
		const rows = nextWaiting.all({ after, subscriber, now, limit }) as { seq: number }[];
		let left = 0;
		for (const { seq } of rows) {
			if (to !== null) {
				const events = (siblings.all(seq) as Sibling[]).map((row) => ({ ...row, sample: row.sample === 1 }));
				const wanted = fanOut([to], events).flatMap(([index]) => events[index] ?? []);
				for (const event of wanted) give.run(event.seq, to.id, event.accountId, now);
				if (wanted.length === 0) {
					left += 1;
					continue;
				}
			}
			drop.run(seq, subscriber);
		}
		return { released: rows.length - left, left, after: rows.at(-1)?.seq ?? after, done: rows.length < limit };
	};
}

/** Notes of the admin side. */
export function prepareNotes(database: DatabaseSync) {
	const keep = database.prepare(
		'INSERT INTO note (name, text) VALUES (?, ?) ON CONFLICT DO UPDATE SET text = excluded.text',
	);
	const remove = database.prepare('DELETE FROM note WHERE name = ?');
	// Served by the primary key of note.
	const find = database.prepare(
		'SELECT name, text FROM note WHERE name >= ?1 AND substr(name, 1, length(?1)) = ?1 ORDER BY name',
	);
	return {
		remember(name: string, text: string | null): void {
			if (text === null) remove.run(name);
			else keep.run(name, text);
		},
		recall: (prefix: string): readonly Note[] => find.all(prefix).map((row) => ({ ...row }) as Note),
	};
}
