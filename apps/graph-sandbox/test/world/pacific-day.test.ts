import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	addDays,
	daysBetween,
	daysFrom,
	endOfDay,
	graphTime,
	pacificDay,
	startOfDay,
} from '../../src/world/pacific-day.ts';

const day = fc.integer({ min: 0, max: 2_500 }).map((count) => addDays('2023-01-01', count));

describe('startOfDay', () => {
	test('is 08:00Z in winter and 07:00Z in summer', () => {
		expect(graphTime(startOfDay('2026-01-15'))).toBe('2026-01-15T08:00:00+0000');
		expect(graphTime(startOfDay('2026-07-15'))).toBe('2026-07-15T07:00:00+0000');
	});

	test('knows the days of 23 and of 25 hours', () => {
		expect(endOfDay('2026-03-08') - startOfDay('2026-03-08')).toBe(23 * 3_600_000);
		expect(endOfDay('2026-11-01') - startOfDay('2026-11-01')).toBe(25 * 3_600_000);
	});

	test('is the first instant of its day', () => {
		fc.assert(
			fc.property(day, (one) => {
				expect(pacificDay(new Date(startOfDay(one)))).toBe(one);
				expect(pacificDay(new Date(startOfDay(one) - 1))).toBe(addDays(one, -1));
			}),
		);
	});
});

describe('daysFrom', () => {
	test('leaves the last day out and has no gap', () => {
		expect(daysFrom('2026-10-31', '2026-11-03')).toEqual(['2026-10-31', '2026-11-01', '2026-11-02']);
		expect(daysFrom('2026-11-03', '2026-11-03')).toEqual([]);
	});

	test('has as many days as lie between', () => {
		fc.assert(
			fc.property(day, fc.nat(800), (since, count) => {
				expect(daysBetween(since, addDays(since, count))).toBe(count);
				expect(daysFrom(since, addDays(since, count))).toHaveLength(count);
			}),
		);
	});
});
