import { describe, expect, test } from 'vitest';
import { commonMediaMetrics, mediaMetricSet } from '../../src/catalog/media-metric-set.ts';

describe('commonMediaMetrics', () => {
	test('names what posts, albums and reels answer in one request', () => {
		// The set measured on images, albums and reels in one matrix (S08).
		expect(commonMediaMetrics('graph.instagram.com').sort()).toEqual(
			['comments', 'likes', 'reach', 'reposts', 'saved', 'shares', 'total_interactions', 'views'].sort(),
		);
	});

	test('adds the totals with ads on the Facebook host', () => {
		expect(commonMediaMetrics('graph.facebook.com')).toEqual(expect.arrayContaining(['total_likes', 'total_comments']));
	});
});

describe('mediaMetricSet', () => {
	test('leaves out what can take the others down', () => {
		for (const product of ['FEED', 'REELS', 'STORY'] as const) {
			expect(mediaMetricSet('graph.facebook.com', product)).not.toContain('facebook_views');
		}
	});
});
