import { hash } from 'node:crypto';
import type { SQLOutputValue } from 'node:sqlite';
import type { Client } from 'pg';
import { storableText } from './storable-text.ts';

/** What a table holds, in short: equal digests mean the same rows with the same content. */
export type TableDigest = { readonly rows: number; readonly hash: string };
/** A table of the target, its columns by their types there. */
export type Table = {
	readonly name: string;
	readonly columns: readonly { readonly name: string; readonly type: string }[];
};
export type Stored = string | number | boolean | Uint8Array | null;

/** Rows of one step over the connection. */
const STEP = 1000;

/** A value as PostgreSQL takes it. Whole numbers go as text, exact beyond 2^53. */
export function toStored(type: string, value: SQLOutputValue): Stored {
	if (value === null) return null;
	if (type === 'boolean') return Number(value) === 1;
	if (type === 'double precision') return Number(value);
	if (type === 'bytea') return value instanceof Uint8Array ? value : Buffer.from(String(value));
	return storableText(String(value));
}

/** Longer texts, and bytes, are compared by their hash: they do not travel twice. */
const LONG_BYTES = 200;

/** A value as it is compared. */
export function shown(value: Stored): string | boolean | null {
	if (value === null || typeof value === 'boolean') return value;
	if (value instanceof Uint8Array) return hash('sha256', value, 'hex');
	const text = String(value);
	return Buffer.byteLength(text) > LONG_BYTES ? hash('sha256', text, 'hex') : text;
}

function shownColumn({ name, type }: Table['columns'][number]): string {
	if (type === 'bytea') return `encode(sha256(${name}), 'hex')`;
	if (type !== 'text') return name;
	return `CASE WHEN octet_length(${name}) > ${LONG_BYTES} THEN encode(sha256(convert_to(${name}, 'UTF8')), 'hex') ELSE ${name} END`;
}

export async function digestTarget(client: Client, { name, columns }: Table): Promise<TableDigest> {
	const digest = startDigest();
	const list = columns.map(shownColumn).join(', ');
	await client.query(`DECLARE held NO SCROLL CURSOR FOR SELECT ${list} FROM relay.${name}`);
	for (;;) {
		const { rows } = await client.query<unknown[]>({ text: `FETCH ${STEP} FROM held`, rowMode: 'array' });
		if (rows.length === 0) break;
		for (const row of rows) digest.add(row.map((cell) => (typeof cell === 'number' ? String(cell) : cell)));
	}
	await client.query('CLOSE held');
	return digest.end();
}

/**
 * The digest of rows in any order: the sum of the SHA-256 of each. A sum needs no sorting, which the two databases would
 * do by different rules; unlike an exclusive or it also sees a row that is there twice.
 */
export function startDigest() {
	let [rows, sum] = [0, 0n];
	return {
		add(cells: readonly unknown[]): void {
			rows += 1;
			sum = (sum + BigInt(`0x${hash('sha256', JSON.stringify(cells), 'hex')}`)) % (1n << 256n);
		},
		rows: () => rows,
		end: (): TableDigest => ({ rows, hash: sum.toString(16).padStart(64, '0') }),
	};
}
