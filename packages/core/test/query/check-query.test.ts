import { describe, expect, test } from 'vitest';
import { accountMetricLimits } from '../../src/catalog/account-metric.ts';
import { addDays } from '../../src/query/calendar-day.ts';
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
	});

	describe('dates', () => {
		test.each(['2026-02-30', '23.11.2026', '', '2026-11-23T10:00:00Z'])('refuses "%s" as a day', (since) => {
			const problems = found(totals(['reach'], { since }));
			expect(problems).toHaveLength(1);
			expect(problems.at(0)?.slice(0, 3)).toEqual(['since', since, 'not-a-day']);
		});

		test('suggests the day of an instant', () => {
			expect(
				found(totals(['reach'], { since: '2026-11-16T10:00:00Z' }))
					.at(0)
					?.at(3),
			).toBe('2026-11-16');
		});

		test('refuses a range that ends before it begins', () => {
			expect(found(totals(['reach'], { since: '2026-11-22', until: '2026-11-16' }))).toEqual([
				['until', '2026-11-16', 'until-before-since', '2026-11-22'],
			]);
		});

		test('refuses the future, counted in California', () => {
			expect(found(totals(['reach'], { until: '2026-11-23' }))).toEqual([]);
			expect(found(totals(['reach'], { until: '2026-11-24' }))).toEqual([
				['until', '2026-11-24', 'future', '2026-11-23'],
			]);
			// In UTC it is the 24th already, in California not yet.
			const late = { ...facebook, now: new Date('2026-11-24T07:59:00Z') };
			expect(found(totals(['reach'], { until: '2026-11-24' }), late)).toHaveLength(1);
		});

		test('allows today in another time zone, and no later day', () => {
			const tokyo = { ...facebook, now: new Date('2026-11-24T06:30:00Z'), timeZone: 'Asia/Tokyo' };
			expect(found(totals(['reach'], { until: '2026-11-24' }), tokyo)).toEqual([]);
			expect(found(totals(['reach'], { since: '2026-11-24', until: '2026-11-24' }), tokyo)).toEqual([]);
			expect(found(totals(['reach'], { until: '2026-11-25' }), tokyo)).toEqual([
				['until', '2026-11-25', 'future', '2026-11-24'],
			]);
			const honolulu = { ...facebook, now: new Date('2026-11-24T08:30:00Z'), timeZone: 'Pacific/Honolulu' };
			expect(found(totals(['reach'], { until: '2026-11-24' }), honolulu)).toEqual([]);
		});

		test('accepts rolling periods only for the metric and the host that have them', () => {
			const rolling = (metric: string, period: string, context = facebook) =>
				found({ ...daily([metric]), period } as InsightsQuery, context).map(([field, , reason]) => [field, reason]);
			expect([rolling('reach', 'week'), rolling('reach', 'days_28')]).toEqual([[], []]);
			expect(rolling('views', 'week')).toEqual([['period', 'unsupported-period']]);
			expect(rolling('reach', 'month')).toEqual([['period', 'unsupported-period']]);
			expect(rolling('reach', 'week', instagram)).toEqual([['period', 'unsupported-period']]);
		});

		test('allows 728 days back, and no more', () => {
			expect(found(totals(['reach'], { since: '2024-11-25' }))).toEqual([]);
			expect(found(totals(['reach'], { since: '2024-11-24' }))).toEqual([
				['since', '2024-11-24', 'too-old', '2024-11-25'],
			]);
		});

		test('allows as many days back as the row of a metric says, on each host', () => {
			for (const context of [facebook, instagram]) {
				for (const metric of ['follower_count', 'online_followers']) {
					const oldest = addDays('2026-11-23', -accountMetricLimits(metric, context.host).daysBack);
					const asked = (since: string): InsightsQuery =>
						metric === 'follower_count'
							? daily([metric], { since })
							: { kind: 'online-followers', since, until: '2026-11-22' };
					expect(found(asked(oldest), context)).toEqual([]);
					const older = addDays(oldest, -1);
					expect(found(asked(older), context)).toEqual([['since', older, 'too-old', oldest]]);
				}
			}
		});

		test('allows a metric with a shorter retention next to others', () => {
			expect(found(daily(['reach', 'follower_count'], { since: '2026-01-01' }))).toEqual([]);
			expect(found(totals(['views', 'follower_count'], { since: '2026-01-01' }))).toEqual([]);
		});

		test('allows 365 days back for follow_type, whose older buckets are silently missing', () => {
			expect(found(totals(['reach'], { since: '2025-11-23', breakdown: 'follow_type' }))).toEqual([]);
			expect(found(totals(['reach'], { since: '2025-11-22', breakdown: 'follow_type' }))).toEqual([
				['since', '2025-11-22', 'too-old', '2025-11-23'],
			]);
		});

		test('requires both ends of the range of online followers, or none', () => {
			expect(found({ kind: 'online-followers', since: '2026-11-16' })).toEqual([
				['until', undefined, 'range-incomplete', undefined],
			]);
		});

		test('allows media of any age, and an open end of the list', () => {
			expect(found(list({ since: '2015-01-01' }))).toEqual([]);
			expect(found(list({ since: '2026-11-22', until: '2026-11-16' }))).toEqual([
				['until', '2026-11-16', 'until-before-since', '2026-11-22'],
			]);
		});
	});

	describe('media', () => {
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
					for (const query of [
						list({ fields }),
						{ kind: 'story-list', fields },
						{ kind: 'profile', fields },
					] as const) {
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
