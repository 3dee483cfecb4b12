import type { Bucket } from '@instagram-insights/core/internal';
import { describe, expect, test } from 'vitest';
import {
	bucketRows,
	comparisonRow,
	dailyRows,
	hourRows,
	totalRow,
} from '../../../nodes/InstagramInsights/output/accountRows';

const endTime = '2026-11-02T08:00:00+0000';

describe('dailyRows', () => {
	test('returns the metrics of a day in one row, oldest day first', () => {
		const rows = dailyRows(
			['reach', 'follower_count'],
			[
				{
					shape: 'series',
					metric: 'reach',
					points: [
						{ date: '2026-11-02', endTime, value: 790 },
						{ date: '2026-11-01', endTime, value: 812 },
					],
				},
				{
					shape: 'series',
					metric: 'follower_count',
					points: [
						{ date: '2026-11-01', endTime, value: 0 },
						{ date: '2026-11-02', endTime, value: null, reason: 'no-data' },
					],
				},
			],
			{ since: '2026-11-01', until: '2026-11-02' },
		);
		expect(rows).toEqual([
			{ date: '2026-11-01', reach: 812, new_followers: 0, unavailable: '' },
			{ date: '2026-11-02', reach: 790, new_followers: null, unavailable: 'new_followers: no-data' },
		]);
	});

	test('has a row for a day that Instagram left out', () => {
		const series = { shape: 'series', metric: 'reach', points: [] } as const;
		expect(dailyRows(['reach'], [series], { since: '2026-10-31', until: '2026-11-01' })).toEqual([
			{ date: '2026-10-31', reach: null, unavailable: 'reach: no-data' },
			{ date: '2026-11-01', reach: null, unavailable: 'reach: no-data' },
		]);
	});

	test('says for every day why a metric has no series', () => {
		const absent = { shape: 'absent', metric: 'follower_count', reason: 'too-few-followers' } as const;
		expect(dailyRows(['follower_count'], [absent], { since: '2026-11-01', until: '2026-11-01' })).toEqual([
			{ date: '2026-11-01', new_followers: null, unavailable: 'new_followers: too-few-followers' },
		]);
	});
});

describe('totalRow', () => {
	test('has the days first, then every requested metric', () => {
		const range = { since: '2026-11-01', until: '2026-11-07' };
		const row = totalRow(['reach', 'views'], [{ shape: 'total', metric: 'views', value: 3 }], range);
		expect(Object.entries(row)).toEqual([
			['since', '2026-11-01'],
			['until', '2026-11-07'],
			['reach', null],
			['views', 3],
			['unavailable', 'reach: no-data'],
		]);
	});
});

describe('bucketRows', () => {
	const bucket = (name: string, value: number): Bucket => ({
		dimension: 'follow_type',
		bucket: name,
		value,
		dimensions: ['follow_type'],
		buckets: [name],
	});

	test('returns a row per bucket: value names it, count is its number', () => {
		const buckets = [bucket('FOLLOWER', 228), bucket('NON_FOLLOWER', 0)];
		const views = { shape: 'breakdown', metric: 'views', value: 485, buckets } as const;
		const row = { since: '2026-11-01', metric: 'views', dimension: 'follow_type', unavailable: '' };
		expect(bucketRows([views], 'follow_type', { since: '2026-11-01' })).toEqual([
			{ ...row, value: 'FOLLOWER', count: 228 },
			{ ...row, value: 'NON_FOLLOWER', count: 0 },
		]);
	});

	test('keeps a metric without buckets, with the reason, under the same columns', () => {
		const rows = bucketRows(
			[
				{ shape: 'absent', metric: 'reach', reason: 'not-additive' },
				{ shape: 'breakdown', metric: 'views', value: null, buckets: [] },
				{ shape: 'breakdown', metric: 'likes', value: 1, buckets: [bucket('FOLLOWER', 1)] },
			],
			'follow_type',
			{ mediaId: '18' },
		);
		const empty = { mediaId: '18', dimension: 'follow_type', value: null, count: null };
		expect(rows.slice(0, 2)).toEqual([
			{ ...empty, metric: 'reach', unavailable: 'reach: not-additive' },
			{ ...empty, metric: 'views', unavailable: 'views: no-data' },
		]);
		expect(new Set(rows.map((row) => Object.keys(row).join()))).toHaveLength(1);
	});
});

describe('hourRows', () => {
	test('has a row for each hour, and one with the reason for a day without', () => {
		const points = [
			{ date: '2026-11-01', endTime, hours: [{ hour: 0, value: 12 }] },
			{ date: '2026-11-02', endTime, hours: [] },
		];
		expect(hourRows([{ shape: 'hours', metric: 'online_followers', points }])).toEqual([
			{ date: '2026-11-01', hour: 0, timezone: 'not known', online_followers: 12, unavailable: '' },
			{
				date: '2026-11-02',
				hour: null,
				timezone: 'not known',
				online_followers: null,
				unavailable: 'online_followers: no-data',
			},
		]);
	});

	test('has one row with the reason if no day has hours', () => {
		const absent = { shape: 'absent', metric: 'online_followers', reason: 'no-data' } as const;
		expect(hourRows([absent])).toEqual([
			{
				date: null,
				hour: null,
				timezone: 'not known',
				online_followers: null,
				unavailable: 'online_followers: no-data',
			},
		]);
	});
});

describe('comparisonRow', () => {
	test('has the days of both periods before the numbers', () => {
		const days = {
			since: '2026-11-08',
			until: '2026-11-14',
			previousSince: '2026-11-01',
			previousUntil: '2026-11-07',
		};
		const numbers = { current: null, previous: 4, change: null, changePercent: null };
		const row = comparisonRow({ metric: 'reach', ...numbers, reason: 'not-additive', ...days });
		expect(Object.entries(row)).toEqual([
			['metric', 'reach'],
			...Object.entries(days),
			...Object.entries(numbers),
			['unavailable', 'reach: not-additive'],
		]);
	});
});
