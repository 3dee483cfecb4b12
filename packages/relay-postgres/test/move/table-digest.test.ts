import { describe, expect, test } from 'vitest';
import type { Cell } from '../../src/move/column-kind.ts';
import { digestRows } from '../../src/move/table-digest.ts';

async function* rowsOf(rows: readonly (readonly Cell[])[]) {
	yield* rows;
}
const digest = (...rows: readonly (readonly Cell[])[]) => digestRows(rowsOf(rows));

describe('digestRows', () => {
	test('is the sum of the SHA-256 of each row as JSON', async () => {
		expect(await digest()).toEqual({ rows: 0, hash: '0'.repeat(64) });
		// printf '["1",null,true]' | sha256sum
		expect(await digest(['1', null, true])).toEqual({
			rows: 1,
			hash: 'fa4a608cb2532b6dc8c45c0f58eb7cc716e10837a44eb9c047dce931860227a2',
		});
	});

	test('does not depend on the order of the rows', async () => {
		expect(await digest(['1'], ['2'], ['3'])).toEqual(await digest(['3'], ['1'], ['2']));
	});

	test('tells apart where a text ends, an empty text from none, and a row from two like it', async () => {
		const hashes = await Promise.all([
			digest(['ab', 'c']),
			digest(['a', 'bc']),
			digest(['', 'abc']),
			digest([null, 'abc']),
			digest([null, 'abc'], [null, 'abc'], [null, 'abc']),
		]);
		expect(new Set(hashes.map(({ hash }) => hash)).size).toBe(5);
	});
});
