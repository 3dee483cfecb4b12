import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { comparePosts, type ReadMedia } from '../../src/insight/compare-posts.ts';
import type { Insight } from '../../src/insight/insight.ts';

type Numbers = Readonly<Record<string, number | null>>;

function post(id: string, timestamp: string | undefined, numbers: Numbers): ReadMedia {
	const insights = Object.entries(numbers).map(
		([metric, value]): Insight =>
			value === null ? { shape: 'absent', metric, reason: 'before-conversion' } : { shape: 'total', metric, value },
	);
	return { media: timestamp === undefined ? { id } : { id, timestamp }, insights };
}

const RANGE = { since: '2026-11-08', until: '2026-11-14' };

/** Worked out by hand. Pacific midnight is 08:00 UTC in this week, and 07:00 UTC on 1 November, before the clocks go back. */
// biome-ignore format: a table reads by columns
const POSTS = [
	post('before', '2026-11-01T06:59:59+0000', { views: 9999, likes: 9999, reach: 9999, reels_skip_rate: 99 }),
	post('e',      '2026-11-01T07:00:00+0000', { views: 150,  likes: 0,    reach: 80,   reels_skip_rate: 40 }),
	post('f',      '2026-11-08T07:59:59+0000', { views: 50,   likes: 0,    reach: 20 }),
	post('a',      '2026-11-08T08:00:00+0000', { views: 100,  likes: 4,    reach: 50,   reels_skip_rate: 30 }),
	post('b',      '2026-11-10T20:00:00+0000', { views: 300,  likes: 6,    reach: 70,   reels_skip_rate: 45 }),
	post('c',      '2026-11-12T20:00:00+0000', { views: 200,  likes: null, reach: 60 }),
	post('d',      '2026-11-15T07:59:59+0000', { views: null, likes: 8,    reach: 40 }),
	post('after',  '2026-11-15T08:00:00+0000', { views: 9999, likes: 9999, reach: 9999, reels_skip_rate: 99 }),
	post('undated', undefined,                 { views: 9999, likes: 9999, reach: 9999, reels_skip_rate: 99 }),
];

function table(posts: readonly ReadMedia[], metrics: readonly string[]) {
	return comparePosts(posts, { ...RANGE, metrics }).map((row) => [
		row.metric,
		row.statistic,
		row.current,
		row.previous,
		row.change,
		row.changePercent,
		row.posts,
		row.previousPosts,
	]);
}

