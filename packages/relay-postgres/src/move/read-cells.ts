import type { Client } from 'pg';
import { type Cell, cellOfShown, cellOfStored, shownColumn, toStored } from './column-kind.ts';
import type { MovedTable } from './moved-tables.ts';
import type { Source } from './open-source.ts';

/** Rows of one step over the connection. Large values do not travel: they are compared by their hash. */
const STEP = 2000;

/** Every row of a table as the target shall hold it. */
export async function* sourceCells(source: Source, table: MovedTable): AsyncGenerator<readonly Cell[]> {
	const kinds = Object.values(table.columns);
	for (const values of source.merged(table)) {
		yield kinds.map((kind, index) => cellOfStored(kind, toStored(kind, values[index] ?? null)));
	}
}

/** Every row of a table as the target holds it. Needs a transaction, which the caller begins. */
export async function* targetCells(client: Client, table: MovedTable): AsyncGenerator<readonly Cell[]> {
	const columns = Object.entries(table.columns).map(([name, kind]) => shownColumn(kind, name));
	await client.query(`DECLARE held NO SCROLL CURSOR FOR SELECT ${columns.join(', ')} FROM relay.${table.name}`);
	for (;;) {
		const { rows } = await client.query<unknown[]>({ text: `FETCH ${STEP} FROM held`, rowMode: 'array' });
		if (rows.length === 0) break;
		for (const row of rows) yield row.map(cellOfShown);
	}
	await client.query('CLOSE held');
}
