import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../src/query/calendar-day.ts';
import {
	COMPARE_WITH,
	comparedRange,
	DATE_RANGE_PRESETS,
	presetDaysBack,
	resolveDateRange,
	usualComparison,
} from '../../src/query/date-range.ts';

// 22:30 on 23 November in California, already the 24th in UTC.
const now = new Date('2026-11-24T06:30:00Z');

describe('resolveDateRange', () => {
	test.each([
		['last7Days', '2026-11-16', '2026-11-22'],
		['last14Days', '2026-11-09', '2026-11-22'],
		['last28Days', '2026-10-26', '2026-11-22'],
		['last30Days', '2026-10-24', '2026-11-22'],
		['last90Days', '2026-08-25', '2026-11-22'],
		['thisMonth', '2026-11-01', '2026-11-23'],
		['lastMonth', '2026-10-01', '2026-10-31'],
	] as const)('%s runs from %s to %s', (preset, since, until) => {
		expect(resolveDateRange(preset, now)).toEqual({ since, until });
	});

	test.each([
		// 06:30 UTC on 1 December is 30 November in California, 1 December in Lisbon and Tokyo.
		['Europe/Lisbon', '2026-12-01T06:30:00Z', 'lastMonth', '2026-11-01', '2026-11-30'],
		['Asia/Tokyo', '2026-12-01T06:30:00Z', 'lastMonth', '2026-11-01', '2026-11-30'],
		['America/Los_Angeles', '2026-12-01T06:30:00Z', 'lastMonth', '2026-10-01', '2026-10-31'],
		// The month has begun in Tokyo and not yet in California.
		['Asia/Tokyo', '2026-12-01T06:30:00Z', 'thisMonth', '2026-12-01', '2026-12-01'],
		['Asia/Tokyo', '2026-12-02T06:30:00Z', 'thisMonth', '2026-12-01', '2026-12-01'],
		['Asia/Tokyo', '2026-12-03T06:30:00Z', 'thisMonth', '2026-12-01', '2026-12-02'],
		// 08:30 UTC on 1 December is 1 December in California and 30 November in Honolulu.
		['Pacific/Honolulu', '2026-12-01T08:30:00Z', 'thisMonth', '2026-11-01', '2026-11-30'],
		['Pacific/Honolulu', '2026-12-01T08:30:00Z', 'lastMonth', '2026-10-01', '2026-10-31'],
		// Days that are over in California.
		['Asia/Tokyo', '2026-12-01T06:30:00Z', 'last7Days', '2026-11-23', '2026-11-29'],
		['Pacific/Honolulu', '2026-12-01T08:30:00Z', 'last7Days', '2026-11-24', '2026-11-30'],
		// An hour after the clocks of Lisbon changed, and an hour before those of California do.
		['Europe/Lisbon', '2026-03-29T01:30:00Z', 'thisMonth', '2026-03-01', '2026-03-28'],
		['Asia/Tokyo', '2026-11-01T08:30:00Z', 'lastMonth', '2026-10-01', '2026-10-31'],
		// The new year in Auckland, seen on the last morning of the old one in California.
		['Pacific/Auckland', '2026-12-31T12:00:00Z', 'lastMonth', '2026-12-01', '2026-12-31'],
	] as const)('in %s at %s %s runs from %s to %s', (timeZone, at, preset, since, until) => {
		expect(resolveDateRange(preset, new Date(at), timeZone)).toEqual({ since, until });
	});

	test('refuses a time zone that does not exist', () => {
		expect(() => resolveDateRange('thisMonth', now, 'Europe/Atlantis')).toThrow(RangeError);
	});

	test('lastMonth in January is December of the year before', () => {
		expect(resolveDateRange('lastMonth', new Date('2027-01-15T12:00:00Z'))).toEqual({
			since: '2026-12-01',
			until: '2026-12-31',
		});
	});
});

describe('presetDaysBack', () => {
	test.each(DATE_RANGE_PRESETS)(
		'is the furthest that %s reaches back on any day of a leap year and the next',
		(preset) => {
			const furthest = Array.from({ length: 731 }, (_, index) => {
				const today = addDays('2028-01-01', index);
				const { since } = resolveDateRange(preset, new Date(`${today}T20:00:00Z`));
				return (Date.parse(today) - Date.parse(since)) / 86_400_000;
			});
			expect(Math.max(...furthest)).toBe(presetDaysBack(preset));
		},
	);
});

describe('comparedRange', () => {
	test.each([
		['previousPeriod', '2026-11-16', '2026-11-22', '2026-11-09', '2026-11-15'],
		['previousPeriod', '2026-11-01', '2026-11-26', '2026-10-06', '2026-10-31'],
		['sameDaysPreviousMonth', '2026-11-01', '2026-11-26', '2026-10-01', '2026-10-26'],
		['sameDaysPreviousMonth', '2026-03-01', '2026-03-31', '2026-02-01', '2026-02-28'],
		['sameDaysPreviousMonth', '2028-03-30', '2028-03-31', '2028-02-29', '2028-02-29'],
		['sameDaysPreviousMonth', '2026-01-05', '2026-01-07', '2025-12-05', '2025-12-07'],
		['previousMonth', '2026-10-01', '2026-10-31', '2026-09-01', '2026-09-30'],
		['previousMonth', '2026-03-01', '2026-03-31', '2026-02-01', '2026-02-28'],
		['previousMonth', '2026-01-10', '2026-02-05', '2025-12-01', '2025-12-31'],
		['previousYear', '2026-11-01', '2026-11-26', '2025-11-01', '2025-11-26'],
		['previousYear', '2028-02-29', '2028-03-01', '2027-02-28', '2027-03-01'],
	] as const)('%s of %s to %s is %s to %s', (compareWith, since, until, earlierSince, earlierUntil) => {
		expect(comparedRange({ since, until }, compareWith)).toEqual({ since: earlierSince, until: earlierUntil });
	});

	test.each(COMPARE_WITH)('%s ends before the range begins, unless it is longer than a month', (compareWith) => {
		const days = fc.integer({ min: 0, max: 27 });
		const first = fc.integer({ min: 0, max: 3000 }).map((count) => addDays('2024-01-01', count));
		fc.assert(
			fc.property(first, days, (since, count) => {
				const range = { since, until: addDays(since, count) };
				const earlier = comparedRange(range, compareWith);
				expect(earlier.since <= earlier.until).toBe(true);
				expect(earlier.until < range.until).toBe(true);
				if (compareWith === 'previousPeriod') expect(addDays(earlier.until, 1)).toBe(since);
			}),
		);
	});
});

describe('usualComparison', () => {
	test.each([
		['thisMonth', 'sameDaysPreviousMonth'],
		['lastMonth', 'previousMonth'],
		['last28Days', 'previousPeriod'],
	] as const)('of %s is %s', (preset, compareWith) => {
		expect(usualComparison(preset)).toBe(compareWith);
	});
});
