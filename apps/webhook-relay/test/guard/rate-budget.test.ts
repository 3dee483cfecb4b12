import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextTokenAt, refill } from '../../src/guard/limits.ts';

describe('refill', () => {
	test('starts full and never grows beyond one second', () => {
		expect(refill(null, 5, 1000)).toEqual({ tokens: 5, at: 1000 });
		expect(refill({ tokens: 4, at: 0 }, 5, 60_000)).toEqual({ tokens: 5, at: 60_000 });
	});

	test('holds one request even below one a second', () => {
		expect(refill(null, 0.5, 0).tokens).toBe(1);
		expect(refill({ tokens: 0, at: 0 }, 0.5, 1000)).toEqual({ tokens: 0.5, at: 1000 });
	});

	test('gains nothing from a clock that was set back', () => {
		expect(refill({ tokens: 1, at: 5000 }, 5, 1000)).toEqual({ tokens: 1, at: 5000 });
	});

	test('lets through no more than the rate over any stretch of time', () => {
		const steps = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 200 });
		fc.assert(
			fc.property(fc.double({ min: 0.1, max: 50, noNaN: true }), steps, (rate, waits) => {
				let [budget, now, taken] = [refill(null, rate, 0), 0, 0];
				for (const wait of waits) {
					now += wait;
					budget = refill(budget, rate, now);
					const take = Math.floor(budget.tokens);
					budget = { ...budget, tokens: budget.tokens - take };
					taken += take;
				}
				expect(taken).toBeLessThanOrEqual(Math.max(1, rate) + (now / 1000) * rate + 1e-6);
			}),
		);
	});
});

describe('nextTokenAt', () => {
	test('says when a whole request is there', () => {
		expect(nextTokenAt({ tokens: 0, at: 1000 }, 2)).toBe(1500);
		expect(nextTokenAt({ tokens: 0.5, at: 1000 }, 2)).toBe(1250);
		expect(nextTokenAt({ tokens: 3, at: 1000 }, 2)).toBe(1000);
	});
});
