import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	COMPUTED_ACCOUNT_METRICS,
	COMPUTED_MEDIA_METRICS,
	COMPUTED_STORY_METRICS,
	formulaInputs,
} from '../../src/catalog/computed-metric.ts';
import { compareWithMedian, computeMetrics } from '../../src/insight/compute-metrics.ts';
import type { AbsentReason, Insight } from '../../src/insight/insight.ts';

const total = (metric: string, value: number): Insight => ({ shape: 'total', metric, value });
const absent = (metric: string, reason: AbsentReason): Insight => ({ shape: 'absent', metric, reason });
const totals = (numbers: Readonly<Record<string, number>>) =>
	Object.entries(numbers).map(([metric, value]) => total(metric, value));

/** Worked out on paper. */
// biome-ignore format: a table reads by columns
const MEDIA_CASES: [name: string, inputs: Record<string, number>, value: number][] = [
	['engagement_rate',              { total_interactions: 150, reach: 1200 },         0.125],
	['engagement_rate_by_followers', { total_interactions: 150, followers_count: 6000 }, 0.025],
	['engagement_rate_by_views',     { total_interactions: 150, views: 2000 },         0.075],
	['views_per_person',             { views: 1800, reach: 1200 },                     1.5],
	['save_rate',                    { saved: 30, reach: 1200 },                       0.025],
	['share_rate',                   { shares: 60, reach: 1200 },                      0.05],
	['comment_rate',                 { comments: 12, reach: 1200 },                    0.01],
	['follow_rate',                  { follows: 3, reach: 1200 },                      0.0025],
	['hold_rate',                    { reels_skip_rate: 37.5 },                        0.625],
	['boosted_views',                { total_views: 5000, views: 1800 },               3200],
	['boosted_likes',                { total_likes: 90, likes: 80 },                   10],
	['boosted_comments',             { total_comments: 7, comments: 7 },               0],
];

// biome-ignore format: a table reads by columns
const ACCOUNT_CASES: [name: string, inputs: Record<string, number>, value: number][] = [
	['engagement_rate',              { total_interactions: 900, reach: 7200 },           0.125],
	['engagement_rate_by_followers', { total_interactions: 900, followers_count: 4800 }, 0.1875],
	['engagement_rate_by_views',     { total_interactions: 900, views: 18000 },          0.05],
	['views_per_person',             { views: 18000, reach: 7200 },                      2.5],
	['non_follower_share',           { non_follower_reach: 1800, reach: 7200 },          0.25],
	['followers_count',              { followers_count: 4812 },                          4812],
	['follower_growth',              { followers_gained: 120, followers_lost: 150 },     -30],
	['follower_growth_rate',         { follower_growth: -30, followers_before: 4800 },   -0.00625],
	['posts',                        { posts_published: 6 },                             6],
	['interactions_per_post',        { interactions_of_posts: 750, posts_published: 6 }, 125],
	['views_per_post',               { views_of_posts: 9000, posts_published: 6 },       1500],
];

const parts = (value: number | null, buckets: Readonly<Record<string, number>>): Insight => ({
	shape: 'breakdown',
	metric: 'navigation',
	value,
	buckets: Object.entries(buckets).map(([bucket, count]) => {
		const dimension = 'story_navigation_action_type';
		return { dimension, bucket, value: count, dimensions: [dimension], buckets: [bucket] };
	}),
});

/** The steps of Meta's own sample, lower case as there; worked out on paper for 40 views. */
const STEPS = parts(25, { tap_forward: 19, tap_back: 4, tap_exit: 1, swipe_forward: 1 });
// biome-ignore format: a table reads by columns
const STORY_CASES: [name: string, value: number][] = [
	['taps_forward',    19],
	['taps_back',       4],
	['swipes_forward',  1],
	['exits',           1],
	['completion_rate', 0.975],
	['exit_rate',       0.025],
];

