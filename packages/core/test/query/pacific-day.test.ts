import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../src/query/calendar-day.ts';
import { pacificDay, pacificMidnight } from '../../src/query/pacific-day.ts';

const anyDay = fc.integer({ min: 0, max: 365 * 30 }).map((days) => addDays('2010-01-01', days));

describe('pacificMidnight', () => {
	test('is 07:00 UTC in summer and 08:00 UTC in winter', () => {
		expect(pacificMidnight('2026-07-01').toISOString()).toBe('2026-07-01T07:00:00.000Z');
		expect(pacificMidnight('2026-12-01').toISOString()).toBe('2026-12-01T08:00:00.000Z');
	});

	test('follows the spring change of 8 March 2026', () => {
		expect(pacificMidnight('2026-03-08').toISOString()).toBe('2026-03-08T08:00:00.000Z');
		expect(pacificMidnight('2026-03-09').toISOString()).toBe('2026-03-09T07:00:00.000Z');
	});

	test('follows the autumn change of 1 November 2026', () => {
		expect(pacificMidnight('2026-11-01').toISOString()).toBe('2026-11-01T07:00:00.000Z');
		expect(pacificMidnight('2026-11-02').toISOString()).toBe('2026-11-02T08:00:00.000Z');
	});

	test('opens exactly the day it names', () => {
		fc.assert(
			fc.property(anyDay, (day) => {
				const midnight = pacificMidnight(day);
				expect(pacificDay(midnight)).toBe(day);
				expect(pacificDay(new Date(midnight.getTime() - 1))).toBe(addDays(day, -1));
			}),
		);
	});
});

describe('pacificDay', () => {
	test('is still yesterday in California while Europe has breakfast', () => {
		expect(pacificDay(new Date('2026-11-23T06:30:00Z'))).toBe('2026-11-22');
		expect(pacificDay(new Date('2026-11-23T08:00:00Z'))).toBe('2026-11-23');
	});
});
