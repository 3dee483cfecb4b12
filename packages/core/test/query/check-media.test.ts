import { describe, expect, test } from 'vitest';
import { checkQuery } from '../../src/query/check-query.ts';
import type { InsightsQuery, QueryContext } from '../../src/query/insights-query.ts';

// Noon in California on 23 November 2026.
const now = new Date('2026-11-23T20:00:00Z');
const facebook: QueryContext = { host: 'graph.facebook.com', now };
const instagram: QueryContext = { host: 'graph.instagram.com', now };
const list = (more: object): InsightsQuery => ({ kind: 'media-list', ...more });
const ofMedia = (metrics: string[], more: object = {}): InsightsQuery => ({
	kind: 'media-insights',
	mediaIds: ['18000000000000001'],
	metrics,
	...more,
});
/** field, value, reason and suggestion of each problem. */
const found = (query: InsightsQuery, context = facebook) =>
	checkQuery(query, context).map(({ field, value, reason, suggestion }) => [field, value, reason, suggestion]);

describe('checkQuery of media', () => {
	test('refuses the second request of the older guide, naming both removed metrics', () => {
		// GET /{media}/insights?metric=engagement,impressions,reach
		expect(found(ofMedia(['engagement', 'impressions', 'reach']), instagram)).toEqual([
			['metrics', 'engagement', 'retired-metric', 'total_interactions'],
			['metrics', 'impressions', 'retired-metric', 'views'],
		]);
	});

	test('allows impressions for old posts if unknown names are allowed', () => {
		expect(found(ofMedia(['impressions', 'plays']), { ...instagram, allowUnknown: true })).toEqual([
			['metrics', 'plays', 'retired-metric', 'views'],
		]);
	});

	test.each([
		['saves', 'saved'],
		['profile_views', 'profile_visits'],
		['accounts_engaged', undefined],
	])('reports %s as a metric of the account', (name, counterpart) => {
		expect(found(ofMedia([name]))).toEqual([['metrics', name, 'account-metric', counterpart]]);
	});

	test('says which login a metric works with', () => {
		expect(found(list({ metrics: ['total_likes'] }), instagram)).toEqual([
			['metrics', 'total_likes', 'wrong-host', 'graph.facebook.com'],
		]);
		expect(found(list({ metrics: ['total_likes'] }), facebook)).toEqual([]);
	});

	test('says which kind of media has a metric', () => {
		expect(found(list({ metrics: ['navigation'] }))).toEqual([
			['metrics', 'navigation', 'wrong-product-type', 'STORY'],
		]);
		expect(found(list({ metrics: ['follows'], productTypes: ['REELS'] }))).toEqual([
			['metrics', 'follows', 'wrong-product-type', 'FEED'],
		]);
		expect(found({ kind: 'story-list', metrics: ['likes'] })).toEqual([
			['metrics', 'likes', 'wrong-product-type', 'FEED'],
		]);
	});

	test('allows breakdowns only for the two metrics that have them', () => {
		expect(found(ofMedia(['profile_activity'], { breakdown: 'action_type' }))).toEqual([]);
		expect(found(ofMedia(['reach', 'navigation'], { breakdown: 'action_type' }))).toEqual([
			['breakdown', 'reach', 'unsupported-breakdown', undefined],
			['breakdown', 'navigation', 'unsupported-breakdown', 'story_navigation_action_type'],
		]);
		expect(
			found(ofMedia(['reach'], { breakdown: 'age' }))
				.at(0)
				?.at(2),
		).toBe('unknown-breakdown');
	});

	test('requires media IDs, not links', () => {
		expect(found(ofMedia(['reach'], { mediaIds: [] }))).toEqual([['mediaIds', undefined, 'no-media-ids', undefined]]);
		const [problem] = checkQuery(ofMedia(['reach'], { mediaIds: ['https://www.instagram.com/p/Abc/'] }), facebook);
		expect(problem).toMatchObject({ field: 'mediaIds', reason: 'not-a-media-id' });
		expect(problem?.message).toContain('A link is not an ID.');
	});

	test('refuses fields that no host has, that only the other host has, and that make a whole list fail', () => {
		expect(found(list({ fields: ['id', 'captoin', 'saved_count', 'children{id}'] }), instagram)).toEqual([
			['fields', 'captoin', 'unknown-field', 'caption'],
			['fields', 'saved_count', 'wrong-host', 'graph.facebook.com'],
		]);
		expect(found(list({ fields: ['view_count'] }), facebook)).toEqual([
			['fields', 'view_count', 'risky-field', undefined],
		]);
	});

	test.each(['insights', 'insights.metric(reach)', 'insights{name}', 'Insight'])(
		'refuses insights as a field, which Meta gives by metric only: %s',
		(field) => {
			const fields = [field];
			const name = field.replace(/[.{].*/, '');
			for (const host of [facebook, instagram]) {
				for (const query of [list({ fields }), { kind: 'story-list', fields }, { kind: 'profile', fields }] as const) {
					expect(found(query, host)).toEqual([['fields', name, 'insights-field', undefined]]);
				}
				const [ofOthers] = checkQuery({ kind: 'others-media', edge: 'tags', fields }, host);
				expect(ofOthers?.message).toBe(`Only the owner of a post can read its insights. Leave "${name}" out.`);
			}
		},
	);

	test('refuses unknown kinds of media, and stories', () => {
		expect(found(list({ productTypes: ['REELS', 'Reels', 'STORY', 'CLIPS_NEXT'] }))).toEqual([
			['productTypes', 'Reels', 'unknown-product-type', 'REELS'],
			['productTypes', 'STORY', 'unknown-product-type', undefined],
		]);
	});

	test.each([0, -1, 2.5, Number.NaN])('refuses %d as a limit', (limit) => {
		expect(found(list({ limit }))).toEqual([['limit', String(limit), 'bad-limit', undefined]]);
	});
});
