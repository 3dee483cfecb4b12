import { describe, expect, test } from 'vitest';
import { accountMetricRow } from '../../src/catalog/account-metric.ts';
import { mediaMetricRow } from '../../src/catalog/media-metric.ts';
import { RETIRED_METRICS, retiredMetricRow } from '../../src/catalog/retired-metric.ts';

describe('RETIRED_METRICS', () => {
	test('points every name to a metric of today at the same level', () => {
		for (const row of Object.values(RETIRED_METRICS.account)) expect(accountMetricRow(row.replacement)).toBeDefined();
		for (const row of Object.values(RETIRED_METRICS.media)) expect(mediaMetricRow(row.replacement)).toBeDefined();
	});

	test('holds no name that still works at its level', () => {
		for (const name of Object.keys(RETIRED_METRICS.account)) expect(accountMetricRow(name)).toBeUndefined();
		for (const name of Object.keys(RETIRED_METRICS.media)) expect(mediaMetricRow(name)).toBeUndefined();
	});
});

describe('retiredMetricRow', () => {
	test('tells what replaced the names of the older guide', () => {
		expect(retiredMetricRow('account', 'impressions')?.replacement).toBe('views');
		expect(retiredMetricRow('media', 'impressions')?.replacement).toBe('views');
		expect(retiredMetricRow('media', 'engagement')?.replacement).toBe('total_interactions');
	});

	test('knows nothing of a name that never was', () => {
		expect(retiredMetricRow('account', 'engagement')).toBeUndefined();
		expect(retiredMetricRow('media', 'valueOf')).toBeUndefined();
	});
});
