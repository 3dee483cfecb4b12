import type { Client } from 'pg';
import { MOVED_TABLES } from './moved-tables.ts';
import type { TableDigest } from './table-digest.ts';

/** What the target knows of the move into it. */
export type MoveRecord = {
	/** higher numbers were received by a relay here */
	readonly last: { readonly receipt: number; readonly event: number };
	readonly startedAt: number;
	readonly finishedAt: number | null;
	readonly tables: ReadonlyMap<string, TableRecord>;
};
export type TableRecord = {
	/** of the source, when the move began */
	readonly source: TableDigest;
	/** rows of the source that are here */
	readonly moved: number;
	/** where the last of them stood */
	readonly place: string | null;
};

const IS_THERE = `SELECT to_regclass('relay.move') IS NOT NULL AS there`;
const MOVE = 'SELECT last_receipt, last_event, started_at, finished_at FROM relay.move';
const TABLES = 'SELECT name, source_rows, source_hash, moved_rows, place FROM relay.moved_table';

export async function readMove(client: Client): Promise<MoveRecord | null> {
	const { rows: found } = await client.query<{ there: boolean }>(IS_THERE);
	if (found[0]?.there !== true) return null;
	const { rows: moves } = await client.query<Record<'last_receipt' | 'last_event' | 'started_at', string> & Finished>(
		MOVE,
	);
	const [move] = moves;
	if (move === undefined) return null;
	const { rows } = await client.query<Record<'name' | 'source_rows' | 'source_hash' | 'moved_rows', string> & Place>(
		TABLES,
	);
	return {
		last: { receipt: Number(move.last_receipt), event: Number(move.last_event) },
		startedAt: Number(move.started_at),
		finishedAt: move.finished_at === null ? null : Number(move.finished_at),
		tables: new Map(
			rows.map((row) => [
				row.name,
				{
					source: { rows: Number(row.source_rows), hash: row.source_hash },
					moved: Number(row.moved_rows),
					place: row.place,
				},
			]),
		),
	};
}

type Finished = { finished_at: string | null };
type Place = { place: string | null };

const EVERYTHING = [...MOVED_TABLES.map(({ name }) => name), 'move', 'moved_table'];
const EMPTY = `TRUNCATE ${EVERYTHING.map((name) => `relay.${name}`).join(', ')}`;
const BEGIN_MOVE = 'INSERT INTO relay.move (last_receipt, last_event, started_at) VALUES ($1, $2, $3)';
const BEGIN_TABLES = `
INSERT INTO relay.moved_table (name, source_rows, source_hash) SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[])`;
/** What is received here later goes on after the moved numbers. */
const GO_ON_AFTER = (sequence: string) =>
	`SELECT setval('${sequence}', greatest($1::bigint, last_value)) FROM ${sequence} WHERE $1::bigint > 0`;

/**
 * Begin, in one transaction: the target is emptied, and says from now on that a move is under way.
 *
 * @param check run inside, when nobody else can write: it throws when there is something to lose
 */
export async function beginMove(
	client: Client,
	move: Pick<MoveRecord, 'last' | 'startedAt'> & { readonly digests: ReadonlyMap<string, TableDigest> },
	check: () => Promise<void>,
): Promise<void> {
	const digests = [...move.digests];
	await client.query('BEGIN');
	try {
		await client.query(`LOCK TABLE ${EVERYTHING.map((name) => `relay.${name}`).join(', ')} IN ACCESS EXCLUSIVE MODE`);
		await check();
		await client.query(EMPTY);
		await client.query(BEGIN_MOVE, [move.last.receipt, move.last.event, move.startedAt]);
		await client.query(BEGIN_TABLES, [
			digests.map(([name]) => name),
			digests.map(([, { rows }]) => rows),
			digests.map(([, { hash }]) => hash),
		]);
		await client.query(GO_ON_AFTER('relay.receipt_id'), [move.last.receipt]);
		await client.query(GO_ON_AFTER('relay.event_seq'), [move.last.event]);
		await client.query('COMMIT');
	} catch (error) {
		await client.query('ROLLBACK').catch(() => {});
		throw error;
	}
}

/** Durable, and with it every commit before: from now on relays start on the target. */
export async function finishMove(client: Client, now: number): Promise<void> {
	await client.query('SET synchronous_commit = on');
	await client.query('UPDATE relay.move SET finished_at = $1', [now]);
}
