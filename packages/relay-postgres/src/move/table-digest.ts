import { hash } from 'node:crypto';
import type { Cell } from './column-kind.ts';

/** What a table holds, in short: equal digests mean the same rows with the same content. */
export type TableDigest = { readonly rows: number; readonly hash: string };

const MODULUS = 1n << 256n;

/**
 * The digest of rows in any order: the sum of the SHA-256 of each. A sum needs no sorting, which the two databases would
 * do by different rules and not in bounded memory; unlike an exclusive or it also sees a row that is there twice.
 */
export async function digestRows(rows: AsyncIterable<readonly Cell[]>): Promise<TableDigest> {
	let [count, sum] = [0, 0n];
	for await (const row of rows) {
		count += 1;
		sum = (sum + BigInt(`0x${hash('sha256', JSON.stringify(row), 'hex')}`)) % MODULUS;
	}
	return { rows: count, hash: sum.toString(16).padStart(64, '0') };
}
