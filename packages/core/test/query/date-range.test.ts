import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, countDays } from '../../src/query/calendar-day.ts';
import {
	COMPARE_WITH,
	type CompareWith,
	comparedRange,
	DATE_RANGE_PRESETS,
	type DateRangePreset,
	presetDaysBack,
	resolveDateRange,
	SAFE_WINDOW_SECONDS,
	splitWindow,
	usualComparison,
	windowSeconds,
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
		['yesterday', '2026-11-22', '2026-11-22'],
		// The 23rd of November 2026 is a Monday.
		['lastWeek', '2026-11-16', '2026-11-22'],
		['lastQuarter', '2026-07-01', '2026-09-30'],
		['last12Months', '2025-11-23', '2026-11-22'],
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
		// Sunday in California, Monday in Tokyo.
		['America/Los_Angeles', '2026-11-23T06:30:00Z', 'lastWeek', '2026-11-09', '2026-11-15'],
		['Asia/Tokyo', '2026-11-23T06:30:00Z', 'lastWeek', '2026-11-16', '2026-11-22'],
		['Europe/Lisbon', '2027-01-02T12:00:00Z', 'lastWeek', '2026-12-21', '2026-12-27'],
		['Europe/Lisbon', '2027-03-31T12:00:00Z', 'lastQuarter', '2026-10-01', '2026-12-31'],
		['Europe/Lisbon', '2026-04-01T12:00:00Z', 'lastQuarter', '2026-01-01', '2026-03-31'],
		// The day before is 29 February.
		['Europe/Lisbon', '2028-03-01T20:00:00Z', 'last12Months', '2027-03-01', '2028-02-29'],
		['Asia/Tokyo', '2026-12-01T06:30:00Z', 'yesterday', '2026-11-29', '2026-11-29'],
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

describe('DATE_RANGE_PRESETS', () => {
	test('are in the order of their length', () => {
		const days = DATE_RANGE_PRESETS.map((preset) => {
			const { since, until } = resolveDateRange(preset, new Date('2026-08-31T20:00:00Z'));
			return countDays(since, until);
		});
		expect(days).toEqual(days.toSorted((a, b) => a - b));
	});
});

describe('presetDaysBack', () => {
	test.each(DATE_RANGE_PRESETS)(
		'is the most days that %s reaches back on any day of a leap year and the next',
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
		['previousQuarter', '2026-07-01', '2026-09-30', '2026-04-01', '2026-06-30'],
		['previousQuarter', '2026-02-10', '2026-02-20', '2025-10-01', '2025-12-31'],
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
		['lastQuarter', 'previousQuarter'],
		['last12Months', 'previousYear'],
		['lastWeek', 'previousPeriod'],
		['yesterday', 'previousPeriod'],
		['last28Days', 'previousPeriod'],
	] as const)('of %s is %s', (preset, compareWith) => {
		expect(usualComparison(preset)).toBe(compareWith);
	});
});

const facebookCap = 2_592_000;
const anyRange = fc
	.tuple(fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 0, max: 728 }))
	.map(([start, length]) => ({ since: addDays('2024-01-01', start), until: addDays('2024-01-01', start + length) }));
const anyCap = fc.oneof(fc.constant(facebookCap), fc.integer({ min: 90_000, max: 200 * 86_400 }));

describe('splitWindow', () => {
	test('keeps a window of exactly 30 days whole', () => {
		expect(SAFE_WINDOW_SECONDS).toBe(facebookCap);
		expect(splitWindow({ since: '2026-06-01', until: '2026-06-30' }, facebookCap)).toEqual([
			{ since: '2026-06-01', until: '2026-06-30' },
		]);
	});

	test('puts the 31st day into its own window', () => {
		expect(splitWindow({ since: '2026-07-01', until: '2026-07-31' }, facebookCap)).toEqual([
			{ since: '2026-07-01', until: '2026-07-30' },
			{ since: '2026-07-31', until: '2026-07-31' },
		]);
	});

	test('fits 29 days over the autumn clock change, because one of them has 25 hours', () => {
		// 2026-10-15 to 2026-11-13 is 30 days but 2,595,600 seconds.
		expect(splitWindow({ since: '2026-10-15', until: '2026-11-13' }, facebookCap)).toEqual([
			{ since: '2026-10-15', until: '2026-11-12' },
			{ since: '2026-11-13', until: '2026-11-13' },
		]);
	});

	test('fits 30 days over the spring clock change, and no 31st', () => {
		expect(splitWindow({ since: '2026-03-01', until: '2026-03-31' }, facebookCap)).toEqual([
			{ since: '2026-03-01', until: '2026-03-30' },
			{ since: '2026-03-31', until: '2026-03-31' },
		]);
	});

	test('splits 90 days into three windows, or four over the autumn clock change', () => {
		expect(splitWindow({ since: '2026-05-01', until: '2026-07-29' }, facebookCap)).toHaveLength(3);
		expect(splitWindow({ since: '2026-08-25', until: '2026-11-22' }, facebookCap)).toHaveLength(4);
	});

	test('does not split a range if the host has no limit', () => {
		expect(splitWindow({ since: '2024-11-25', until: '2026-11-22' }, null)).toEqual([
			{ since: '2024-11-25', until: '2026-11-22' },
		]);
	});

	test('refuses a range that ends before it begins', () => {
		expect(() => splitWindow({ since: '2026-11-22', until: '2026-11-21' }, null)).toThrow(RangeError);
	});

	test('refuses a limit shorter than a day', () => {
		expect(() => splitWindow({ since: '2026-11-22', until: '2026-11-23' }, 3600)).toThrow(RangeError);
	});

	test('covers the whole range without gap or overlap, within the limit', () => {
		fc.assert(
			fc.property(anyRange, anyCap, (range, cap) => {
				const windows = splitWindow(range, cap);
				expect(windows.at(0)?.since).toBe(range.since);
				expect(windows.at(-1)?.until).toBe(range.until);
				for (const [index, window] of windows.entries()) {
					expect(countDays(window.since, window.until)).toBeGreaterThan(0);
					const seconds = windowSeconds(window);
					expect(seconds.until - seconds.since).toBeLessThanOrEqual(cap);
					const next = windows[index + 1];
					if (next) {
						expect(next.since).toBe(addDays(window.until, 1));
						expect(windowSeconds(next).since).toBe(seconds.until);
					}
				}
			}),
		);
	});

	test('makes each window as long as possible', () => {
		fc.assert(
			fc.property(anyRange, (range) => {
				for (const window of splitWindow(range, facebookCap).slice(0, -1)) {
					const longer = windowSeconds({ since: window.since, until: addDays(window.until, 1) });
					expect(longer.until - longer.since).toBeGreaterThan(facebookCap);
				}
			}),
		);
	});
});

describe('windowSeconds', () => {
	test('runs from the Pacific midnight before the first day to the one after the last', () => {
		expect(windowSeconds({ since: '2026-11-01', until: '2026-11-01' })).toEqual({
			since: Date.UTC(2026, 10, 1, 7) / 1000,
			until: Date.UTC(2026, 10, 2, 8) / 1000,
		});
	});
});

describe('a range that does not exist', () => {
	test('is refused by name', () => {
		const unknown = 'lastDecade' as DateRangePreset & CompareWith;
		const day = { since: '2026-06-01', until: '2026-06-01' };
		expect(() => resolveDateRange(unknown, now)).toThrow(/"lastDecade" is not a date range: yesterday/);
		expect(() => comparedRange(day, unknown)).toThrow(/"lastDecade" is not a range to compare with: previousPeriod/);
	});
});
