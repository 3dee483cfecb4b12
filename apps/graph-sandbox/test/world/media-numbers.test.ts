import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MEDIA_METRIC_RULES } from '../../src/answer/metric-rules.ts';
import { createWorld } from '../../src/world/world.ts';
import { NOON } from '../ask.ts';

const world = createWorld({}, 'sandbox', () => NOON);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('mediaNumbers', () => {
	const large = world.account('large');
	const medium = fc.integer({ min: 0, max: 2_399 }).map((index) => {
		const media = large.media()[index];
		if (media === undefined) throw new Error(`no media ${index}`);
		return media;
	});
	const value = (media: Parameters<typeof large.mediaMetric>[0], metric: string) =>
		large.mediaMetric(media, metric) ?? Number.NaN;

	test('interactions add up, views are at least the reach, totals at least the organic numbers', () => {
		fc.assert(
			fc.property(medium, (media) => {
				const parts = ['likes', 'comments', 'saved', 'shares', 'reposts', 'replies'];
				expect(value(media, 'total_interactions')).toBe(sum(parts.map((part) => value(media, part))));
				expect(value(media, 'views')).toBeGreaterThanOrEqual(value(media, 'reach'));
				expect(value(media, 'total_views')).toBeGreaterThanOrEqual(value(media, 'views'));
				expect(value(media, 'total_likes')).toBeGreaterThanOrEqual(value(media, 'likes'));
			}),
		);
	});

	test('total watch time is the average times the views', () => {
		fc.assert(
			fc.property(medium, (media) => {
				expect(value(media, 'ig_reels_video_view_total_time')).toBe(
					value(media, 'ig_reels_avg_watch_time') * value(media, 'views'),
				);
			}),
		);
	});

	test('the buckets of every metric that takes a breakdown add up to it', () => {
		const divided = Object.entries(MEDIA_METRIC_RULES).filter(([, { breakdown }]) => breakdown !== undefined);
		expect(divided.length).toBeGreaterThan(1);
		const anyMetric = fc.constantFrom(...divided.map(([name]) => name));
		fc.assert(
			fc.property(medium, anyMetric, (media, metric) => {
				expect(sum(large.mediaRows(media, metric).map((row) => row.value))).toBe(value(media, metric));
			}),
		);
	});

	test('the skip rate is a percentage with one decimal', () => {
		fc.assert(
			fc.property(medium, (media) => {
				const rate = value(media, 'reels_skip_rate');
				expect(rate).toBeGreaterThanOrEqual(0);
				expect(rate).toBeLessThanOrEqual(100);
				expect(Math.round(rate * 10) / 10).toBe(rate);
			}),
		);
	});

	test('does not change while time passes', () => {
		const media = large.media()[0];
		const later = createWorld({}, 'sandbox', () => new Date(NOON.getTime() + 40 * 86_400_000)).account('large');
		const same = media === undefined ? undefined : later.findMedia(media.id);
		if (media === undefined || same === undefined) throw new Error('the post has gone');
		expect(later.mediaMetric(same, 'reach')).toBe(large.mediaMetric(media, 'reach'));
	});
});
