import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountMetricLimits } from '../../src/catalog/account-metric.ts';
import { addDays, listDays } from '../../src/query/calendar-day.ts';
import type { AccountQuery } from '../../src/query/insights-query.ts';
import { type PlannedRequest, planRequests } from '../../src/query/plan-requests.ts';

const facebook = { host: 'graph.facebook.com', accountId: '17841400000000001' } as const;
const instagram = { host: 'graph.instagram.com' } as const;

// The rules Graph holds requests to, written out from the reference and not from the catalog.
// biome-ignore format: a list of names reads as a paragraph
const TOTAL_ONLY = [
	'views', 'accounts_engaged', 'total_interactions', 'likes', 'comments', 'saves', 'shares', 'replies', 'reposts',
	'profile_links_taps', 'profile_views', 'website_clicks',
];
const DEMOGRAPHICS = ['follower_demographics', 'engaged_audience_demographics'];
const BREAKDOWNS: Record<string, readonly string[]> = {
	follow_type: ['reach', 'views', 'follows_and_unfollows'],
	media_product_type: ['reach', 'views', 'total_interactions', 'likes', 'comments', 'saves', 'shares'],
	contact_button_type: ['profile_links_taps'],
	'follow_type,media_product_type': ['views'],
	age: DEMOGRAPHICS,
	city: DEMOGRAPHICS,
	country: DEMOGRAPHICS,
	gender: DEMOGRAPHICS,
	'age,gender': DEMOGRAPHICS,
};

/** What Graph would say against a request; undefined when nothing. */
function refusal({ host, query }: PlannedRequest): string | undefined {
	const metrics = (query.metric ?? '').split(',');
	const type = query.metric_type;
	if (new Set(metrics).size !== metrics.length) return 'a metric twice';
	for (const metric of metrics) {
		const lifetime = DEMOGRAPHICS.includes(metric) || metric === 'online_followers';
		if (query.period !== (lifetime ? 'lifetime' : 'day')) return `${metric}: wrong period`;
		if (metric === 'follower_count' || metric === 'online_followers') {
			if (type !== undefined) return `${metric}: takes no metric_type`;
		} else if (metric === 'reach') {
			if (type !== 'total_value' && type !== 'time_series') return 'reach: needs a metric_type';
		} else if (type !== 'total_value') return `${metric}: should be specified with metric_type=total_value`;
		if (query.breakdown !== undefined && !BREAKDOWNS[query.breakdown]?.includes(metric)) {
			return `${metric}: incompatible breakdown ${query.breakdown}`;
		}
		if (DEMOGRAPHICS.includes(metric) && query.breakdown === undefined) return `${metric}: needs a breakdown`;
	}
	if (type === 'time_series' && query.breakdown !== undefined) return 'a series drops its breakdown';
	const seconds = Number(query.until ?? 0) - Number(query.since ?? 0);
	if (host === 'graph.facebook.com' && seconds > 2_592_000) return 'more than 30 days';
	if (metrics.includes('follower_count') && seconds > 2_592_000) return 'follower_count: more than 30 days';
	return undefined;
}

/** The requests of a plan. */
const planned = (...of: Parameters<typeof planRequests>) => planRequests(...of).requests;

const asked = (requests: readonly PlannedRequest[]) =>
	requests.map(({ query: { metric, metric_type, breakdown } }) => [metric, metric_type, breakdown].join(' | '));

