import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACCOUNT_METRICS, accountMetricLimits } from '../../../src/catalog/account-metric.ts';
import type { Host } from '../../../src/catalog/host.ts';
import type { AccountMetricRow } from '../../../src/catalog/metric-row.ts';
import { createInsightsClient } from '../../../src/client/insights-client.ts';
import { addDays, listDays } from '../../../src/query/calendar-day.ts';
import { manualClock, type ScriptedAnswer, scriptedTransport } from '../../../src/testing/index.ts';
import { BOTH_HOSTS, NOON, sandboxStand } from '../sandbox-stand.ts';

const stand = sandboxStand();
// biome-ignore format: a list of names reads as a paragraph
const everything = [
	'reach', 'views', 'accounts_engaged', 'total_interactions', 'likes', 'comments', 'saves', 'shares', 'replies',
	'reposts', 'profile_links_taps', 'profile_views', 'website_clicks',
];
const june = { since: '2026-06-01', until: '2026-06-30' };
const quarter = { since: '2026-05-01', until: '2026-07-29' };

function scripted(host: Host, script: readonly ScriptedAnswer[]) {
	const transport = scriptedTransport(script);
	const clock = manualClock(NOON, { passing: 'by-itself' });
	return { transport, client: createInsightsClient({ host, transport, clock, accountId: '17841400000000001' }) };
}
const item = (name: string, value: number) => ({
	name,
	period: 'day',
	total_value: { value },
	id: `1/insights/${name}/day`,
});
const refused = (message: string, more: object = {}): ScriptedAnswer => ({
	status: 400,
	body: { error: { code: 100, message, ...more } },
});

