import { describe, expect, test } from 'vitest';
import { narrowRefusal } from '../../src/client/narrow-refusal.ts';
import { classifyError } from '../../src/graph/error-answer.ts';

const refused = (message: string, more: object = {}) =>
	classifyError({ status: 400, headers: {}, text: JSON.stringify({ error: { code: 100, message, ...more } }) });
const metrics = ['reach', 'views', 'likes', 'saves'];

describe('narrowRefusal', () => {
	test('drops the metric that the refusal names', () => {
		const error = refused(
			'(#100) The Media Insights API does not support the views metric for this media product type.',
		);
		expect(narrowRefusal(error, metrics)).toEqual({ action: 'drop', metrics: ['views'] });
	});

	test('drops the metric that the refusal names by its index', () => {
		const error = refused('(#100) metric[2] must be one of the following values: reach, views, saves');
		expect(narrowRefusal(error, metrics)).toEqual({ action: 'drop', metrics: ['likes'] });
	});

	test('drops several named metrics at once', () => {
		const error = refused(
			'(#100) The following metrics (views, likes) should be specified with parameter metric_type=total_value',
		);
		expect(narrowRefusal(error, metrics)).toEqual({ action: 'drop', metrics: ['views', 'likes'] });
	});

	test.each(['(#100) Incompatible breakdowns (follow_type)', 'An unknown error has occurred', 'Invalid parameter'])(
		'halves the list if "%s" names none of the metrics',
		(message) => {
			expect(narrowRefusal(refused(message), metrics)).toEqual({ action: 'halve-metrics' });
		},
	);

	test('gives up a metric that was requested alone', () => {
		expect(narrowRefusal(refused('Invalid parameter'), ['views'])).toEqual({ action: 'give-up-metric' });
	});

	test('splits a window that is too long', () => {
		const error = refused('(#100) There cannot be more than 30 days (2592000 s) between since and until');
		expect(narrowRefusal(error, metrics)).toEqual({ action: 'split-window' });
	});

	test('drops a metric that has a shorter window of its own', () => {
		const error = refused(
			'(follower_count) metric only supports querying data for the last 30 days excluding the current day',
		);
		expect(narrowRefusal(error, ['reach', 'follower_count'])).toEqual({ action: 'drop', metrics: ['follower_count'] });
	});

	test('looks for the boundary if a post is older than the business account', () => {
		expect(narrowRefusal(refused('Invalid parameter', { error_subcode: 2108006 }), metrics)).toEqual({
			action: 'find-boundary',
		});
	});

	test('halves a page that is too heavy', () => {
		const error = refused("Please reduce the amount of data you're asking for", { code: 1 });
		expect(narrowRefusal(error, metrics)).toEqual({ action: 'halve-page' });
	});

	test.each([
		['a dead token', refused('Error validating access token', { code: 190, error_subcode: 463 })],
		['a missing permission', refused('Application does not have permission', { code: 10 })],
		['a rate limit', refused('x', { code: 80002 })],
		['a malformed path', refused('Unknown path components: /insight', { code: 2500 })],
		['the end of ids=', refused('The ids query parameter is deprecated in v26.0+')],
		['dates older than two years', refused('since param is not valid. Metrics data is available for the last 2 years')],
	])('fails for %s', (_, error) => {
		expect(narrowRefusal(error, metrics)).toEqual({ action: 'fail' });
	});
});