describe('computeMetrics', () => {
	test.each(STORY_CASES)('computes %s of a story', (name, value) => {
		expect(computeMetrics([name], COMPUTED_STORY_METRICS, [STEPS, total('views', 40)])).toEqual([total(name, value)]);
	});

	test('reads a missing bucket as 0 only if the others add up to the total', () => {
		const exits = (navigation: Insight) => computeMetrics(['exits'], COMPUTED_STORY_METRICS, [navigation]);
		expect(exits(parts(23, { tap_forward: 19, tap_back: 4 }))).toEqual([total('exits', 0)]);
		expect(exits(parts(0, {}))).toEqual([total('exits', 0)]);
		expect(exits(parts(24, { tap_forward: 19, tap_back: 4 }))).toMatchObject([{ shape: 'absent', reason: 'no-data' }]);
		expect(exits(parts(null, { tap_forward: 19 }))).toMatchObject([{ shape: 'absent', reason: 'no-data' }]);
	});

	test('returns no story steps without their breakdown, and the reason if it was refused', () => {
		const rates = (navigation: Insight) =>
			computeMetrics(['taps_back', 'completion_rate'], COMPUTED_STORY_METRICS, [navigation, total('views', 40)]);
		expect(rates(total('navigation', 25))).toMatchObject([{ reason: 'no-data' }, { reason: 'no-data' }]);
		expect(rates(absent('navigation', 'too-few-viewers'))).toMatchObject([
			{ reason: 'too-few-viewers' },
			{ reason: 'too-few-viewers' },
		]);
	});

	test.each(MEDIA_CASES)('computes %s of a post', (name, inputs, value) => {
		expect(computeMetrics([name], COMPUTED_MEDIA_METRICS, totals(inputs))).toEqual([total(name, value)]);
	});

	test.each(ACCOUNT_CASES)('computes %s of an account', (name, inputs, value) => {
		expect(computeMetrics([name], COMPUTED_ACCOUNT_METRICS, totals(inputs))).toEqual([total(name, value)]);
	});

	test('has a case for every row', () => {
		expect(MEDIA_CASES.map(([name]) => name)).toEqual(Object.keys(COMPUTED_MEDIA_METRICS));
		expect(ACCOUNT_CASES.map(([name]) => name)).toEqual(Object.keys(COMPUTED_ACCOUNT_METRICS));
		const ofStories = Object.keys(COMPUTED_STORY_METRICS).filter((name) => !(name in COMPUTED_MEDIA_METRICS));
		expect(STORY_CASES.map(([name]) => name)).toEqual(ofStories);
	});

	test('never divides by 0', () => {
		const insights = totals({ saved: 0, reach: 0 });
		expect(computeMetrics(['save_rate'], COMPUTED_MEDIA_METRICS, insights)).toEqual([
			{ shape: 'absent', metric: 'save_rate', reason: 'zero-divisor', message: 'reach is 0.' },
		]);
	});

	test('returns no rate of a reach that cannot be added up', () => {
		const insights = [total('total_interactions', 900), absent('reach', 'not-additive')];
		expect(computeMetrics(['engagement_rate'], COMPUTED_ACCOUNT_METRICS, insights)).toMatchObject([
			{ shape: 'absent', reason: 'not-additive' },
		]);
	});

	test('reads 0 interactions as 0', () => {
		const insights = totals({ total_interactions: 0, reach: 10 });
		expect(computeMetrics(['engagement_rate'], COMPUTED_MEDIA_METRICS, insights)).toEqual([
			total('engagement_rate', 0),
		]);
	});

	test('returns no number with a missing input, and the reason of that input (property)', () => {
		const rows = Object.entries(COMPUTED_MEDIA_METRICS);
		const reasons = fc.constantFrom<AbsentReason>('no-data', 'unsupported', 'before-conversion', 'failed');
		fc.assert(
			fc.property(
				fc.constantFrom(...rows),
				fc.array(fc.option(fc.nat(), { nil: null }), { minLength: 2, maxLength: 2 }),
				reasons,
				([name, { formula }], values, reason) => {
					const inputs = formulaInputs(formula);
					const insights = inputs.flatMap((metric, index): Insight[] => {
						const value = values[index];
						return value === null || value === undefined ? [absent(metric, reason)] : [total(metric, value)];
					});
					const [found] = computeMetrics([name], COMPUTED_MEDIA_METRICS, insights);
					const lacks = insights.some(({ shape }) => shape === 'absent');
					const divisor = formula.kind === 'ratio' ? values[1] : 1;
					if (lacks) expect(found).toMatchObject({ shape: 'absent', reason });
					else if (divisor === 0) expect(found).toMatchObject({ shape: 'absent', reason: 'zero-divisor' });
					else expect(found?.shape === 'total' && Number.isFinite(found.value)).toBe(true);
				},
			),
		);
	});
});

