import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkQuery } from '../../src/query/check-query.ts';
import type { InsightsQuery, QueryContext } from '../../src/query/insights-query.ts';

const facebook: QueryContext = { host: 'graph.facebook.com', now: new Date('2026-11-23T20:00:00Z') };
const lastWeek = { since: '2026-11-16', until: '2026-11-22' };
const totals = { kind: 'account-totals', metrics: ['reach'], ...lastWeek };

describe('checkQuery of values of other types', () => {
	test.each([
		['a number among metrics', { ...totals, metrics: [7] }, 'metrics'],
		['nothing among metrics', { ...totals, metrics: [null] }, 'metrics'],
		['metrics as one text', { kind: 'media-list', metrics: 'reach' }, 'metrics'],
		['fields as one text', { kind: 'profile', fields: 'username' }, 'fields'],
		['fields that are null', { kind: 'media-list', fields: null }, 'fields'],
		['a breakdown that is null', { ...totals, breakdown: null }, 'breakdown'],
		['a list of no breakdowns', { ...totals, breakdown: [null] }, 'breakdown'],
		['a timeframe that is null', { kind: 'audience', metrics: [], breakdown: 'age', timeframe: null }, 'timeframe'],
		[
			'media ids as numbers',
			{ kind: 'media-insights', metrics: ['reach'], mediaIds: [18_000_000_000_000_000] },
			'mediaIds',
		],
	])('refuses %s by name', (_, query, field) => {
		const problems = checkQuery(query as unknown as InsightsQuery, facebook);
		expect(problems.map((problem) => problem.field)).toEqual([field]);
		expect(problems[0]?.reason).toMatch(/^not-a-(list|text)$/);
	});

	const junk = fc.oneof(fc.constantFrom('reach', '2026-06-01', 'tags', null), fc.jsonValue({ maxDepth: 2 }));
	const names = ['metrics', 'since', 'until', 'breakdown', 'timeframe', 'period', 'already', 'fields', 'productTypes'];
	const more = ['limit', 'mediaIds', 'split', 'compareWith', 'edge', 'kind'];

	test('returns problems that can be read, whatever the members are', () => {
		fc.assert(
			fc.property(
				fc.constantFrom<InsightsQuery['kind']>('account-compare', 'media-insights', 'media-list', 'others-media'),
				fc.dictionary(fc.constantFrom(...names, ...more), junk),
				(kind, members) => {
					const problems = checkQuery({ kind, ...members } as unknown as InsightsQuery, facebook);
					for (const { message } of problems) expect(message).not.toMatch(/undefined|\[object/);
				},
			),
			{ numRuns: 300 },
		);
	});
});
