import { describe, expect, test } from 'vitest';
import type { Insight } from '../../src/insight/insight.ts';
import { toRows, unitOf } from '../../src/insight/to-rows.ts';

const accountId = '17841400000000001';
const mediaId = '18000000000000001';
const plain = { dimension: null, bucket: null, date: null };

describe('toRows', () => {
	test('writes a total as one row with its unit', () => {
		expect(toRows([{ shape: 'total', metric: 'reach', value: 763 }], { mediaId })).toEqual([
			{ mediaId, metric: 'reach', ...plain, value: 763, unit: 'people' },
		]);
		const watched: Insight = { shape: 'total', metric: 'ig_reels_avg_watch_time', value: 7312 };
		expect(toRows([watched], { mediaId })[0]).toMatchObject({ value: 7312, unit: 'milliseconds' });
	});

	test('writes a missing number as one row with the reason', () => {
		expect(toRows([{ shape: 'absent', metric: 'views', reason: 'before-conversion' }], { mediaId })).toEqual([
			{ mediaId, metric: 'views', ...plain, value: null, unit: 'count', reason: 'before-conversion' },
		]);
	});

	test('writes a series as one row per day, with the reason if a day has no number', () => {
		const endTime = '2026-11-21T08:00:00+0000';
		const points = [
			{ date: '2026-11-20', endTime, value: 12 },
			{ date: '2026-11-21', endTime: '2026-11-22T08:00:00+0000', value: null, reason: 'no-data' as const },
		];
		expect(toRows([{ shape: 'series', metric: 'follower_count', points }], { accountId })).toEqual([
			{ accountId, metric: 'follower_count', ...plain, date: '2026-11-20', endTime, value: 12, unit: 'count' },
			{
				accountId,
				metric: 'follower_count',
				...plain,
				date: '2026-11-21',
				endTime: '2026-11-22T08:00:00+0000',
				value: null,
				unit: 'count',
				reason: 'no-data',
			},
		]);
	});

	test('writes a breakdown as its total, then its buckets in order', () => {
		const bucket = (name: string, value: number) => ({
			dimension: 'follow_type',
			bucket: name,
			value,
			dimensions: ['follow_type'],
			buckets: [name],
		});
		const buckets = [bucket('FOLLOWER', 228), bucket('NON_FOLLOWER', 257)];
		expect(toRows([{ shape: 'breakdown', metric: 'views', value: 485, buckets }], { accountId })).toEqual([
			{ accountId, metric: 'views', ...plain, value: 485, unit: 'count' },
			{
				accountId,
				metric: 'views',
				dimension: 'follow_type',
				bucket: 'FOLLOWER',
				date: null,
				value: 228,
				unit: 'count',
			},
			{
				accountId,
				metric: 'views',
				dimension: 'follow_type',
				bucket: 'NON_FOLLOWER',
				date: null,
				value: 257,
				unit: 'count',
			},
		]);
		expect(toRows([{ shape: 'breakdown', metric: 'views', value: null, buckets }], { accountId })).toHaveLength(2);
	});

	test('writes the total of a metric once, however many breakdowns were requested', () => {
		const by = (dimension: string, name: string, value: number, total = 485): Insight => ({
			shape: 'breakdown',
			metric: 'views',
			value: total,
			buckets: [{ dimension, bucket: name, value, dimensions: [dimension], buckets: [name] }],
		});
		const values = (insights: readonly Insight[]) =>
			toRows(insights, { accountId }).map(({ dimension, value }) => [dimension, value]);
		expect(values([by('follow_type', 'FOLLOWER', 228), by('media_product_type', 'POST', 400)])).toEqual([
			[null, 485],
			['follow_type', 228],
			['media_product_type', 400],
		]);
		// Two that differ are both reported.
		expect(values([by('follow_type', 'FOLLOWER', 228), by('media_product_type', 'POST', 400, 486)])).toHaveLength(4);
	});

	test('writes hours as one row per hour, and a day without hours as one row with the reason', () => {
		const endTime = '2026-11-21T08:00:00+0000';
		const points = [
			{
				date: '2026-11-20',
				endTime,
				hours: [
					{ hour: 0, value: 159 },
					{ hour: 23, value: 201 },
				],
			},
			{ date: '2026-11-21', endTime: '2026-11-22T08:00:00+0000', hours: [] },
		];
		const rows = toRows([{ shape: 'hours', metric: 'online_followers', points }], { accountId });
		expect(rows.map(({ dimension, bucket, date, value, reason }) => [dimension, bucket, date, value, reason])).toEqual([
			['hour', '0', '2026-11-20', 159, undefined],
			['hour', '23', '2026-11-20', 201, undefined],
			['hour', null, '2026-11-21', null, 'no-data'],
		]);
	});

	test('keeps the order of the insights', () => {
		const insights: Insight[] = [
			{ shape: 'total', metric: 'views', value: 2 },
			{ shape: 'absent', metric: 'reach', reason: 'no-data' },
			{ shape: 'total', metric: 'likes', value: 1 },
		];
		expect(toRows(insights, { mediaId }).map((row) => row.metric)).toEqual(['views', 'reach', 'likes']);
	});
});

describe('unitOf', () => {
	test('is the unit of the metric at its level', () => {
		expect(unitOf('accounts_engaged', 'account')).toBe('people');
		expect(unitOf('reels_skip_rate', 'media')).toBe('percent');
	});

	test('is a count for unknown names', () => {
		expect(unitOf('metric_of_tomorrow', 'account')).toBe('count');
		expect(unitOf('reels_skip_rate', 'account')).toBe('count');
	});
});