describe('a computed metric whose input is missing', () => {
	test("carries Meta's words", () => {
		const message = 'Words of tomorrow (code 100)';
		const reach: Insight = { shape: 'absent', metric: 'reach', reason: 'failed', message };
		expect(computeMetrics(['views_per_person'], COMPUTED_ACCOUNT_METRICS, [total('views', 5), reach])).toEqual([
			{ shape: 'absent', metric: 'views_per_person', reason: 'failed', message: `reach is missing: ${message}` },
		]);
	});
});

describe('compareWithMedian', () => {
	const reel = (...insights: Insight[]) => ({ kind: 'REELS', insights });
	const post = (...insights: Insight[]) => ({ kind: 'FEED', insights });

	test('compares each media item with its own kind', () => {
		const media = [
			reel(total('views', 100)),
			post(total('views', 10)),
			reel(total('views', 300)),
			post(total('views', 30)),
			reel(total('views', 200)),
		];
		const compared = compareWithMedian(media, ['views']);
		// The median of the reels is 200, that of the two posts 20.
		expect(compared.map(({ insights: [one] }) => one)).toEqual(
			[0.5, 0.5, 1.5, 1.5, 1].map((value) => total('views_vs_median', value)),
		);
		expect(compared.map(({ medianOf }) => medianOf)).toEqual([3, 2, 3, 2, 3]);
	});

	test('leaves out media without a number, and says why theirs is missing', () => {
		const compared = compareWithMedian(
			[reel(total('views', 4)), reel(absent('views', 'before-conversion'))],
			['views'],
		);
		expect(compared).toMatchObject([
			{ insights: [{ value: 1 }], medianOf: 1 },
			{ insights: [{ shape: 'absent', reason: 'before-conversion' }], medianOf: 1 },
		]);
	});

	test('does not divide by a median of 0', () => {
		const media = [post(total('saved', 0)), post(total('saved', 0)), post(total('saved', 5))];
		for (const { insights } of compareWithMedian(media, ['saved'])) {
			expect(insights).toMatchObject([{ metric: 'saved_vs_median', shape: 'absent', reason: 'zero-divisor' }]);
		}
	});

	test('counts the fewest numbers if metrics differ, and ignores a metric that the kind does not have', () => {
		const media = [
			reel(total('reach', 1), total('views', 1), absent('follows', 'unsupported')),
			reel(total('reach', 1), absent('views', 'no-data'), absent('follows', 'unsupported')),
		];
		expect(compareWithMedian(media, ['reach', 'views', 'follows']).map(({ medianOf }) => medianOf)).toEqual([1, 1]);
		expect(compareWithMedian([post()], ['reach'])[0]?.medianOf).toBe(0);
	});

	test('agrees with a median found by sorting (property)', () => {
		/** Half of the values are at or below it, half at or above: taken off from both ends. */
		const byHand = (values: readonly number[]): number => {
			const left = values.toSorted((a, b) => a - b);
			while (left.length > 2) {
				left.shift();
				left.pop();
			}
			return left.reduce((sum, value) => sum + value, 0) / left.length;
		};
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1 }), (values) => {
				const usual = byHand(values);
				const compared = compareWithMedian(
					values.map((value) => post(total('reach', value))),
					['reach'],
				);
				for (const [index, { insights, medianOf }] of compared.entries()) {
					expect(insights).toEqual([total('reach_vs_median', (values[index] ?? 0) / usual)]);
					expect(medianOf).toBe(values.length);
				}
			}),
		);
	});
});