describe('planRequests', () => {
	test("requests a pair of breakdowns in Graph's order, and once", () => {
		const query = {
			kind: 'audience',
			metrics: ['follower_demographics'],
			breakdown: ['gender,age', 'age,gender'],
		} as const;
		expect(asked(planned(query, facebook))).toEqual(['follower_demographics | total_value | age,gender']);
		const views = { kind: 'account-totals', metrics: ['views'], since: '2026-11-01', until: '2026-11-02' } as const;
		expect(asked(planned({ ...views, breakdown: 'media_product_type,follow_type' }, facebook))).toEqual([
			'views | total_value | follow_type,media_product_type',
		]);
	});

	test('requests a total with Unix seconds, from Pacific midnight to Pacific midnight', () => {
		const query = {
			kind: 'account-totals',
			metrics: ['reach', 'views'],
			since: '2026-10-26',
			until: '2026-11-01',
		} as const;
		expect(planned(query, facebook)).toEqual([
			{
				method: 'GET',
				host: 'graph.facebook.com',
				path: '/17841400000000001/insights',
				query: {
					metric: 'reach,views',
					period: 'day',
					metric_type: 'total_value',
					since: String(Date.UTC(2026, 9, 26, 7) / 1000),
					until: String(Date.UTC(2026, 10, 2, 8) / 1000),
				},
				asks: {
					metrics: ['reach', 'views'],
					period: 'day',
					metricType: 'total_value',
					breakdown: [],
					timeframe: null,
					window: { since: '2026-10-26', until: '2026-11-01' },
				},
			},
		]);
	});

	test('requests all thirteen totals of 30 days at once', () => {
		const query = {
			kind: 'account-totals',
			metrics: ['reach', ...TOTAL_ONLY],
			since: '2026-06-01',
			until: '2026-06-30',
		} as const;
		expect(planned(query, facebook)).toHaveLength(1);
	});

	test('requests 90 days in three windows on the Facebook host and in one on the Instagram host', () => {
		const query = { kind: 'account-totals', metrics: ['views'], since: '2026-05-01', until: '2026-07-29' } as const;
		expect(planned(query, facebook)).toHaveLength(3);
		expect(planned(query, instagram)).toHaveLength(1);
		expect(planned(query, instagram).at(0)?.path).toBe('/me/insights');
	});

	test('splits on the Instagram host too once a limit is known', () => {
		const query = { kind: 'account-totals', metrics: ['views'], since: '2026-05-01', until: '2026-07-29' } as const;
		expect(planned(query, { ...instagram, maxWindowSeconds: 2_592_000 })).toHaveLength(3);
	});

	test('requests each breakdown separately, with the metrics that have it', () => {
		const query = {
			kind: 'account-totals',
			metrics: ['reach', 'likes', 'follows_and_unfollows'],
			since: '2026-06-01',
			until: '2026-06-07',
			breakdown: ['follow_type', 'media_product_type'],
		} as const;
		expect(asked(planned(query, facebook))).toEqual([
			'reach,follows_and_unfollows | total_value | follow_type',
			'reach,likes | total_value | media_product_type',
		]);
	});

	test('crosses two dimensions that are joined by a comma', () => {
		const query = {
			kind: 'account-totals',
			metrics: ['views'],
			since: '2026-06-01',
			until: '2026-06-07',
			breakdown: 'follow_type,media_product_type',
		} as const;
		expect(asked(planned(query, facebook))).toEqual(['views | total_value | follow_type,media_product_type']);
	});

	test('requests daily reach as one series, new followers separately, and the rest one request a day, newest first', () => {
		const query = {
			kind: 'account-daily',
			metrics: ['reach', 'views', 'likes', 'follower_count'],
			since: '2026-11-20',
			until: '2026-11-22',
		} as const;
		const requests = planned(query, facebook);
		expect(asked(requests)).toEqual([
			'reach | time_series | ',
			'views,likes | total_value | ',
			'views,likes | total_value | ',
			'views,likes | total_value | ',
			'follower_count |  | ',
		]);
		expect(requests.slice(1, 4).map(({ asks }) => asks.window?.since)).toEqual([
			'2026-11-22',
			'2026-11-21',
			'2026-11-20',
		]);
	});

	test('begins a daily series on the oldest day that Meta keeps', () => {
		const now = new Date('2026-11-23T20:00:00Z');
		const oldest = addDays('2026-11-23', -accountMetricLimits('follower_count', facebook.host).daysBack);
		const range = { since: addDays(oldest, -4), until: addDays(oldest, 6) };
		const query = { kind: 'account-daily', metrics: ['reach', 'follower_count'], ...range } as const;
		const windows = planned(query, { ...facebook, now }).map(({ asks }) => asks.window?.since);
		expect(windows).toEqual([range.since, oldest]);
		const older = { ...query, until: addDays(oldest, -1) };
		expect(planned(older, { ...facebook, now }).map(({ asks }) => asks.metrics)).toEqual([['reach']]);
	});

	describe('says what it leaves out, and why', () => {
		// 22:30 on 30 November in California.
		const now = new Date('2026-12-01T06:30:00Z');
		const plan = (query: AccountQuery) => planRequests(query, { ...facebook, now });

		test('days that have not begun, of every metric', () => {
			const { requests, leftOut } = plan({
				kind: 'account-totals',
				metrics: ['reach', 'views'],
				since: '2026-11-29',
				until: '2026-12-01',
			});
			expect(requests.map(({ asks }) => asks.window)).toEqual([{ since: '2026-11-29', until: '2026-11-30' }]);
			expect(leftOut).toEqual(
				['reach', 'views'].map((metric) => ({
					metric,
					since: '2026-12-01',
					until: '2026-12-01',
					reason: 'not-begun',
				})),
			);
		});

		test('the whole range where none of it has begun', () => {
			const { requests, leftOut } = plan({
				kind: 'account-daily',
				metrics: ['views'],
				since: '2026-12-01',
				until: '2026-12-01',
			});
			expect([requests, leftOut.map(({ reason }) => reason)]).toEqual([[], ['not-begun']]);
		});

		test('today, for a metric that does not count it', () => {
			const metrics = ['reach', 'follower_count'];
			const { leftOut } = plan({ kind: 'account-daily', metrics, since: '2026-11-29', until: '2026-11-30' });
			expect(leftOut).toEqual([
				{ metric: 'follower_count', since: '2026-11-30', until: '2026-11-30', reason: 'today-not-counted' },
			]);
		});

		test('a total that Meta keeps only in part, and the first days of a series', () => {
			const oldest = addDays('2026-11-30', -accountMetricLimits('follower_count', facebook.host).daysBack);
			const [since, until] = [addDays(oldest, -30), '2026-11-29'];
			const query = { metrics: ['views', 'follower_count'], since, until };
			expect(plan({ kind: 'account-totals', ...query }).leftOut).toEqual([
				{ metric: 'follower_count', since, until, reason: 'outside-retention', oldest },
			]);
			expect(plan({ kind: 'account-daily', ...query }).leftOut).toEqual([
				{ metric: 'follower_count', since, until: addDays(oldest, -1), reason: 'outside-retention', oldest },
			]);
		});

		test('nothing if Graph answers the whole question', () => {
			const query = { metrics: ['reach', 'follower_count'], since: '2026-11-01', until: '2026-11-29' };
			expect(plan({ kind: 'account-totals', ...query }).leftOut).toEqual([]);
		});
	});

	test('requests reach of rolling weeks by its period, without a metric type', () => {
		const query = { kind: 'account-daily', metrics: ['reach'], since: '2026-07-10', until: '2026-07-12' } as const;
		expect(planned({ ...query, period: 'week' }, facebook).map(({ query: sent }) => sent)).toEqual([
			{
				metric: 'reach',
				period: 'week',
				since: String(Date.UTC(2026, 6, 10, 7) / 1000),
				until: String(Date.UTC(2026, 6, 13, 7) / 1000),
			},
		]);
	});

	test('leaves out the days the caller already has', () => {
		const query = {
			kind: 'account-daily',
			metrics: ['views'],
			since: '2026-11-20',
			until: '2026-11-22',
			already: ['2026-11-21'],
		} as const;
		expect(planned(query, facebook).map(({ asks }) => asks.window?.since)).toEqual(['2026-11-22', '2026-11-20']);
	});

	test('requests demographics without dates, one breakdown per request', () => {
		const query = { kind: 'audience', metrics: DEMOGRAPHICS, breakdown: ['age', 'country'] } as const;
		const requests = planned(query, facebook);
		expect(asked(requests)).toEqual([
			'follower_demographics,engaged_audience_demographics | total_value | age',
			'follower_demographics,engaged_audience_demographics | total_value | country',
		]);
		expect(requests.map((request) => request.query)).toEqual([
			expect.objectContaining({ period: 'lifetime', timeframe: 'this_month' }),
			expect.objectContaining({ period: 'lifetime', timeframe: 'this_month' }),
		]);
		expect(requests.at(0)?.query).not.toHaveProperty('since');
	});

	test('requests online followers without a metric type', () => {
		const query = { kind: 'online-followers', since: '2026-11-01', until: '2026-11-07' } as const;
		expect(planned(query, instagram).map((request) => request.query)).toEqual([
			{
				metric: 'online_followers',
				period: 'lifetime',
				since: String(Date.UTC(2026, 10, 1, 7) / 1000),
				until: String(Date.UTC(2026, 10, 8, 8) / 1000),
			},
		]);
	});

	test('treats an unknown metric as a daily total', () => {
		const query = { kind: 'account-totals', metrics: ['glances'], since: '2026-06-01', until: '2026-06-07' } as const;
		expect(asked(planned(query, facebook))).toEqual(['glances | total_value | ']);
	});

	const anyRange = fc
		.tuple(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 0, max: 120 }))
		.map(([start, days]) => ({ since: addDays('2024-12-01', start), until: addDays('2024-12-01', start + days) }));
	const anyContext = fc.constantFrom(facebook, instagram);
	const totalMetrics = fc.uniqueArray(fc.constantFrom('reach', ...TOTAL_ONLY), { minLength: 1 });
	const anyQuery: fc.Arbitrary<AccountQuery> = fc.oneof(
		fc
			.record({ metrics: totalMetrics, range: anyRange })
			.map(({ metrics, range }): AccountQuery => ({ kind: 'account-totals', metrics, ...range })),
		fc
			.record({ breakdown: fc.constantFrom(...Object.keys(BREAKDOWNS).slice(0, 4)), range: anyRange })
			.map(({ breakdown, range }): AccountQuery => {
				return { kind: 'account-totals', metrics: BREAKDOWNS[breakdown] ?? [], breakdown, ...range };
			}),
		fc
			.record({
				metrics: fc.uniqueArray(fc.constantFrom('reach', 'follower_count', ...TOTAL_ONLY), { minLength: 1 }),
				range: anyRange,
			})
			.map(({ metrics, range }): AccountQuery => ({ kind: 'account-daily', metrics, ...range })),
		fc
			.record({
				metrics: fc.uniqueArray(fc.constantFrom(...DEMOGRAPHICS), { minLength: 1 }),
				breakdown: fc.constantFrom('age', 'city', 'country', 'gender'),
			})
			.map((parts): AccountQuery => ({ kind: 'audience', ...parts })),
		anyRange.map((range): AccountQuery => ({ kind: 'online-followers', ...range })),
	);

	test('breaks no rule of Graph', () => {
		fc.assert(
			fc.property(anyQuery, anyContext, (query, context) => {
				for (const request of planned(query, context)) expect(refusal(request)).toBeUndefined();
			}),
			{ numRuns: 200 },
		);
	});

	test('requests every metric exactly once for every day of the range', () => {
		fc.assert(
			fc.property(anyQuery, anyContext, (query, context) => {
				const requests = planned(query, context);
				const metrics = query.kind === 'online-followers' ? ['online_followers'] : query.metrics;
				for (const metric of metrics) {
					const windows = requests.filter(({ asks }) => asks.metrics.includes(metric)).map(({ asks }) => asks.window);
					if (query.kind === 'audience') expect(windows).toEqual([null]);
					else {
						const days = windows.flatMap((window) => (window ? listDays(window.since, window.until) : [])).sort();
						expect(days).toEqual(listDays(query.since ?? '', query.until ?? ''));
					}
				}
			}),
			{ numRuns: 200 },
		);
	});
});
