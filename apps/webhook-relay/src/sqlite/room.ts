import type { DatabaseSync } from 'node:sqlite';

/** So much of a limited store is for receiving; the rest is for delivering what it holds, or it would never empty. */
const RECEIVING_SHARE = 0.9;
/** SQLite's own code of a full database. */
const SQLITE_FULL = 13;

/** Refuses receipts before the store is so full that even deliveries could not be recorded any more. */
export function prepareRoom(database: DatabaseSync, { limited }: { limited: boolean }): () => void {
	if (!limited) return () => {};
	const pages = database.prepare(
		`SELECT (SELECT page_count FROM pragma_page_count) - (SELECT freelist_count FROM pragma_freelist_count) AS used,
			(SELECT max_page_count FROM pragma_max_page_count) AS most`,
	);
	return () => {
		const { used, most } = pages.get() as { used: number; most: number };
		if (used < most * RECEIVING_SHARE) return;
		throw Object.assign(new Error('the store has reached the share of its limit that is for receiving'), {
			errcode: SQLITE_FULL,
		});
	};
}
