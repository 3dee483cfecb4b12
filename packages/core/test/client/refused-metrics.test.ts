import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MEDIA_METRICS } from '../../src/catalog/media-metric.ts';
import { refusedMetrics } from '../../src/client/narrow-refusal.ts';

const asked = ['reach', 'views', 'likes', 'profile_views', 'website_clicks', 'follower_count'];
const refusal = (message: string, userMessage?: string) => ({
	graph: { code: 100, status: 400, message, ...(userMessage === undefined ? {} : { userMessage }) },
});

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
		['(#100) The requested periods (week) are incompatible with the metric reach', ['reach']],
		['Metric "likes" cannot be asked of this object', ['likes']],
		['likes and views are gone', ['views', 'likes']],
		['The metrics likes and views are gone', ['views', 'likes']],
		['Insights [likes,reach] have left us', ['reach', 'likes']],
		['The views metric is no longer supported. Use the reach metric instead', ['views']],
		['The views metric is unknown. Supported metrics are: reach, likes', ['views']],
		['website_clicks: too few people saw the views of this profile', ['views', 'website_clicks']],
	])('finds the names in "%s"', (message, names) => {
		expect(refusedMetrics(refusal(message), asked)).toEqual(names);
	});

	test('finds an unknown metric by its index, whatever names Meta suggests', () => {
		const error = refusal('(#100) metric[2] must be one of the following values: impressions, reach, views');
		expect(refusedMetrics(error, asked)).toEqual(['likes']);
	});

	test("also searches Meta's message for users", () => {
		expect(refusedMetrics(refusal('Invalid parameter', 'There are no likes for this post.'), asked)).toEqual(['likes']);
	});

	test.each([
		'(#10) Not enough viewers for the media to show insights',
		'Invalid parameter',
		'No insights for profile_views_of_all',
	])('finds nothing in "%s"', (message) => {
		expect(refusedMetrics(refusal(message), asked)).toEqual([]);
	});

	test('finds nothing without an answer of Graph', () => {
		expect(refusedMetrics({}, asked)).toEqual([]);
	});

	test('finds any metric of the catalog in any sentence that contains it as a word', () => {
		const names = Object.keys(MEDIA_METRICS);
		fc.assert(
			fc.property(
				fc.shuffledSubarray(names, { minLength: 2 }),
				fc.constantFrom('', '"', '(', 'X '),
				fc.constantFrom(' is not for this object', ': nothing here', ', so nothing', '.'),
				(metrics, before, behind) => {
					const [culprit = ''] = metrics;
					const message = `(#100) ${before}${culprit}${behind}`;
					expect(refusedMetrics(refusal(message), [...metrics].sort())).toEqual([culprit]);
				},
			),
		);
	});
});