describe('accountTotals', () => {
	describe('if today has begun for the caller and not in California', () => {
		// 22:30 on 30 November in California, 15:30 on 1 December in Tokyo.
		const clock = manualClock('2026-12-01T06:30:00Z', { passing: 'by-itself' });
		const open = (script: readonly ScriptedAnswer[]) => {
			const transport = scriptedTransport(script);
			const accountId = '17841400000000001';
			const options = { host: 'graph.instagram.com', transport, clock, accountId, timeZone: 'Asia/Tokyo' } as const;
			return { transport, client: createInsightsClient(options) };
		};

		test('requests the days that have begun, and says which are left out', async () => {
			const { transport, client } = open([{ body: { data: [item('views', 7)] } }]);
			const answer = await client.accountTotals({ metrics: ['views'], since: '2026-11-29', until: '2026-12-01' });
			expect(answer.insights).toEqual([{ shape: 'total', metric: 'views', value: 7 }]);
			expect(answer.notes).toContainEqual({
				code: 'future-left-out',
				message: expect.stringMatching(/^No numbers yet from 2026-12-01 on: .* California/),
			});
			// Midnight in California after 30 November.
			expect(transport.requests[0]?.query.until).toBe(String(Date.UTC(2026, 11, 1, 8) / 1000));
		});

		test('sends nothing if no day of the range has begun, and gives the reason', async () => {
			const { transport, client } = open([]);
			const day = { since: '2026-12-01', until: '2026-12-01' };
			const absent = { shape: 'absent', metric: 'views', reason: 'not-begun' };
			const message = expect.stringContaining('2026-12-01 has not begun in California') as string;
			const totals = await client.accountTotals({ metrics: ['views'], ...day });
			expect(totals.insights).toEqual([{ ...absent, message }]);
			expect(totals.notes.map(({ code }) => code)).toEqual(['future-left-out', 'data-lag']);
			const daily = await client.accountDaily({ metrics: ['views'], ...day });
			expect(daily.insights).toEqual([{ ...absent, message }]);
			const [compared] = await client.compare({ metrics: ['views'], ...day });
			expect(compared).toMatchObject({ current: null, previous: null, reason: 'not-begun' });
			expect(transport.requests).toEqual([]);
		});

		test('keeps every day of a daily range', async () => {
			const { client } = open([{ body: { data: [item('views', 7)] } }]);
			const { insights } = await client.accountDaily({ metrics: ['views'], since: '2026-11-30', until: '2026-12-01' });
			expect(insights).toMatchObject([
				{
					shape: 'series',
					points: [
						{ date: '2026-11-30', value: 7 },
						{ date: '2026-12-01', value: null, reason: 'not-begun' },
					],
				},
			]);
		});
	});

	test.each(BOTH_HOSTS)('reads thirteen totals of 30 days in one request on %s', async (host) => {
		const large = stand.world().account('large');
		const answer = await stand.client(host).accountTotals({ metrics: everything, ...june });
		expect(answer.insights).toEqual(
			everything.map((metric) => ({ shape: 'total', metric, value: large.total(metric, june.since, june.until) })),
		);
		expect(answer).toMatchObject({ accountId: large.id, ...june, notes: [] });
		expect(stand.sandbox().counts()).toMatchObject({ httpRequests: 1, metaCalls: 1 });
	});

	test('adds up 90 days from three windows on the Facebook host, but never people', async () => {
		const large = stand.world().account('large');
		const answer = await stand.client('graph.facebook.com').accountTotals({ metrics: ['reach', 'views'], ...quarter });
		expect(answer.insights).toEqual([
			expect.objectContaining({ shape: 'absent', metric: 'reach', reason: 'not-additive' }),
			{ shape: 'total', metric: 'views', value: large.total('views', quarter.since, quarter.until) },
		]);
		expect(answer.windows.map(({ since, until }) => [since, until])).toEqual([
			['2026-05-01', '2026-05-30'],
			['2026-05-31', '2026-06-29'],
			['2026-06-30', '2026-07-29'],
		]);
		expect(answer.windows[1]?.insights[0]).toEqual({
			shape: 'total',
			metric: 'reach',
			value: large.total('reach', '2026-05-31', '2026-06-29'),
		});
		expect(answer.notes.map(({ code }) => code)).toEqual(['window-split', 'reach-not-summed']);
		expect(stand.sandbox().counts().httpRequests).toBe(3);
	});

	test('reads 90 days in one window on the Instagram host, including people', async () => {
		const large = stand.world().account('large');
		const answer = await stand.client('graph.instagram.com').accountTotals({ metrics: ['reach'], ...quarter });
		expect(answer.insights).toEqual([
			{ shape: 'total', metric: 'reach', value: large.total('reach', quarter.since, quarter.until) },
		]);
		expect(stand.sandbox().counts().httpRequests).toBe(1);
	});

	test('splits on the Instagram host only after a refusal, and remembers it', async () => {
		const tooWide = refused('There cannot be more than 30 days (2592000 s) between since and until');
		const window = { body: { data: [item('views', 10)] } };
		const { client, transport } = scripted('graph.instagram.com', [
			tooWide,
			window,
			window,
			window,
			window,
			window,
			window,
		]);
		const answer = await client.accountTotals({ metrics: ['views'], ...quarter });
		expect(answer.insights).toEqual([{ shape: 'total', metric: 'views', value: 30 }]);
		expect(transport.requests).toHaveLength(4);
		await client.accountTotals({ metrics: ['views'], ...quarter });
		expect(transport.requests).toHaveLength(7);
	});

	test.each(BOTH_HOSTS)('splits by two breakdowns in two requests on %s', async (host) => {
		const large = stand.world().account('large');
		const metrics = ['follows_and_unfollows', 'views'];
		const breakdown = ['follow_type', 'media_product_type'];
		const answer = await stand.client(host).accountTotals({ metrics, breakdown, ...june });
		const rows = (metric: string, dimension: string) =>
			large.breakdown(metric, [dimension], june.since, june.until).map(({ dimensionValues, value }) => ({
				dimension,
				bucket: dimensionValues.join(','),
				value,
				dimensions: [dimension],
				buckets: dimensionValues,
			}));
		expect(answer.insights).toEqual([
			{
				shape: 'breakdown',
				metric: 'follows_and_unfollows',
				value: null,
				buckets: rows('follows_and_unfollows', 'follow_type'),
			},
			expect.objectContaining({ metric: 'views', buckets: rows('views', 'follow_type') }),
			expect.objectContaining({ metric: 'views', buckets: rows('views', 'media_product_type') }),
		]);
		expect(stand.sandbox().counts().httpRequests).toBe(2);
	});

	test('adds the days of new followers to a total, up to yesterday', async () => {
		const large = stand.world().account('large');
		const range = { since: '2026-11-01', until: '2026-11-23' };
		const answer = await stand.client('graph.instagram.com').accountTotals({ metrics: ['follower_count'], ...range });
		// The world is 30 hours behind: the 22nd is not counted yet, so there is no honest sum.
		expect(answer.insights).toEqual([
			expect.objectContaining({ shape: 'absent', metric: 'follower_count', reason: 'no-data' }),
		]);
		const earlier = { since: '2026-11-01', until: '2026-11-21' };
		const whole = await stand.client('graph.instagram.com').accountTotals({ metrics: ['follower_count'], ...earlier });
		expect(whole.insights).toEqual([
			{
				shape: 'total',
				metric: 'follower_count',
				value: large.total('follower_count', earlier.since, earlier.until),
			},
		]);
		expect(answer.notes.map(({ code }) => code)).toContain('today-left-out');
	});

	test('returns no total of new followers over days that Meta no longer keeps, and all other totals', async () => {
		const { daysBack } = accountMetricLimits('follower_count', 'graph.facebook.com');
		const range = { since: addDays('2026-11-23', -daysBack - 1), until: addDays('2026-11-23', -daysBack + 20) };
		const metrics = ['follower_count', 'views'];
		const answer = await stand.client('graph.facebook.com').accountTotals({ metrics, ...range });
		expect(answer.insights).toMatchObject([
			{ shape: 'absent', metric: 'follower_count', reason: 'outside-retention' },
			{ shape: 'total', metric: 'views' },
		]);
		expect(answer.notes).toEqual([]);
		expect(stand.sandbox().counts().httpRequests).toBe(1);
	});

	test('drops a metric that the host refuses by name, keeps the others, and does not ask for it again', async () => {
		const { client, transport } = scripted('graph.facebook.com', [
			refused('(#100) metric[1] must be one of the following values: reach, views'),
			{ body: { data: [item('reach', 5)] } },
			{ body: { data: [item('reach', 6)] } },
		]);
		const answer = await client.accountTotals({ metrics: ['reach', 'profile_views'], ...june });
		expect(answer.insights).toEqual([
			{ shape: 'total', metric: 'reach', value: 5 },
			expect.objectContaining({ shape: 'absent', metric: 'profile_views', reason: 'unsupported' }),
		]);
		expect(answer.notes.map(({ code }) => code)).toEqual(['metric-dropped']);
		await client.accountTotals({ metrics: ['reach', 'profile_views'], ...june });
		expect(transport.requests.map(({ query }) => query.metric)).toEqual(['reach,profile_views', 'reach', 'reach']);
	});

	test('finds a metric that is refused without a name by asking in parts', async () => {
		const unnamed = refused('An unknown error has occurred');
		const { client, transport } = scripted('graph.facebook.com', [
			unnamed,
			{ body: { data: [item('reach', 1)] } },
			unnamed,
			{ body: { data: [item('saves', 3)] } },
			{ body: { data: [item('views', 2)] } },
			unnamed,
		]);
		const answer = await client.accountTotals({ metrics: ['reach', 'views', 'likes', 'saves'], ...june });
		expect(answer.insights.map((insight) => insight.shape)).toEqual(['total', 'total', 'absent', 'total']);
		expect(transport.requests.map(({ query }) => query.metric)).toEqual([
			'reach,views,likes,saves',
			'reach',
			'views,likes',
			'saves',
			'views',
			'likes',
		]);
	});

	test('never reads an empty answer as 0', async () => {
		stand.sandbox().setScenario({ scenario: 'empty-insights' });
		const answer = await stand.client('graph.instagram.com').accountTotals({ metrics: ['reach', 'views'], ...june });
		expect(answer.insights).toEqual([
			{ shape: 'absent', metric: 'reach', reason: 'no-data' },
			{ shape: 'absent', metric: 'views', reason: 'no-data' },
		]);
		expect(answer.notes.map(({ code }) => code)).toEqual(['nothing-came']);
	});

	test.each(BOTH_HOSTS)(
		'throws on %s if the permission is missing, which Facebook answers with an empty list',
		async (host) => {
			const client = stand.client(host, { token: 'large-no-insights-permission' });
			const range = { metrics: ['reach', 'views'], ...june };
			const questions = [
				() => client.accountTotals(range),
				() => client.accountDaily(range),
				() => client.compare({ ...range, since: '2026-09-01', until: '2026-09-07' }),
				() => client.audience({ metrics: ['follower_demographics'], breakdown: 'country', timeframe: 'this_month' }),
				() => client.onlineFollowers({ since: '2026-11-10', until: '2026-11-12' }),
			];
			for (const ask of questions) {
				const error: unknown = await ask().catch((thrown: unknown) => thrown);
				expect(error).toMatchObject({ kind: 'permission', advice: expect.stringMatching(/manage_insights/) as string });
			}
		},
	);

	test('does not report a missing permission if the account has reach, or no posts', async () => {
		const empty = scripted('graph.facebook.com', [
			{ body: { data: [] } },
			{ body: { data: [item('reach', 0)] } },
			{ body: { data: [] } },
			{ body: { data: [] } },
			{ body: { id: '1', media_count: 0 } },
		]);
		for (let time = 0; time < 2; time += 1) {
			const { notes } = await empty.client.accountTotals({ metrics: ['views'], ...june });
			expect(notes.map(({ code, message }) => [code, message.includes('permission')])).toEqual([
				['nothing-came', false],
			]);
		}
	});

	test('sends nothing if the question is wrong, and names every problem', async () => {
		const asked = stand.client('graph.facebook.com').accountTotals({ metrics: ['impressions', 'reech'], ...june });
		await expect(asked).rejects.toMatchObject({
			kind: 'invalid-query',
			problems: [{ reason: 'retired-metric' }, { reason: 'unknown-metric' }],
		});
		expect(stand.sent()).toEqual([]);
	});

	test('throws for an expired token, and names the account in plain words', async () => {
		const client = stand.client('graph.instagram.com', { token: 'large-expired' });
		await expect(client.accountTotals({ metrics: ['reach'], ...june })).rejects.toMatchObject({
			kind: 'auth',
			message: expect.stringMatching(/^insights of the token's own account: /) as string,
		});
	});

	test('returns raw bodies without paging links, which contain the token', async () => {
		const answer = await stand.client('graph.instagram.com').accountTotals({ metrics: ['reach'], ...june });
		expect(answer.raw).toHaveLength(1);
		expect(JSON.stringify(answer)).not.toMatch(/access_token|IGAA/);
	});

	const UNIQUE = ['reach', 'accounts_engaged'];
	const anyRange = fc
		.tuple(fc.integer({ min: 3, max: 250 }), fc.integer({ min: 1, max: 100 }))
		.map(([back, length]) => ({
			since: addDays('2026-11-23', -back - length + 1),
			until: addDays('2026-11-23', -back),
		}));
	// The day the clock is set back has 25 hours, and Graph counts seconds.
	const LONG_DAYS = ['2025-11-02', '2026-11-01'];
	const isWiderThan30Days = (since: string, until: string) => {
		const days = listDays(since, until);
		return days.length > (days.some((day) => LONG_DAYS.includes(day)) ? 29 : 30);
	};
	const breakdownsOfDays = Object.entries<AccountMetricRow>(ACCOUNT_METRICS)
		.filter(([, { periods }]) => periods.includes('day'))
		.map(([metric, row]) => ({ metric, by: [...row.breakdowns, ...row.breakdownPairs.map((pair) => pair.join())] }));
	const anyBreakdown = fc.constantFrom(...new Set(breakdownsOfDays.flatMap(({ by }) => by))).map((breakdown) => ({
		breakdown,
		metrics: breakdownsOfDays.filter(({ by }) => by.includes(breakdown)).map(({ metric }) => metric),
	}));

	test.each(BOTH_HOSTS)('returns the right total or a reason for any metrics and days on %s', async (host) => {
		const large = stand.world().account('large');
		const someMetrics = fc.uniqueArray(fc.constantFrom(...everything), { minLength: 1, maxLength: 5 });
		await fc.assert(
			fc.asyncProperty(someMetrics, anyRange, async (metrics, { since, until }) => {
				const { insights } = await stand.client(host).accountTotals({ metrics, since, until });
				const inWindows = host === 'graph.facebook.com' && isWiderThan30Days(since, until);
				expect(insights).toEqual(
					metrics.map((metric) =>
						inWindows && UNIQUE.includes(metric)
							? expect.objectContaining({ shape: 'absent', metric, reason: 'not-additive' })
							: { shape: 'total', metric, value: large.total(metric, since, until) },
					),
				);
			}),
			{ numRuns: 60 },
		);
	});

	test.each(BOTH_HOSTS)('returns the right buckets or a reason for any breakdown and days on %s', async (host) => {
		const large = stand.world().account('large');
		await fc.assert(
			fc.asyncProperty(anyBreakdown, anyRange, async ({ breakdown, metrics }, { since, until }) => {
				const { insights } = await stand.client(host).accountTotals({ metrics, breakdown, since, until });
				const inWindows = host === 'graph.facebook.com' && isWiderThan30Days(since, until);
				for (const insight of insights) {
					const { metric } = insight;
					if (insight.shape !== 'breakdown') {
						const reason = inWindows && UNIQUE.includes(metric) ? 'not-additive' : 'no-data';
						expect(insight).toMatchObject({ shape: 'absent', reason });
						// Meta counts follows a day later still, which can leave the last window without any.
						if (reason === 'no-data' && metric !== 'follows_and_unfollows')
							expect(large.breakdown(metric, breakdown.split(','), since, until)).toEqual([]);
						continue;
					}
					const got = insight.buckets.map(({ buckets, value }) => [buckets.join(), value]);
					const truth = large.breakdown(metric, breakdown.split(','), since, until);
					expect(got.sort()).toEqual(truth.map(({ dimensionValues, value }) => [dimensionValues.join(), value]).sort());
				}
				expect(insights.map(({ metric }) => metric)).toEqual(metrics);
			}),
			{ numRuns: 60 },
		);
	});
});
