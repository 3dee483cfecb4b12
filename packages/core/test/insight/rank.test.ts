import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RankValue, rankBy } from '../../src/insight/rank.ts';

const order = (values: readonly RankValue[], direction: 'asc' | 'desc') =>
	rankBy([...values.entries()], ([, value]) => value, direction).map(([index]) => index);

describe('rankBy', () => {
	test('sorts the highest first, or the lowest', () => {
		expect(order([2, 9, 0], 'desc')).toEqual([1, 0, 2]);
		expect(order([2, 9, 0], 'asc')).toEqual([2, 0, 1]);
	});

	test('sorts missing values last in both directions, in the given order', () => {
		const values = [null, 3, undefined, 1, '', Number.NaN];
		expect(order(values, 'desc')).toEqual([1, 3, 0, 2, 4, 5]);
		expect(order(values, 'asc')).toEqual([3, 1, 0, 2, 4, 5]);
	});

	test('keeps the given order of equal values in both directions', () => {
		expect(order([1, 5, 1, 5], 'desc')).toEqual([1, 3, 0, 2]);
		expect(order([1, 5, 1, 5], 'asc')).toEqual([0, 2, 1, 3]);
	});

	test('sorts texts alphabetically, and instants as texts', () => {
		expect(order(['Reel', 'album', 'Photo'], 'asc')).toEqual([1, 2, 0]);
		expect(order(['2026-11-02T08:00:00.000Z', '2026-11-10T08:00:00.000Z'], 'desc')).toEqual([1, 0]);
	});

	test('agrees with picking the greatest repeatedly (property)', () => {
		const values = fc.array(fc.option(fc.integer({ min: -5, max: 5 }), { nil: null }));
		fc.assert(
			fc.property(values, (given) => {
				const left = [...given.entries()];
				const expected: number[] = [];
				while (left.length > 0) {
					let best = 0;
					for (const [at, [, value]] of left.entries()) {
						const held = left[best]?.[1] ?? null;
						if (value !== null && (held === null || value > held)) best = at;
					}
					expected.push(...left.splice(best, 1).map(([index]) => index));
				}
				expect(order(given, 'desc')).toEqual(expected);
			}),
		);
	});
});
