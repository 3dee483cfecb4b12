import type { Note, ReleaseRequest, ReleaseStep } from '@instagram-insights/webhook-relay/admin/admin-store';
import { fanOut, type Routable } from '@instagram-insights/webhook-relay/relay/rules';
import type { Connection, Database } from './database.ts';
import { indexableText, storableText } from './storable-text.ts';

type Sibling = Routable & { seq: number; waitingSeq: number };

/** Served by the primary key of delivery: steps go on where the last one ended. The lock keeps a claim from taking what goes. */
const NEXT_WAITING = `
SELECT event_seq AS seq FROM relay.delivery
WHERE event_seq > $1 AND subscriber_id = $2 AND state = 'pending' AND (lease IS NULL OR due_at <= $3)
ORDER BY event_seq LIMIT $4 FOR UPDATE`;
/** Served by event_of_receipt. */
const SIBLINGS = `
SELECT waiting.seq AS "waitingSeq", event.seq, event.object, event.field, event.account_id AS "accountId", event.sample
FROM relay.event AS waiting JOIN relay.event ON event.receipt_id = waiting.receipt_id
WHERE waiting.seq = ANY ($1) ORDER BY waiting.seq, event.seq FOR KEY SHARE OF event`;
const GIVE = `
INSERT INTO relay.delivery (event_seq, subscriber_id, account_id, state, due_at)
SELECT DISTINCT ON (event_seq) event_seq, $1, account_id, 'pending', $2::bigint
FROM unnest($3::bigint[], $4::text[]) AS given (event_seq, account_id) ORDER BY event_seq
ON CONFLICT DO NOTHING`;
const DROP = 'DELETE FROM relay.delivery WHERE subscriber_id = $1 AND event_seq = ANY ($2)';

/** What waits for subscribers that are gone. Runs inside the caller's transaction. */
export async function releaseDeliveries(connection: Connection, request: ReleaseRequest): Promise<ReleaseStep> {
	const { subscriberId, to, after, limit, now } = request;
	const { rows } = await connection.query<{ seq: number }>(NEXT_WAITING, [after, subscriberId, now, limit]);
	let going = rows.map(({ seq }) => seq);
	if (to !== null && going.length > 0) {
		const found = await connection.query<Sibling>(SIBLINGS, [going]);
		const wanted = [...Map.groupBy(found.rows, ({ waitingSeq }) => waitingSeq).values()].flatMap((events) =>
			fanOut([to], events).flatMap(([index]) => events[index] ?? []),
		);
		const accounts = wanted.map(({ accountId }) => indexableText(accountId));
		await connection.query(GIVE, [to.id, now, wanted.map(({ seq }) => seq), accounts]);
		const moved = new Set(wanted.map(({ waitingSeq }) => waitingSeq));
		going = going.filter((seq) => moved.has(seq));
	}
	await connection.query(DROP, [subscriberId, going]);
	const left = rows.length - going.length;
	return { released: going.length, left, after: rows.at(-1)?.seq ?? after, done: rows.length < limit };
}

const KEEP =
	'INSERT INTO relay.note (name, text) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET text = excluded.text';
/** Served by the primary key of note. */
const FIND = 'SELECT name, text FROM relay.note WHERE starts_with(name, $1) ORDER BY name';

/** Notes of the admin side. */
export function keepNotes(database: Database) {
	return {
		async remember(name: string, text: string | null): Promise<void> {
			if (text === null) await database.query('deliver', 'DELETE FROM relay.note WHERE name = $1', [name]);
			else await database.query('deliver', KEEP, [indexableText(name), storableText(text)]);
		},
		recall: (prefix: string): Promise<readonly Note[]> => database.query<Note>('read', FIND, [prefix]),
	};
}
