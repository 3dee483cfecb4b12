import { describe, expect, test } from 'vitest';
import { joinWindows } from '../../src/client/join-windows.ts';
import type { Insight } from '../../src/insight/insight.ts';

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
	test('leaves the answer of a single window as it is', () => {
		const insight = total('reach', 7);
		expect(joinWindows('reach', [{ ...june, insight }])).toEqual(insight);
	});

	test('adds up what may be added', () => {
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
		expect(joinWindows(metric, parts)).toMatchObject({ shape: 'absent', reason: 'not-additive' });
	});

	test('adds buckets of the same name, and keeps those that one window lacks', () => {
		const parts = [
			{ ...june, insight: buckets('views', 30, { FOLLOWER: 10, NON_FOLLOWER: 20 }) },
			{ ...july, insight: buckets('views', 6, { NON_FOLLOWER: 5, UNKNOWN: 1 }) },
		];
		expect(joinWindows('views', parts)).toEqual(buckets('views', 36, { FOLLOWER: 10, NON_FOLLOWER: 25, UNKNOWN: 1 }));
	});

	test('has no total beside the buckets where a window had none', () => {
		const parts = [
			{ ...june, insight: buckets('follows_and_unfollows', null, { FOLLOWER: 10 }) },
			{ ...july, insight: buckets('follows_and_unfollows', null, { FOLLOWER: 5 }) },
		];
		expect(joinWindows('follows_and_unfollows', parts)).toEqual(
			buckets('follows_and_unfollows', null, { FOLLOWER: 15 }),
		);
	});

	test('has no number for the range when a window has none, and says which', () => {
		const parts = [
			{ ...june, insight: absent('views') },
			{ ...july, insight: total('views', 23) },
		];
		expect(joinWindows('views', parts)).toMatchObject({
			shape: 'absent',
			reason: 'no-data',
			message: 'No number for 2026-06-01 to 2026-06-30, so none for the whole range.',
		});
	});

	test('bears a missing window among the days Meta has not yet counted', () => {
		const parts = [
			{ ...june, insight: total('views', 23) },
			{ since: '2026-07-01', until: '2026-07-01', insight: absent('views') },
		];
		expect(joinWindows('views', parts, ({ since }) => since >= '2026-07-01')).toEqual(total('views', 23));
		expect(joinWindows('views', parts, ({ since }) => since > '2026-07-01')).toMatchObject({ shape: 'absent' });
	});

	test('adds the days of new followers to a total, unless one is missing', () => {
		const series = (values: (number | null)[]): Insight => ({
			shape: 'series',
			metric: 'follower_count',
			points: values.map((value, day) => ({ date: `2026-06-0${day + 1}`, endTime: 'x', value })),
		});
		expect(joinWindows('follower_count', [{ ...june, insight: series([3, 4, 5]) }])).toEqual(
			total('follower_count', 12),
		);
		expect(joinWindows('follower_count', [{ ...june, insight: series([3, null, 5]) }])).toMatchObject({
			shape: 'absent',
			message: 'No number for 2026-06-02, so none for the whole range.',
		});
	});
});
