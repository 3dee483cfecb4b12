import type { DatabaseSync } from 'node:sqlite';
import type { ReadEvent } from '../relay/event.ts';
import { SeenIndex } from './seen-index.ts';

/** 22 letters of base64url are 132 bits: enough to tell contents apart, half the room. */
const HASH_LENGTH = 22;

type Seen = { key: string; content_hash: string; seen_at: number };

/** What was seen within the dedup time. All of it runs inside a transaction of the caller. */
export function prepareRecognition(database: DatabaseSync, { dedupMs }: { dedupMs: number }) {
	// Served by the primary key of seen, as all of these.
	const readRow = database.prepare('SELECT key, content_hash, seen_at FROM seen WHERE id = ?');
	const insert = database.prepare('INSERT INTO seen (key, content_hash, seen_at) VALUES (?, ?, ?)');
	const ends = database.prepare('SELECT min(id) AS first, max(id) AS last FROM seen');
	const rowsAfter = database.prepare('SELECT id, key FROM seen WHERE id > ?');
	const version = database.prepare('PRAGMA data_version');
	let index = new SeenIndex();
	let [lastId, seenVersion, firstId] = [0, -1, 0];

	return {
		/** Know what is stored: all of it at the start, later what another process wrote. Costs nothing else. */
		catchUp(): void {
			const { data_version: now } = version.get() as { data_version: number };
			if (now === seenVersion) return;
			seenVersion = now;
			const { first, last } = ends.get() as { first: number | null; last: number | null };
			if (last === null || last < lastId || lastId === 0) {
				// Ids follow each other, so their span says how many there are.
				[index, lastId] = [new SeenIndex((last ?? 0) - (first ?? 0)), 0];
			}
			for (const row of rowsAfter.iterate(lastId)) index.add(String(row.key), Number(row.id));
			lastId = last ?? 0;
			firstId = first ?? 0;
		},
		/** Look the event up and remember it: is it new, new under a known key, or a repetition? */
		judge({ key, contentHash }: ReadEvent, receivedAt: number): 'new' | 'changed' | 'duplicate' {
			if (key === null) return 'new';
			const hash = contentHash.slice(0, HASH_LENGTH);
			const known = index
				.find(key)
				.map((id) => readRow.get(id) as Seen | undefined)
				.filter((row) => row?.key === key && row.seen_at > receivedAt - dedupMs);
			if (known.some((row) => row?.content_hash === hash)) return 'duplicate';
			lastId = Number(insert.run(key, hash, receivedAt).lastInsertRowid);
			index.add(key, lastId);
			return known.length > 0 ? 'changed' : 'new';
		},
		/** Rows were removed at the beginning: give their room back now and then. */
		forgetRemoved(): void {
			const { first } = ends.get() as { first: number | null };
			const removed = (first ?? lastId + 1) - firstId;
			if (removed < index.size / 4) return;
			firstId = first ?? lastId + 1;
			index.retain(firstId);
		},
	};
}