describe('comparePosts', () => {
	test('compares count, total, average and median with those of the days before', () => {
		// biome-ignore format: a table reads by columns
		expect(table(POSTS, ['views', 'likes', 'reach', 'reels_skip_rate'])).toEqual([
			['posts',           'count',   4,    2,    2,    100,   4, 2],
			['views',           'total',   600,  200,  400,  200,   3, 2],
			['views',           'average', 200,  100,  100,  100,   3, 2],
			['views',           'median',  200,  100,  100,  100,   3, 2],
			['likes',           'total',   18,   0,    18,   null,  3, 2],
			['likes',           'average', 6,    0,    6,    null,  3, 2],
			['likes',           'median',  6,    0,    6,    null,  3, 2],
			['reach',           'total',   null, null, null, null,  4, 2],
			['reach',           'average', 55,   50,   5,    10,    4, 2],
			['reach',           'median',  55,   50,   5,    10,    4, 2],
			['reels_skip_rate', 'total',   null, null, null, null,  2, 1],
			['reels_skip_rate', 'average', 37.5, 40,   -2.5, -6.25, 2, 1],
			['reels_skip_rate', 'median',  37.5, 40,   -2.5, -6.25, 2, 1],
		]);
	});

	test('names both periods in each row', () => {
		const periods = {
			since: '2026-11-08',
			until: '2026-11-14',
			previousSince: '2026-11-01',
			previousUntil: '2026-11-07',
		};
		for (const row of comparePosts(POSTS, { ...RANGE, metrics: ['views'] })) expect(row).toMatchObject(periods);
	});

	// biome-ignore format: a table reads by columns
	test.each([
		['sameDaysPreviousMonth', '2026-10-08', '2026-10-14'],
		['previousMonth',         '2026-10-01', '2026-10-31'],
		['previousQuarter',       '2026-07-01', '2026-09-30'],
		['previousYear',          '2025-11-08', '2025-11-14'],
	] as const)('compares with %s', (compareWith, previousSince, previousUntil) => {
		const first = post('old', `${previousSince}T20:00:00+0000`, { views: 80 });
		const [count, total] = comparePosts([...POSTS, first], { ...RANGE, metrics: ['views'], compareWith });
		expect(count).toMatchObject({ previousSince, previousUntil, current: 4 });
		expect(total).toMatchObject({ current: 600, previousSince, previousUntil });
		expect(comparePosts([first], { ...RANGE, metrics: [], compareWith })[0]?.previous).toBe(1);
	});

	test('returns 0 posts and no numbers for a period without posts', () => {
		const [count, total] = comparePosts(POSTS.slice(3, 7), { ...RANGE, metrics: ['views'] });
		expect(count).toMatchObject({ current: 4, previous: 0, change: 4, changePercent: null });
		expect(count).not.toHaveProperty('reason');
		expect(total).toMatchObject({
			current: 600,
			previous: null,
			change: null,
			reason: 'no-data',
			message: 'No posts from 2026-11-01 to 2026-11-07.',
		});
	});

	test('returns the reason that all posts share', () => {
		const posts = [
			post('a', '2026-11-09T20:00:00+0000', { views: null }),
			post('b', '2026-11-10T20:00:00+0000', { views: null }),
		];
		expect(comparePosts(posts, { ...RANGE, metrics: ['views'] })[2]).toMatchObject({
			statistic: 'average',
			current: null,
			posts: 0,
			reason: 'before-conversion',
			message: 'No post from 2026-11-08 to 2026-11-14 has a number for views.',
		});
	});

	// biome-ignore format: a table reads by columns
	test.each([
		['views', true], ['ig_reels_video_view_total_time', true], ['boosted_views', true],
		['reach', false], ['ig_reels_avg_watch_time', false], ['engagement_rate', false], ['metric_of_tomorrow', false],
	])('adds up %s: %s', (metric, adds) => {
		const posts = [post('a', '2026-11-09T20:00:00+0000', { [metric]: 2 }), post('b', '2026-11-10T20:00:00+0000', { [metric]: 4 })];
		const [, total, average] = comparePosts(posts, { ...RANGE, metrics: [metric] });
		expect(total?.current).toBe(adds ? 6 : null);
		expect(total?.reason).toBe(adds ? 'no-data' : 'not-additive');
		expect(average?.current).toBe(3);
	});

	test('returns the same rows for posts in any order, and for repeated posts', () => {
		const expected = comparePosts(POSTS, { ...RANGE, metrics: ['views', 'reach'] });
		fc.assert(
			fc.property(fc.shuffledSubarray(POSTS, { minLength: POSTS.length }), fc.subarray(POSTS), (shuffled, again) => {
				expect(comparePosts([...shuffled, ...again], { ...RANGE, metrics: ['views', 'reach'] })).toEqual(expected);
			}),
		);
	});

	test('returns a total of average times posts, and a median between minimum and maximum', () => {
		const values = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 30 });
		fc.assert(
			fc.property(values, (views) => {
				const posts = views.map((value, index) => post(String(index), '2026-11-09T20:00:00+0000', { views: value }));
				const [, total, average, middle] = comparePosts(posts, { ...RANGE, metrics: ['views'] });
				expect(total?.current).toBeCloseTo((average?.current ?? Number.NaN) * views.length, 3);
				expect(middle?.current).toBeGreaterThanOrEqual(Math.min(...views));
				expect(middle?.current).toBeLessThanOrEqual(Math.max(...views));
			}),
		);
	});
});
