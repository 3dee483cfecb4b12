import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SeenIndex } from '../../src/sqlite/seen-index.ts';

describe('SeenIndex', () => {
	test('finds every row under its key, whatever else it holds', () => {
		fc.assert(
			fc.property(fc.array(fc.string(), { maxLength: 300 }), (keys) => {
				const index = new SeenIndex();
				for (const [place, key] of keys.entries()) index.add(key, place + 1);
				for (const [place, key] of keys.entries()) expect(index.find(key)).toContain(place + 1);
			}),
		);
	});

	test('grows far beyond its first size without losing a row', () => {
		const index = new SeenIndex();
		const rows = 200_000;
		for (let id = 1; id <= rows; id += 1) index.add(`["instagram","17841400000000001","comments","${id}"]`, id);
		let lost = 0;
		let candidates = 0;
		for (let id = 1; id <= rows; id += 1) {
			const found = index.find(`["instagram","17841400000000001","comments","${id}"]`);
			candidates += found.length;
			if (!found.includes(id)) lost += 1;
		}
		expect([lost, index.size]).toEqual([0, rows]);
		// Other keys with the same 32 bits of hash: about rows² / 2^33 pairs.
		expect(candidates - rows).toBeLessThan(100);
	});

	test('forgets rows before an id and keeps the others', () => {
		const index = new SeenIndex();
		for (let id = 1; id <= 100_000; id += 1) index.add(`key ${id}`, id);
		index.retain(90_001);
		expect(index.size).toBe(10_000);
		expect(index.find('key 90000')).toEqual([]);
		expect(index.find('key 90001')).toContain(90_001);
		expect(index.find('key 100000')).toContain(100_000);
	});
});
