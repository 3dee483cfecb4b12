import type { ReadEvent } from '@instagram-insights/webhook-relay/relay/event';
import type { Connection } from './database.ts';

export type Verdict = 'new' | 'changed' | 'duplicate';
type Judgeable = { readonly event: ReadEvent; readonly receivedAt: number };

/**
 * Remember what was not seen within the dedup time, and tell which that was. Served by the primary key of seen: two
 * replicas that insert one key at the same moment wait for each other there, and the second finds a duplicate. Keys come
 * sorted, so that two such transactions cannot wait for each other in a circle.
 */
const REMEMBER = `
WITH given AS (
	SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) AS given (key, content_hash, seen_at)
), known AS (
	SELECT key, content_hash, seen_at FROM relay.seen WHERE key = ANY ($1::text[])
), remembered AS (
	INSERT INTO relay.seen AS seen (key, content_hash, seen_at)
	SELECT key, content_hash, seen_at FROM given ORDER BY key, content_hash
	ON CONFLICT (key, content_hash) DO UPDATE SET seen_at = excluded.seen_at
		WHERE seen.seen_at <= excluded.seen_at - $4::bigint
	RETURNING key, content_hash
)
SELECT key, content_hash, EXISTS (
	SELECT 1 FROM known WHERE known.key = given.key AND known.content_hash <> given.content_hash
		AND known.seen_at > given.seen_at - $4::bigint
) AS changed
FROM remembered JOIN given USING (key, content_hash)`;

/** Is each event new, new under a known key, or a repetition? Verdicts come in the order of the events. */
export async function judgeEvents(
	connection: Connection,
	events: readonly Judgeable[],
	dedupMs: number,
): Promise<readonly Verdict[]> {
	const asked = new Map<string, { key: string; hash: string; seenAt: number }>();
	for (const { event, receivedAt } of events) {
		const { key, contentHash: hash } = event;
		if (key !== null && !asked.has(nameOf(key, hash))) asked.set(nameOf(key, hash), { key, hash, seenAt: receivedAt });
	}
	const fresh = new Map<string, boolean>();
	if (asked.size > 0) {
		const sorted = [...asked].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
		const { rows } = await connection.query<{ key: string; content_hash: string; changed: boolean }>({
			name: 'remember-seen',
			text: REMEMBER,
			values: [
				sorted.map(({ key }) => key),
				sorted.map(({ hash }) => hash),
				sorted.map(({ seenAt }) => seenAt),
				dedupMs,
			],
		});
		for (const row of rows) fresh.set(nameOf(row.key, row.content_hash), row.changed);
	}

	const keys = new Set<string>();
	return events.map(({ event }): Verdict => {
		const { key, contentHash: hash } = event;
		if (key === null) return 'new';
		const name = nameOf(key, hash);
		const changed = fresh.get(name);
		// The first of its kind takes the place; those after it in the batch repeat it.
		if (changed === undefined) return 'duplicate';
		fresh.delete(name);
		const before = keys.has(key);
		keys.add(key);
		return changed || before ? 'changed' : 'new';
	});
}

function nameOf(key: string, hash: string): string {
	return `${key}\n${hash}`;
}
