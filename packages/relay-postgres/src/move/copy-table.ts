import type { Client } from 'pg';
import { type ColumnKind, type StoredValue, toStored, typeOf } from './column-kind.ts';
import type { TableRecord } from './move-record.ts';
import type { MovedTable } from './moved-tables.ts';
import type { Source, SourceRow } from './open-source.ts';

/** What one transaction brings at most: many small rows, or few large ones. */
export type BatchLimits = { readonly rows: number; readonly bytes: number };

export type CopyOptions = {
	readonly table: MovedTable;
	/** how far earlier runs came */
	readonly record: TableRecord;
	readonly limits: BatchLimits;
	/** called after each commit */
	readonly afterBatch?: (() => void | Promise<void>) | undefined;
};

/**
 * Bring the rows of a table that are not in the target yet, in order. Each batch is one statement that also notes how far
 * it came, so a process killed at any moment leaves whole batches and the place to go on from.
 *
 * @yields each row, after the commit that brought it
 */
export async function* copyTable(
	client: Client,
	source: Source,
	{ table, record, limits, afterBatch }: CopyOptions,
): AsyncGenerator<SourceRow> {
	const kinds = Object.values(table.columns);
	const insert = insertStatement(table);
	for (const batch of inBatches(source.rows(table, record.place), limits)) {
		const last = batch.at(-1);
		const columns = kinds.map((kind, index) => batch.map(({ values }) => toStored(kind, values[index] ?? null)));
		await client.query<never, (StoredValue | undefined | readonly StoredValue[])[]>({
			name: `move-${table.name}`,
			text: insert,
			values: [table.name, batch.length, last?.place, ...columns],
		});
		await afterBatch?.();
		yield* batch;
	}
}

/** Rows of the batch as arrays, one a column; the note of how far it came in the same statement. */
function insertStatement({ name, columns, merge }: MovedTable): string {
	const names = Object.keys(columns).join(', ');
	const arrays = Object.values(columns).map((kind: ColumnKind, index) => `$${index + 4}::${typeOf(kind)}[]`);
	return `
WITH given AS (
	SELECT * FROM unnest(${arrays.join(', ')}) AS given (${names})
), moved AS (
	INSERT INTO relay.${name} AS known (${names}) ${merge?.given ?? `SELECT ${names} FROM given`}
	${merge === undefined ? '' : `ON CONFLICT ${merge.conflict}`}
)
UPDATE relay.moved_table SET moved_rows = moved_rows + $2::bigint, place = $3 WHERE name = $1`;
}

function* inBatches(rows: Iterable<SourceRow>, { rows: mostRows, bytes: mostBytes }: BatchLimits) {
	let [batch, bytes]: [SourceRow[], number] = [[], 0];
	for (const row of rows) {
		batch.push(row);
		bytes += sizeOf(row);
		if (batch.length < mostRows && bytes < mostBytes) continue;
		yield batch;
		[batch, bytes] = [[], 0];
	}
	if (batch.length > 0) yield batch;
}

function sizeOf({ values }: SourceRow): number {
	let size = 0;
	for (const value of values) if (typeof value === 'string' || value instanceof Uint8Array) size += value.length;
	return size;
}
