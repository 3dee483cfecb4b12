import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joinWindows } from '../../../src/client/account/account-totals.ts';
import type { Insight } from '../../../src/insight/insight.ts';

const june = { since: '2026-06-01', until: '2026-06-30' };
const july = { since: '2026-07-01', until: '2026-07-30' };
const total = (metric: string, value: number): Insight => ({ shape: 'total', metric, value });
const absent = (metric: string): Insight => ({ shape: 'absent', metric, reason: 'no-data' });
const buckets = (metric: string, value: number | null, counts: Record<string, number>): Insight => ({
	shape: 'breakdown',
	metric,
	value,
	buckets: Object.entries(counts).map(([bucket, count]) => ({
		dimension: 'follow_type',
		bucket,
		value: count,
		dimensions: ['follow_type'],
		buckets: [bucket],
	})),
});

describe('joinWindows', () => {
	test('does not change the answer of a single window', () => {
		const insight = total('reach', 7);
		expect(joinWindows('reach', [{ ...june, insight }])).toEqual(insight);
	});

	test('adds up additive metrics', () => {
		const parts = [
			{ ...june, insight: total('views', 100) },
			{ ...july, insight: total('views', 23) },
		];
		expect(joinWindows('views', parts)).toEqual(total('views', 123));
	});

	test.each(['reach', 'accounts_engaged', 'a_metric_of_tomorrow'])('never adds up %s', (metric) => {
		const parts = [
			{ ...june, insight: total(metric, 100) },
			{ ...july, insight: total(metric, 23) },
		];
		const message = expect.stringContaining(metric.endsWith('tomorrow') ? 'It is not known' : 'people') as string;
		expect(joinWindows(metric, parts)).toMatchObject({ shape: 'absent', reason: 'not-additive', message });
	});

	test('adds up buckets of the same name, and keeps those that one window lacks', () => {
		const parts = [
			{ ...june, insight: buckets('views', 30, { FOLLOWER: 10, NON_FOLLOWER: 20 }) },
			{ ...july, insight: buckets('views', 6, { NON_FOLLOWER: 5, UNKNOWN: 1 }) },
		];
		expect(joinWindows('views', parts)).toEqual(buckets('views', 36, { FOLLOWER: 10, NON_FOLLOWER: 25, UNKNOWN: 1 }));
	});

	test('returns buckets without a total if a window had no total', () => {
		const parts = [
			{ ...june, insight: buckets('follows_and_unfollows', null, { FOLLOWER: 10 }) },
			{ ...july, insight: buckets('follows_and_unfollows', null, { FOLLOWER: 5 }) },
		];
		expect(joinWindows('follows_and_unfollows', parts)).toEqual(
			buckets('follows_and_unfollows', null, { FOLLOWER: 15 }),
		);
	});

	test('returns only a total if one window had a number and no buckets', () => {
		const parts = [
			{ ...june, insight: total('views', 100) },
			{ ...july, insight: buckets('views', 50, { REEL: 50 }) },
		];
		expect(joinWindows('views', parts)).toEqual(total('views', 150));
		// A window of nothing lacks nothing.
		const nothing = { ...june, insight: total('views', 0) };
		expect(joinWindows('views', [nothing, ...parts.slice(1)])).toEqual(buckets('views', 50, { REEL: 50 }));
	});

	test('returns no number if a window has none, and says which', () => {
		const parts = [
			{ ...june, insight: absent('views') },
			{ ...july, insight: total('views', 23) },
		];
		expect(joinWindows('views', parts)).toMatchObject({
			shape: 'absent',
			reason: 'no-data',
			message: 'There is no number for 2026-06-01 to 2026-06-30, so there is none for the date range.',
		});
	});

	test('allows a missing window among the days Meta has not counted yet', () => {
		const parts = [
			{ ...june, insight: total('views', 23) },
			{ since: '2026-07-01', until: '2026-07-01', insight: absent('views') },
		];
		expect(joinWindows('views', parts, ({ since }) => since >= '2026-07-01')).toEqual(total('views', 23));
		expect(joinWindows('views', parts, ({ since }) => since > '2026-07-01')).toMatchObject({ shape: 'absent' });
	});

	describe('with the days of new followers', () => {
		const week = { since: '2026-06-01', until: '2026-06-03' };
		const series = (days: Record<string, number | null>): Insight => ({
			shape: 'series',
			metric: 'follower_count',
			points: Object.entries(days).map(([date, value]) => ({ date, endTime: 'x', value })),
		});
		const whole = { '2026-06-01': 3, '2026-06-02': 4, '2026-06-03': 5 };

		test('adds them to a total', () => {
			expect(joinWindows('follower_count', [{ ...week, insight: series(whole) }])).toEqual(total('follower_count', 12));
		});

		test.each([
			['has no number', { ...whole, '2026-06-02': null }],
			['is missing', { '2026-06-01': 3, '2026-06-03': 5 }],
		])('returns no total if a day %s, and says which', (_, days) => {
			const message = 'There is no number for 2026-06-02, so there is none for the date range.';
			expect(joinWindows('follower_count', [{ ...week, insight: series(days) }])).toMatchObject({
				shape: 'absent',
				reason: 'no-data',
				message,
			});
		});

		test('ignores days outside the window', () => {
			const more = { '2026-05-31': 100, ...whole, '2026-06-04': 1000 };
			expect(joinWindows('follower_count', [{ ...week, insight: series(more) }])).toEqual(total('follower_count', 12));
		});

		test('never returns a wrong sum, whatever days are missing, extra, repeated or out of order', () => {
			const windows = [
				{ since: '2026-06-01', until: '2026-06-04' },
				{ since: '2026-06-05', until: '2026-06-06' },
			];
			// Each day has a number of its own weight: any other set of days adds up to something else than 63.
			const weights = [
				['2026-05-31', 64],
				['2026-06-01', 1],
				['2026-06-02', 2],
				['2026-06-03', 4],
				['2026-06-04', 8],
				['2026-06-05', 16],
				['2026-06-06', 32],
				['2026-06-07', 128],
			] as const;
			const points = fc.array(fc.constantFrom(...weights), { maxLength: 16 });
			const everyDay = fc.shuffledSubarray([...weights], { minLength: 6 });
			fc.assert(
				fc.property(fc.oneof(points, everyDay), (sent) => {
					const insight: Insight = {
						shape: 'series',
						metric: 'follower_count',
						points: sent.map(([date, value]) => ({ date, endTime: 'x', value })),
					};
					const joined = joinWindows(
						'follower_count',
						windows.map((window) => ({ ...window, insight })),
					);
					const once = weights.slice(1, 7).every((weight) => sent.filter((one) => one === weight).length === 1);
					if (once) expect(joined).toEqual(total('follower_count', 63));
					else expect(joined).toMatchObject({ shape: 'absent', reason: 'no-data' });
				}),
				{ numRuns: 500 },
			);
		});
	});
});
