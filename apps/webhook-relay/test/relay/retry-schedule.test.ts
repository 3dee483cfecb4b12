import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_RETRY, nextDelay } from '../../src/relay/rules.ts';

const schedule = { delaysMs: [1000, 5000], jitter: 0.2 };

describe('nextDelay', () => {
	test('goes through the schedule and then gives up', () => {
		const delays = [1, 2, 3].map((attempts) => nextDelay(schedule, attempts, { random: 0 }));
		expect(delays).toEqual([1000, 5000, null]);
	});

	test('only ever lengthens a wait by chance', () => {
		fc.assert(
			fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (random) => {
				const delay = nextDelay(schedule, 1, { random });
				expect(delay).toBeGreaterThanOrEqual(1000);
				expect(delay).toBeLessThanOrEqual(1200);
			}),
		);
	});

	test('waits as long as asked when that is longer, up to a day', () => {
		expect(nextDelay(schedule, 1, { random: 0, retryAfterMs: 30_000 })).toBe(30_000);
		expect(nextDelay(schedule, 1, { random: 0, retryAfterMs: 10 })).toBe(1000);
		expect(nextDelay(schedule, 1, { random: 0, retryAfterMs: 10 ** 12 })).toBe(86_400_000);
	});

	test('covers at least three days by default, with the luckiest jitter', () => {
		const sum = DEFAULT_RETRY.delaysMs.reduce((total, delay) => total + delay, 0);
		expect(sum).toBeGreaterThanOrEqual(3 * 86_400_000);
	});

	test('tries a starting n8n again several times in its first minute', () => {
		const [first = 0, second = 0, third = 0] = DEFAULT_RETRY.delaysMs;
		expect(first + second + third).toBeLessThanOrEqual(60_000);
	});
});
