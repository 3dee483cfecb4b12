import type { Client } from 'pg';
import { MoveError } from './move-error.ts';
import type { MoveRecord } from './move-record.ts';
import { MOVED_TABLES } from './moved-tables.ts';

const ANOTHER_DATABASE =
	'nothing was changed. Make another database (CREATE DATABASE …) and move the store into that one';

/** A relay that only ever started has left its subscribers' names: that is nothing to lose, a pause is. */
const HOLDS = MOVED_TABLES.map(({ name }) => {
	const rows = name === 'subscriber' ? 'relay.subscriber WHERE paused_by IS NOT NULL' : `relay.${name}`;
	return `SELECT '${name}' AS name WHERE EXISTS (SELECT 1 FROM ${rows})`;
}).join(' UNION ALL ');
/** Served by the primary keys. */
const BEYOND = `
SELECT EXISTS (SELECT 1 FROM relay.receipt WHERE id > $1) OR EXISTS (SELECT 1 FROM relay.event WHERE seq > $2) AS beyond`;

/**
 * Only what an unfinished move has brought may be in the target.
 *
 * @throws {MoveError} there is something else
 */
export async function refuseOtherData(client: Client, move: MoveRecord | null): Promise<void> {
	const { rows: found } = await client.query<{ there: boolean }>(
		`SELECT to_regclass('relay.event') IS NOT NULL AS there`,
	);
	if (found[0]?.there !== true) return;
	if (move === null) {
		const { rows } = await client.query<{ name: string }>(HOLDS);
		if (rows.length === 0) return;
		const names = rows.map(({ name }) => name).join(', ');
		throw new MoveError('target-holds-data', `the target holds a relay's data already (${names}): ${ANOTHER_DATABASE}`);
	}
	const { rows } = await client.query<{ beyond: boolean }>(BEYOND, [move.last.receipt, move.last.event]);
	if (rows[0]?.beyond !== true) return;
	throw new MoveError(
		'target-holds-data',
		`a relay has received into the target since the move began: ${ANOTHER_DATABASE}`,
	);
}
