import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, countDays } from '../../src/query/calendar-day.ts';
import { SAFE_WINDOW_SECONDS, splitWindow, windowSeconds } from '../../src/query/split-window.ts';

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

	test('gives the 31st day a window of its own', () => {
		expect(splitWindow({ since: '2026-07-01', until: '2026-07-31' }, facebookCap)).toEqual([
			{ since: '2026-07-01', until: '2026-07-30' },
			{ since: '2026-07-31', until: '2026-07-31' },
		]);
	});

	test('holds 29 days over the autumn clock change, because one of them has 25 hours', () => {
		// 2026-10-15 to 2026-11-13 is 30 days but 2,595,600 seconds.
		expect(splitWindow({ since: '2026-10-15', until: '2026-11-13' }, facebookCap)).toEqual([
			{ since: '2026-10-15', until: '2026-11-12' },
			{ since: '2026-11-13', until: '2026-11-13' },
		]);
	});

	test('holds 30 days over the spring clock change: the hour saved does not make room for a 31st', () => {
		expect(splitWindow({ since: '2026-03-01', until: '2026-03-31' }, facebookCap)).toEqual([
			{ since: '2026-03-01', until: '2026-03-30' },
			{ since: '2026-03-31', until: '2026-03-31' },
		]);
	});

	test('asks 90 days in three windows, four when the autumn change lies within', () => {
		expect(splitWindow({ since: '2026-05-01', until: '2026-07-29' }, facebookCap)).toHaveLength(3);
		expect(splitWindow({ since: '2026-08-25', until: '2026-11-22' }, facebookCap)).toHaveLength(4);
	});

	test('leaves the range whole where the host has no cap', () => {
		expect(splitWindow({ since: '2024-11-25', until: '2026-11-22' }, null)).toEqual([
			{ since: '2024-11-25', until: '2026-11-22' },
		]);
	});

	test('refuses a range that is upside down', () => {
		expect(() => splitWindow({ since: '2026-11-22', until: '2026-11-21' }, null)).toThrow(RangeError);
	});

	test('refuses a cap that cannot hold a day', () => {
		expect(() => splitWindow({ since: '2026-11-22', until: '2026-11-23' }, 3600)).toThrow(RangeError);
	});

	test('covers the whole range without gap or overlap and never passes the cap', () => {
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

	test('makes no window that could have taken one more day', () => {
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
