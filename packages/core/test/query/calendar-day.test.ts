import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, countDays, isDay, listDays, pacificDay, pacificMidnight } from '../../src/query/calendar-day.ts';

describe('isDay', () => {
	test.each(['2026-02-28', '2028-02-29', '0001-01-01', '9999-12-31'])('accepts %s as a day', (text) => {
		expect(isDay(text)).toBe(true);
	});

	test.each([
		'2026-02-29',
		'2026-13-01',
		'2026-00-10',
		'2026-1-5',
		'26-01-05',
		'',
		'yesterday',
		'2026-01-05T00:00:00Z',
	])('refuses "%s" as a day', (text) => {
		expect(isDay(text)).toBe(false);
	});
});

describe('addDays', () => {
	test('crosses month ends and leap days', () => {
		expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
		expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
		expect(addDays('2026-03-01', -1)).toBe('2026-02-28');
	});

	test('refuses a day that does not exist', () => {
		expect(() => addDays('2026-02-30', 1)).toThrow(RangeError);
	});
});

describe('countDays', () => {
	test('counts both ends', () => {
		expect(countDays('2026-11-01', '2026-11-01')).toBe(1);
		expect(countDays('2026-10-25', '2026-11-23')).toBe(30);
	});

	test('is 0 or less if the range ends before it begins', () => {
		expect(countDays('2026-11-02', '2026-11-01')).toBe(0);
	});
});

describe('listDays', () => {
	test('lists every day in time order', () => {
		expect(listDays('2026-10-31', '2026-11-02')).toEqual(['2026-10-31', '2026-11-01', '2026-11-02']);
	});

	test('lists nothing if the range ends before it begins', () => {
		expect(listDays('2026-11-02', '2026-11-01')).toEqual([]);
	});
});

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

	test('begins exactly the day it names', () => {
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
	test('is the day before in California on a European morning', () => {
		expect(pacificDay(new Date('2026-11-23T06:30:00Z'))).toBe('2026-11-22');
		expect(pacificDay(new Date('2026-11-23T08:00:00Z'))).toBe('2026-11-23');
	});
});
