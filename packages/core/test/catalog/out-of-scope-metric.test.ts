import { describe, expect, test } from 'vitest';
import { outOfScopeMetricRow } from '../../src/catalog/out-of-scope-metric.ts';

describe('outOfScopeMetricRow', () => {
	test('sends names of Threads to Threads', () => {
		expect(outOfScopeMetricRow('threads_views')?.reason).toContain('Threads API');
		expect(outOfScopeMetricRow('views')).toBeUndefined();
	});
});
