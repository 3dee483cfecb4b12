import { describe, expect, test } from 'vitest';
import { checkQuery } from '../../src/query/check-query.ts';
import type { InsightsQuery, QueryContext } from '../../src/query/insights-query.ts';

// Noon in California on 23 November 2026.
const now = new Date('2026-11-23T20:00:00Z');
const facebook: QueryContext = { host: 'graph.facebook.com', now };
const instagram: QueryContext = { host: 'graph.instagram.com', now };
const lastWeek = { since: '2026-11-16', until: '2026-11-22' };

const totals = (metrics: string[], more: object = {}): InsightsQuery => ({
	kind: 'account-totals',
	metrics,
	...lastWeek,
	...more,
});
const daily = (metrics: string[], more: object = {}): InsightsQuery => ({
	kind: 'account-daily',
	metrics,
	...lastWeek,
	...more,
});
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

describe('checkQuery', () => {
	test('accepts questions that Graph answers', () => {
		expect(found(totals(['reach', 'views', 'profile_views', 'website_clicks']))).toEqual([]);
		expect(found(totals(['follows_and_unfollows', 'reach'], { breakdown: 'follow_type' }))).toEqual([]);
		expect(found(totals(['views'], { breakdown: 'follow_type,media_product_type' }))).toEqual([]);
		expect(found(daily(['reach', 'views', 'follower_count']), instagram)).toEqual([]);
		const audiences = [
			'follower_demographics',
			'engaged_audience_demographics',
			'reached_audience_demographics',
		] as const;
		expect(found({ kind: 'audience', metrics: audiences, breakdown: 'age,gender', timeframe: 'this_week' })).toEqual(
			[],
		);
		expect(found({ kind: 'online-followers' })).toEqual([]);
		expect(found({ kind: 'account-compare', metrics: ['reach', 'views'], ...lastWeek })).toEqual([]);
		expect(found({ kind: 'profile' })).toEqual([]);
		expect(found({ kind: 'profile', fields: ['username', 'media.limit(3)'] })).toEqual([]);
		expect(found(list({ metrics: ['reach', 'follows', 'ig_reels_avg_watch_time'], limit: 500 }))).toEqual([]);
		expect(found(ofMedia(['navigation', 'replies']))).toEqual([]);
		expect(found({ kind: 'story-list', metrics: ['navigation', 'reach'] })).toEqual([]);
	});

	test('refuses other kinds of questions, and lists the kinds', () => {
		const ofKind = (kind: unknown) => found({ ...lastWeek, metrics: ['reach'], kind } as unknown as InsightsQuery);
		expect(ofKind('account-total')).toEqual([['kind', 'account-total', 'unknown-kind', 'account-totals']]);
		expect(ofKind('weather')).toEqual([['kind', 'weather', 'unknown-kind', undefined]]);
		expect(ofKind(undefined)).toEqual([['kind', undefined, 'unknown-kind', undefined]]);
	});

	test('does not suggest posts for a metric that posts no longer have', () => {
		const [problem] = checkQuery(totals(['plays']), facebook);
		expect(problem).toMatchObject({ reason: 'retired-metric', suggestion: 'views' });
		expect(problem?.message).toBe(
			'"plays" was a metric for posts, which Meta removed on 2025-04-21. For the account, use "views".',
		);
	});

	test('recognizes a metric by its title', () => {
		expect(found(totals(['Reach (Accounts Reached)', 'Accounts Reached', 'interactions: saves']))).toEqual([
			['metrics', 'Reach (Accounts Reached)', 'unknown-metric', 'reach'],
			['metrics', 'Accounts Reached', 'unknown-metric', 'reach'],
			['metrics', 'interactions: saves', 'unknown-metric', 'saves'],
		]);
		expect(found(ofMedia(['Average Watch Time']))).toEqual([
			['metrics', 'Average Watch Time', 'unknown-metric', 'ig_reels_avg_watch_time'],
		]);
	});

	test('reports no question at all as one without a kind', () => {
		expect(checkQuery(null as unknown as InsightsQuery, facebook).map(({ reason }) => reason)).toEqual([
			'unknown-kind',
		]);
	});

	test('names fields that an account does not have on the host, with advice', () => {
		const profile = (...fields: string[]): InsightsQuery => ({ kind: 'profile', fields });
		expect(found(profile('folowers_count'))).toEqual([
			['fields', 'folowers_count', 'unknown-field', 'followers_count'],
		]);
		expect(found(profile('account_type'))).toEqual([['fields', 'account_type', 'wrong-host', 'graph.instagram.com']]);
		expect(found(profile('account_type'), instagram)).toEqual([]);
		expect(found(profile('a_field_of_tomorrow'), { ...facebook, allowUnknown: true })).toEqual([]);
	});

	test('requires both ends of the range of account insights', () => {
		const open = (kind: 'account-totals' | 'account-daily', days: object) =>
			found({ kind, metrics: ['reach'], ...days } as unknown as InsightsQuery);
		for (const kind of ['account-totals', 'account-daily'] as const) {
			expect(open(kind, {})).toEqual([
				['since', undefined, 'range-incomplete', '2026-11-16'],
				['until', undefined, 'range-incomplete', '2026-11-22'],
			]);
			expect(open(kind, { since: '2026-11-16' })).toEqual([['until', undefined, 'range-incomplete', '2026-11-22']]);
			expect(open(kind, { until: '2026-11-07' })).toEqual([['since', undefined, 'range-incomplete', '2026-11-01']]);
		}
	});

	test('names every problem at once', () => {
		const query = totals(['impressions', 'reech', 'saved'], {
			since: '2024-01-01',
			until: '2026-12-24',
			breakdown: 'colour',
		});
		expect(found(query)).toEqual([
			['metrics', 'impressions', 'retired-metric', 'views'],
			['metrics', 'reech', 'unknown-metric', 'reach'],
			['metrics', 'saved', 'media-metric', 'saves'],
			['breakdown', 'colour', 'unknown-breakdown', undefined],
			['until', '2026-12-24', 'future', '2026-11-23'],
			['since', '2024-01-01', 'too-old', '2024-11-25'],
		]);
	});

	test.each([
		[totals(['engagement_rate'])],
		[{ kind: 'audience', metrics: ['follower_growth'], breakdown: 'age' }],
		[{ kind: 'media-list', metrics: ['save_rate'] }],
		[{ kind: 'story-list', metrics: ['completion_rate'] }],
	] as [InsightsQuery][])('recognizes computed metrics, which Meta does not give: %j', (query) => {
		const [metric] = 'metrics' in query ? (query.metrics ?? []) : [];
		expect(found(query)).toEqual([['metrics', metric, 'computed-metric', undefined]]);
	});

	test('says only which question a metric belongs to', () => {
		expect(found(totals(['follower_demographics']))).toEqual([
			['metrics', 'follower_demographics', 'metric-elsewhere', 'audience'],
		]);
		expect(found({ kind: 'audience', metrics: ['reach'], breakdown: 'country' })).toEqual([
			['metrics', 'reach', 'metric-elsewhere', 'account-totals'],
		]);
	});

	describe('metrics of an account', () => {
		test('refuses the first request of the older guide, naming only impressions', () => {
			// GET /{account}/insights?metric=impressions,reach,profile_views&period=day
			expect(found(totals(['impressions', 'reach', 'profile_views']))).toEqual([
				['metrics', 'impressions', 'retired-metric', 'views'],
			]);
		});

		test('says when Meta removed a metric and what to use instead', () => {
			const [problem] = checkQuery(totals(['email_contacts']), facebook);
			expect(problem?.message).toBe(
				'Meta removed "email_contacts" for accounts on 2025-01-08, in every API version. Use "profile_links_taps" instead. Use the breakdown contact_button_type to see each button.',
			);
		});

		test.each([
			['saved', 'saves'],
			['profile_visits', 'profile_views'],
			['ig_reels_avg_watch_time', undefined],
		])('reports %s as a metric of media', (name, counterpart) => {
			expect(found(totals([name]))).toEqual([['metrics', name, 'media-metric', counterpart]]);
		});

		test('names the question for demographics and online followers', () => {
			expect(found(totals(['follower_demographics', 'online_followers'], { breakdown: 'age' }))).toEqual([
				['metrics', 'follower_demographics', 'metric-elsewhere', 'audience'],
				['metrics', 'online_followers', 'metric-elsewhere', 'online-followers'],
			]);
			expect(found({ kind: 'audience', metrics: ['reach'], breakdown: 'follow_type' })).toEqual([
				['metrics', 'reach', 'metric-elsewhere', 'account-totals'],
			]);
		});

		test('reports metrics of Threads as out of scope', () => {
			expect(found(totals(['threads_views']))).toEqual([
				['metrics', 'threads_views', 'out-of-scope-metric', undefined],
			]);
		});

		test('allows unknown names if requested, but not names known to be wrong', () => {
			const context = { ...facebook, allowUnknown: true };
			expect(found(totals(['glances', 'impressions', 'saved']), context)).toEqual([
				['metrics', 'impressions', 'retired-metric', 'views'],
				['metrics', 'saved', 'media-metric', 'saves'],
			]);
		});

		test('requires at least one metric', () => {
			expect(found(totals([]))).toEqual([['metrics', undefined, 'no-metrics', undefined]]);
			const none = { metrics: undefined } as unknown as { metrics: string[] };
			for (const kind of ['account-totals', 'account-daily'] as const) {
				expect(found({ kind, ...lastWeek, ...none })).toEqual([['metrics', undefined, 'no-metrics', undefined]]);
			}
			expect(found({ kind: 'media-insights', mediaIds: ['18000000000000001'], ...none })).toEqual([
				['metrics', undefined, 'no-metrics', undefined],
			]);
		});

		test('names a metric once, however often it is requested', () => {
			expect(found(totals(['impressions', 'impressions']))).toHaveLength(1);
		});
	});

	describe('breakdowns of an account', () => {
		test('requires the breakdown that a metric needs', () => {
			expect(found(totals(['follows_and_unfollows']))).toEqual([
				['breakdown', 'follows_and_unfollows', 'breakdown-required', 'follow_type'],
			]);
			expect(found({ kind: 'audience', metrics: ['follower_demographics'], breakdown: [] })).toEqual([
				['breakdown', 'follower_demographics', 'breakdown-required', 'age'],
			]);
		});

		test('refuses a daily series of a metric that has only buckets', () => {
			const [problem] = checkQuery(daily(['follows_and_unfollows']), facebook);
			expect(problem).toMatchObject({ reason: 'breakdown-required', suggestion: 'follow_type' });
			expect(problem?.message).toContain('Ask for it as a total with that breakdown.');
		});

		test('refuses breakdowns of a daily series, and says what to ask instead', () => {
			const query = { ...daily(['reach']), breakdown: 'follow_type' } as InsightsQuery;
			expect(found(query)).toEqual([['breakdown', 'follow_type', 'unsupported-breakdown', 'account-totals']]);
			expect(found({ ...daily(['reach']), breakdown: '' } as InsightsQuery)).toEqual([]);
		});

		test('names each metric that does not have the breakdown', () => {
			expect(found(totals(['reach', 'replies', 'likes'], { breakdown: 'follow_type' }))).toEqual([
				['breakdown', 'replies', 'unsupported-breakdown', undefined],
				['breakdown', 'likes', 'unsupported-breakdown', 'media_product_type'],
			]);
		});

		test('accepts several breakdowns if one fits each metric', () => {
			expect(
				found(totals(['follows_and_unfollows', 'likes'], { breakdown: ['follow_type', 'media_product_type'] })),
			).toEqual([]);
		});

		test('refuses a pair of breakdowns that is not known to work', () => {
			const query: InsightsQuery = { kind: 'audience', metrics: ['follower_demographics'], breakdown: 'age,country' };
			expect(found(query)).toEqual([['breakdown', 'follower_demographics', 'unsupported-breakdown', 'age']]);
		});

		test("suggests the right name for the spelling of Meta's own page", () => {
			expect(found(totals(['views'], { breakdown: 'follower_type' }))).toEqual([
				['breakdown', 'follower_type', 'unknown-breakdown', 'follow_type'],
			]);
		});

		test('refuses timeframes that Meta removed', () => {
			const query = (metric: string, timeframe: string): InsightsQuery => ({
				kind: 'audience',
				metrics: [metric],
				breakdown: 'age',
				timeframe,
			});
			expect(found(query('engaged_audience_demographics', 'last_90_days'))).toEqual([
				['timeframe', 'last_90_days', 'unsupported-timeframe', 'this_week'],
			]);
			expect(found(query('follower_demographics', 'last_90_days'))).toEqual([]);
			expect(found(query('follower_demographics', 'this_mnth'))).toEqual([
				['timeframe', 'this_mnth', 'unknown-timeframe', 'this_month'],
			]);
		});

		test('accepts rolling periods only for the metric and the host that have them', () => {
			const rolling = (metric: string, period: string, context = facebook) =>
				found({ ...daily([metric]), period } as InsightsQuery, context).map(([field, , reason]) => [field, reason]);
			expect([rolling('reach', 'week'), rolling('reach', 'days_28')]).toEqual([[], []]);
			expect(rolling('views', 'week')).toEqual([['period', 'unsupported-period']]);
			expect(rolling('reach', 'month')).toEqual([['period', 'unsupported-period']]);
			expect(rolling('reach', 'week', instagram)).toEqual([['period', 'unsupported-period']]);
		});
	});

	describe('a comparison', () => {
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

	test('writes sentences that users without code can act on', () => {
		const queries = [
			totals(['impressions', 'reech', 'saved', 'zzz'], { since: 'x', breakdown: 'colour' }),
			totals(['reach'], { since: '2020-01-01', until: '2030-01-01' }),
			ofMedia(['total_views', 'navigation'], { mediaIds: ['x'], breakdown: 'age' }),
			list({ fields: ['view_count'], limit: 0, productTypes: ['STORY'] }),
		];
		for (const { message } of queries.flatMap((query) => checkQuery(query, instagram))) {
			expect(message).toMatch(/^["A-Z0-9].*[.?]$/);
			expect(message).not.toMatch(/undefined|null|\[object|NaN\)/);
		}
	});
});
