import { describe, expect, test } from 'vitest';
import { InsightsAnswer } from '../../src/graph/insights-answer.ts';
import { readAnswer } from '../../src/graph/read-answer.ts';
import { type Asked, closingDay, readInsights } from '../../src/insight/read-insights.ts';
import { answer } from '../graph/answers.ts';

function read(file: string, metrics: string[], asked: Omit<Asked, 'metrics'> = {}) {
	const { data } = readAnswer(answer(`insights/${file}.json`), InsightsAnswer, { what: file });
	return readInsights(data.data, { metrics, ...asked });
}

describe('readInsights', () => {
	test('reads the first example of Meta’s guide: three metrics, two days each', () => {
		const days = (value: number) => [
			{ date: '2018-01-10', endTime: '2018-01-11T08:00:00+0000', value },
			{ date: '2018-01-11', endTime: '2018-01-12T08:00:00+0000', value },
		];
		expect(read('guide-account-three-series', ['impressions', 'reach', 'profile_views'])).toEqual([
			{ shape: 'series', metric: 'impressions', points: days(32) },
			{ shape: 'series', metric: 'reach', points: days(12) },
			{ shape: 'series', metric: 'profile_views', points: days(15) },
		]);
	});

	test('reads the second example of Meta’s guide: three lifetime numbers of a media item', () => {
		expect(read('guide-media-three-totals', ['engagement', 'impressions', 'reach'])).toEqual([
			{ shape: 'total', metric: 'engagement', value: 8 },
			{ shape: 'total', metric: 'impressions', value: 13 },
			{ shape: 'total', metric: 'reach', value: 13 },
		]);
	});

	test('reads a series', () => {
		expect(read('series-reach', ['reach'])).toEqual([
			{
				shape: 'series',
				metric: 'reach',
				points: [
					{ date: '2026-11-19', endTime: '2026-11-20T08:00:00+0000', value: 812 },
					{ date: '2026-11-20', endTime: '2026-11-21T08:00:00+0000', value: 790 },
				],
			},
		]);
	});

	test('returns a reason, not 0, for a day that is not processed yet', () => {
		expect(read('series-day-not-processed', ['follower_count'])[0]).toMatchObject({
			points: [{ value: 12 }, { date: '2026-11-21', value: null, reason: 'no-data' }],
		});
	});

	test.each([
		['series-clock-change-autumn', ['2026-10-31', '2026-11-01', '2026-11-02']],
		['series-clock-change-spring', ['2026-03-07', '2026-03-08']],
	])('labels days across %s', (file, dates) => {
		const [insight] = read(file, ['reach']);
		expect(insight?.shape === 'series' && insight.points.map((point) => point.date)).toEqual(dates);
	});

	test('reads a total, and a zero that Meta gave as 0', () => {
		expect(read('total-reach', ['reach'])).toEqual([{ shape: 'total', metric: 'reach', value: 6742 }]);
		expect(read('totals-several', ['likes', 'views', 'saves'])).toEqual([
			{ shape: 'total', metric: 'likes', value: 0 },
			{ shape: 'total', metric: 'views', value: 48213 },
			{ shape: 'total', metric: 'saves', value: 371 },
		]);
	});

	test('reads a breakdown with its total', () => {
		expect(read('breakdown-follow-type', ['views'], { withBreakdown: true })).toEqual([
			{
				shape: 'breakdown',
				metric: 'views',
				value: 485,
				buckets: [
					{
						dimension: 'follow_type',
						bucket: 'FOLLOWER',
						value: 228,
						dimensions: ['follow_type'],
						buckets: ['FOLLOWER'],
					},
					{
						dimension: 'follow_type',
						bucket: 'NON_FOLLOWER',
						value: 257,
						dimensions: ['follow_type'],
						buckets: ['NON_FOLLOWER'],
					},
				],
			},
		]);
	});

	test('keeps a total without results, and finds no data if both are missing', () => {
		expect(read('breakdown-results-missing', ['views', 'profile_links_taps'], { withBreakdown: true })).toEqual([
			{ shape: 'breakdown', metric: 'views', value: 0, buckets: [] },
			{ shape: 'absent', metric: 'profile_links_taps', reason: 'no-data' },
		]);
	});

	test('joins the names of two dimensions in their order', () => {
		const [insight] = read('breakdown-two-dimensions', ['views'], { withBreakdown: true });
		expect(insight).toMatchObject({
			value: 100,
			buckets: [
				{
					dimension: 'follow_type,media_product_type',
					bucket: 'FOLLOWER,POST',
					value: 40,
					buckets: ['FOLLOWER', 'POST'],
				},
				{ bucket: 'NON_FOLLOWER,REEL', value: 55, dimensions: ['follow_type', 'media_product_type'] },
			],
		});
	});

	test('reads buckets without a total', () => {
		expect(read('breakdown-without-total', ['follows_and_unfollows'], { withBreakdown: true })[0]).toMatchObject({
			shape: 'breakdown',
			value: null,
			buckets: [
				{ bucket: 'FOLLOWER', value: 267 },
				{ bucket: 'NON_FOLLOWER', value: 53 },
			],
		});
	});

	test.each(['breakdown-not-asked', 'breakdown-not-asked-empty-total'])('says that %s needs a breakdown', (file) => {
		const absent = { shape: 'absent', metric: 'follows_and_unfollows' };
		expect(read(file, ['follows_and_unfollows'])).toEqual([{ ...absent, reason: 'needs-breakdown' }]);
		expect(read(file, ['follows_and_unfollows'], { withBreakdown: true })).toEqual([{ ...absent, reason: 'no-data' }]);
	});

	test.each([
		[
			'demographics-with-timeframe',
			'engaged_audience_demographics',
			'country',
			[
				['US', 7],
				['ES', 3],
			],
		],
		[
			'demographics-last-90-days',
			'follower_demographics',
			'gender',
			[
				['F', 61],
				['M', 39],
			],
		],
	] as const)('drops the timeframe that comes first in %s', (file, metric, dimension, buckets) => {
		expect(read(file, [metric], { withBreakdown: true })[0]).toMatchObject({
			value: null,
			buckets: buckets.map(([bucket, value]) => ({
				dimension,
				bucket,
				value,
				dimensions: [dimension],
				buckets: [bucket],
			})),
		});
	});

	test('reads demographics without a timeframe, and cities with a comma as one bucket', () => {
		expect(read('demographics-age-gender', ['follower_demographics'], { withBreakdown: true })[0]).toMatchObject({
			buckets: [
				{ dimension: 'age,gender', buckets: ['18-24', 'F'], value: 120 },
				{ value: 80 },
				{ buckets: ['25-34', 'U'] },
			],
		});
		expect(read('demographics-city-with-comma', ['follower_demographics'], { withBreakdown: true })[0]).toMatchObject({
			buckets: [{ dimension: 'city', bucket: 'Berlin, Berlin', buckets: ['Berlin, Berlin'] }, { value: 31 }],
		});
	});

	test('reads hours in order and keeps a day without any', () => {
		expect(read('hours', ['online_followers'])).toEqual([
			{
				shape: 'hours',
				metric: 'online_followers',
				points: [
					{
						date: '2026-11-20',
						endTime: '2026-11-21T08:00:00+0000',
						hours: [
							{ hour: 0, value: 159 },
							{ hour: 1, value: 157 },
							{ hour: 23, value: 201 },
						],
					},
					{ date: '2026-11-21', endTime: '2026-11-22T08:00:00+0000', hours: [] },
				],
			},
		]);
	});

	test('finds no data if every map of hours is empty', () => {
		expect(read('hours-all-empty', ['online_followers'])).toEqual([
			{ shape: 'absent', metric: 'online_followers', reason: 'no-data' },
		]);
	});

	test('reads the lifetime number of a media item, with or without decimals', () => {
		expect(read('media-plain', ['reach'])).toEqual([{ shape: 'total', metric: 'reach', value: 763 }]);
		expect(read('media-skip-rate', ['reels_skip_rate'])[0]).toEqual({
			shape: 'total',
			metric: 'reels_skip_rate',
			value: 48.4,
		});
	});

	test('reads the total of a media breakdown once, and buckets as sent', () => {
		expect(read('media-values-and-total', ['navigation'], { withBreakdown: true })[0]).toMatchObject({
			shape: 'breakdown',
			value: 25,
			buckets: [
				{ bucket: 'tap_forward', value: 19 },
				{ bucket: 'tap_back' },
				{ bucket: 'tap_exit' },
				{ bucket: 'swipe_forward' },
			],
		});
	});

	test('returns no-data for every requested metric without an answer', () => {
		expect(read('empty', ['reach', 'views'])).toEqual([
			{ shape: 'absent', metric: 'reach', reason: 'no-data' },
			{ shape: 'absent', metric: 'views', reason: 'no-data' },
		]);
	});

	test('keeps the requested order, with other metrics last and each metric once', () => {
		const metrics = read('totals-several', ['saves', 'reach', 'saves']).map((insight) => insight.metric);
		expect(metrics).toEqual(['saves', 'reach', 'views', 'likes']);
	});

	test('reports numbers without a day as unreadable, not as missing', () => {
		const items = [{ name: 'reach', values: [{ value: 1 }, { value: 2 }] }];
		expect(readInsights(items, { metrics: ['reach'] })).toEqual([
			{
				shape: 'absent',
				metric: 'reach',
				reason: 'failed',
				message: "Instagram's value could not be read (values without a day)",
			},
		]);
	});

	test('leaves out a bucket without a value', () => {
		const breakdowns = [
			{ dimension_keys: ['age'], results: [{ dimension_values: ['18-24'] }, { dimension_values: ['65+'], value: 2 }] },
		];
		const [insight] = readInsights([{ name: 'x', total_value: { breakdowns } }], { metrics: ['x'] });
		expect(insight).toMatchObject({ shape: 'breakdown', buckets: [{ bucket: '65+', value: 2 }] });
	});
});

describe('closingDay', () => {
	test.each([
		['2018-01-11T08:00:00+0000', '2018-01-10'],
		['2026-07-02T07:00:00+0000', '2026-07-01'],
		['2026-07-02T07:00:00Z', '2026-07-01'],
		['2026-07-02T00:00:00-0700', '2026-07-01'],
		['2026-07-02T00:00:01-07:00', '2026-07-02'],
		['2026-01-01T08:00:00.000+0000', '2025-12-31'],
	])('is the Pacific day that ends at %s', (endTime, day) => {
		expect(closingDay(endTime)).toBe(day);
	});

	test.each(['', '2026-07-02', 'yesterday', '2026-13-40T08:00:00+0000'])('is null for "%s"', (endTime) => {
		expect(closingDay(endTime)).toBeNull();
	});
});
