import { describe, expect, test } from 'vitest';
import { metricColumns, withMetrics } from '../../nodes/InstagramInsights/output/metricColumns';

describe('metricColumns', () => {
	test('gives each metric a column and each gap its reason', () => {
		const columns = metricColumns([
			{ shape: 'total', metric: 'reach', value: 0 },
			{ shape: 'absent', metric: 'saved', reason: 'no-data' },
			{ shape: 'breakdown', metric: 'navigation', value: 25, buckets: [] },
			{ shape: 'breakdown', metric: 'follows_and_unfollows', value: null, buckets: [] },
		]);
		expect(columns).toEqual({
			values: { reach: 0, saved: null, navigation: 25, follows_and_unfollows: null },
			unavailable: { saved: 'no-data', follows_and_unfollows: 'needs-breakdown' },
		});
	});
});

describe('withMetrics', () => {
	test('leaves "unavailable" out of an item without gaps', () => {
		const row = withMetrics({ id: '18' }, { values: { reach: 0 }, unavailable: {} });
		expect(row).toEqual({ id: '18', reach: 0 });
	});

	test('puts the reasons beside the metrics of an item with gaps', () => {
		const row = withMetrics({ id: '18' }, { values: { reach: null }, unavailable: { reach: 'before-conversion' } });
		expect(row).toEqual({ id: '18', reach: null, unavailable: { reach: 'before-conversion' } });
	});
});
