import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spreadTotal } from '../../src/world/account-breakdown.ts';

describe('spreadTotal', () => {
	test('gives what rounding leaves to the largest remainder, the earlier part first', () => {
		expect(spreadTotal(10, [1, 1, 1])).toEqual([4, 3, 3]);
		// 7 × 2/7 = 2, 7 × 5/7 = 5
		expect(spreadTotal(7, [2, 5])).toEqual([2, 5]);
		// 5 × 1/4 = 1.25, 5 × 3/4 = 3.75
		expect(spreadTotal(5, [1, 3])).toEqual([1, 4]);
	});

	test('gives nothing to a weight of 0', () => {
		expect(spreadTotal(3, [0, 2])).toEqual([0, 3]);
	});

	test('loses nothing', () => {
		const weights = fc
			.array(fc.nat(1_000_000), { minLength: 1, maxLength: 10 })
			.filter((all) => all.some((w) => w > 0));
		fc.assert(
			fc.property(fc.nat(10_000_000), weights, (total, all) => {
				expect(spreadTotal(total, all).reduce((sum, part) => sum + part, 0)).toBe(total);
			}),
		);
	});
});
