import { describe, expect, test } from 'vitest';
import { checkQuery } from '../../src/query/check-query.ts';
import type { InsightsQuery, QueryContext } from '../../src/query/insights-query.ts';

const facebook: QueryContext = { host: 'graph.facebook.com', now: new Date('2026-11-23T20:00:00Z') };
const lastWeek = { since: '2026-11-16', until: '2026-11-22' };
const found = (query: InsightsQuery) =>
	checkQuery(query, facebook).map(({ field, value, reason, suggestion }) => [field, value, reason, suggestion]);

describe('checkQuery of a comparison', () => {
	test('checks both periods of a comparison, and says which one a problem is about', () => {
		const compare = (more: object): InsightsQuery => ({
			kind: 'account-compare',
			metrics: ['reach'],
			...lastWeek,
			...more,
		});
		expect(found(compare({ metrics: ['impressions', 'reech'] }))).toEqual([
			['metrics', 'impressions', 'retired-metric', 'views'],
			['metrics', 'reech', 'unknown-metric', 'reach'],
		]);
		const old = compare({ metrics: ['reech'], since: '2024-11-25', until: '2024-12-24' });
		const [misspelt, tooOld, ...more] = checkQuery(old, facebook);
		expect([misspelt?.value, tooOld?.field, tooOld?.reason, more]).toEqual(['reech', 'since', 'too-old', []]);
		expect(tooOld?.message).toMatch(/^The period to compare with \(2024-10-26 to 2024-11-24\): /);
		// Asked for since 24 November 2024: 31 days up to Christmas Eve, so two periods of 15.
		expect(tooOld?.suggestion).toBe('2024-12-10');
		expect(found(compare({ since: '2024-12-10', until: '2024-12-24' }))).toEqual([]);
		expect(found(compare({ since: '2024-12-09', until: '2024-12-24' }))).not.toEqual([]);
	});

	test('refuses metrics that have only buckets, and breakdowns', () => {
		const compare = (more: object): InsightsQuery =>
			({ kind: 'account-compare', metrics: ['follows_and_unfollows'], ...lastWeek, ...more }) as InsightsQuery;
		expect(found(compare({}))).toEqual([['metrics', 'follows_and_unfollows', 'metric-elsewhere', 'account-totals']]);
		expect(found(compare({ metrics: ['views'], breakdown: 'follow_type' }))).toEqual([
			['breakdown', undefined, 'unsupported-breakdown', 'account-totals'],
		]);
	});
});
