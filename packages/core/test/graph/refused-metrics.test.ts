import { describe, expect, test } from 'vitest';
import { refusedMetrics } from '../../src/graph/refused-metrics.ts';

describe('refusedMetrics', () => {
	test.each([
		['(#100) The Media Insights API does not support the views metric for this media product type.', ['views']],
		[
			'(#100) The following metrics (profile_views, website_clicks) should be specified with parameter metric_type=total_value',
			['profile_views', 'website_clicks'],
		],
		[
			'(#100) (follower_count) metric only supports querying data for the last 30 days excluding the current day',
			['follower_count'],
		],
		[
			'(#100) Starting from version v22.0 and above, the impressions metric is no longer supported for the queried media.',
			['impressions'],
		],
		['(#100) The requested periods (week) are incompatible with the metric reach', ['reach']],
	])('finds the names in "%s"', (message, names) => {
		expect(refusedMetrics(message).names).toEqual(names);
	});

	test('finds the place of an unknown metric and the names that would do', () => {
		expect(
			refusedMetrics(
				'(#100) metric[2] must be one of the following values: impressions, reach, ig_reels_avg_watch_time',
			),
		).toEqual({
			names: [],
			index: 2,
			allowed: ['impressions', 'reach', 'ig_reels_avg_watch_time'],
		});
	});

	test('finds nothing in a refusal about something else', () => {
		expect(refusedMetrics('(#10) Not enough viewers for the media to show insights')).toEqual({
			names: [],
			index: null,
			allowed: [],
		});
	});
});
