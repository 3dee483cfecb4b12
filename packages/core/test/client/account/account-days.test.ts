import { describe, expect, test } from 'vitest';
import { accountMetricLimits } from '../../../src/catalog/account-metric.ts';
import { closingInstant } from '../../../src/client/account/account-days.ts';
import { createInsightsClient } from '../../../src/client/insights-client.ts';
import { addDays } from '../../../src/query/calendar-day.ts';
import { manualClock, scriptedTransport } from '../../../src/testing/index.ts';
import rollingReach from '../../fixtures/field-cases/F08-reach-week.json' with { type: 'json' };
import { BOTH_HOSTS, NOON, sandboxStand } from '../sandbox-stand.ts';

const stand = sandboxStand();
const TODAY = '2026-11-23';
const week = { since: '2026-10-30', until: '2026-11-05' };
const days = ['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04', '2026-11-05'];

describe('accountDaily', () => {
	test.each(BOTH_HOSTS)(
		'returns one series per metric in time order on %s: reach in one request, the rest one request a day',
		async (host) => {
			const large = stand.world().account('large');
			const metrics = ['views', 'reach', 'likes'];
			const answer = await stand.client(host).accountDaily({ metrics, ...week });
			for (const [index, metric] of metrics.entries()) {
				const insight = answer.insights[index];
				expect(insight).toMatchObject({ shape: 'series', metric });
				const points = insight?.shape === 'series' ? insight.points : [];
				expect(points.map(({ date, value }) => [date, value])).toEqual(
					days.map((day) => [day, large.onDay(metric, day)]),
				);
			}
			expect(stand.sandbox().counts().httpRequests).toBe(1 + 7);
			expect(answer.accountId).toBe(large.id);
		},
	);

	test("reads the reach of rolling weeks as in Meta's answer (field case F08)", async () => {
		const transport = scriptedTransport([{ body: rollingReach.body }]);
		const clock = manualClock('2026-07-16T20:00:00Z', { passing: 'by-itself' });
		const accountId = '17841400000000001';
		const client = createInsightsClient({ host: 'graph.facebook.com', transport, clock, accountId });
		const range = { since: '2026-07-10', until: '2026-07-12' };
		const { insights } = await client.accountDaily({ metrics: ['reach'], period: 'week', ...range });
		expect(transport.requests[0]?.query).toEqual({
			metric: 'reach',
			period: 'week',
			since: String(Date.UTC(2026, 6, 10, 7) / 1000),
			until: String(Date.UTC(2026, 6, 13, 7) / 1000),
		});
		expect(insights).toMatchObject([
			{
				shape: 'series',
				metric: 'reach',
				points: [
					{ date: '2026-07-10', value: 6354 },
					{ date: '2026-07-11', value: 6000 },
					{ date: '2026-07-12', value: null, reason: 'no-data' },
				],
			},
		]);
	});

	test('returns the people of the week that ends with each day, on the host that has them', async () => {
		const large = stand.world().account('large');
		const range = { since: '2026-06-08', until: '2026-06-10' };
		const asked = { metrics: ['reach'], period: 'week', ...range } as const;
		const { insights } = await stand.client('graph.facebook.com').accountDaily(asked);
		expect(insights[0]).toMatchObject({
			points: ['08', '09', '10'].map((day) => ({
				date: `2026-06-${day}`,
				value: large.total('reach', `2026-06-${String(Number(day) - 6).padStart(2, '0')}`, `2026-06-${day}`),
			})),
		});
		const refused = stand.client('graph.instagram.com').accountDaily(asked);
		await expect(refused).rejects.toMatchObject({ problems: [{ field: 'period', reason: 'unsupported-period' }] });
	});

	test('ends each day at Pacific midnight, also over a clock change', async () => {
		const answer = await stand.client('graph.instagram.com').accountDaily({ metrics: ['views', 'reach'], ...week });
		for (const insight of answer.insights) {
			const points = insight.shape === 'series' ? insight.points : [];
			expect(points.map(({ endTime }) => endTime)).toEqual([
				'2026-10-31T07:00:00+0000',
				'2026-11-01T07:00:00+0000',
				'2026-11-02T08:00:00+0000',
				'2026-11-03T08:00:00+0000',
				'2026-11-04T08:00:00+0000',
				'2026-11-05T08:00:00+0000',
				'2026-11-06T08:00:00+0000',
			]);
		}
	});

	test('keeps a day that is not counted yet, with the reason', async () => {
		const answer = await stand
			.client('graph.facebook.com')
			.accountDaily({ metrics: ['reach', 'views'], since: '2026-11-20', until: '2026-11-22' });
		for (const insight of answer.insights) {
			const points = insight.shape === 'series' ? insight.points : [];
			expect(points.map(({ date }) => date)).toEqual(['2026-11-20', '2026-11-21', '2026-11-22']);
			expect(points[0]?.value).toBeGreaterThan(0);
			expect(points[2]).toMatchObject({ value: null, reason: 'no-data' });
		}
		expect(answer.notes.map(({ code }) => code)).toEqual(['data-lag']);
	});

	test('reads 90 days of reach in three windows on the Facebook host, and 30 days of new followers in one', async () => {
		const client = stand.client('graph.facebook.com');
		await client.accountDaily({ metrics: ['reach'], since: '2026-05-01', until: '2026-07-29' });
		expect(stand.sandbox().counts().httpRequests).toBe(3);
		stand.sandbox().resetRequests();
		const answer = await client.accountDaily({ metrics: ['follower_count'], since: '2026-10-24', until: '2026-11-21' });
		// 29 days over the autumn clock change: 2,509,200 s.
		expect(stand.sandbox().counts().httpRequests).toBe(1);
		const large = stand.world().account('large');
		expect(answer.insights[0]).toMatchObject({
			shape: 'series',
			points: expect.arrayContaining([
				expect.objectContaining({ date: '2026-11-01', value: large.onDay('follower_count', '2026-11-01') }),
			]),
		});
	});

	test('returns new followers for the days Meta keeps, and the reason for earlier ones, with other metrics', async () => {
		const large = stand.world().account('large');
		const oldest = addDays(TODAY, -accountMetricLimits('follower_count', 'graph.facebook.com').daysBack);
		const [kept, gone] = [[0, 1, 2, 3].map((day) => addDays(oldest, day)), [-2, -1].map((day) => addDays(oldest, day))];
		const range = { since: addDays(oldest, -2), until: addDays(oldest, 3) };
		const metrics = ['reach', 'follower_count'];
		const answer = await stand.client('graph.facebook.com').accountDaily({ metrics, ...range });
		expect(answer.insights[0]).toMatchObject({ shape: 'series', metric: 'reach' });
		const followers = answer.insights[1];
		const points = followers?.shape === 'series' ? followers.points : [];
		expect(points.map(({ date, value, reason }) => [date, value ?? reason])).toEqual([
			...gone.map((day) => [day, 'outside-retention']),
			...kept.map((day) => [day, large.onDay('follower_count', day)]),
		]);
	});

	test('does not request new followers for days that Meta no longer keeps', async () => {
		const range = { since: '2026-01-01', until: '2026-01-03' };
		const metrics = ['reach', 'follower_count'];
		const answer = await stand.client('graph.facebook.com').accountDaily({ metrics, ...range });
		expect(answer.insights[1]).toMatchObject({ shape: 'absent', reason: 'outside-retention' });
		expect(stand.sandbox().counts().httpRequests).toBe(1);
	});

	test('looks for a metric refused without a name once, not on each of 29 days', async () => {
		const metrics = [
			...['views', 'accounts_engaged', 'total_interactions', 'likes', 'comments', 'saves', 'shares', 'replies'],
			...['reposts', 'profile_links_taps', 'profile_views', 'website_clicks'],
		];
		const transport = scriptedTransport(({ query }) => {
			const asked = (query.metric ?? '').split(',');
			if (asked.includes('reposts'))
				return { status: 400, body: { error: { code: 100, message: 'Invalid parameter' } } };
			return { body: { data: asked.map((name) => ({ name, period: 'day', total_value: { value: 7 } })) } };
		});
		const clock = manualClock(NOON, { passing: 'by-itself' });
		const client = createInsightsClient({ host: 'graph.facebook.com', transport, clock, accountId: '1' });
		const range = { since: '2026-10-01', until: '2026-10-29' };
		const answer = await client.accountDaily({ metrics, ...range });
		expect(answer.insights.map(({ shape, metric }) => [metric, shape])).toEqual(
			metrics.map((metric) => [metric, metric === 'reposts' ? 'absent' : 'series']),
		);
		// The two newest days alone, their twelve metrics asked in ever smaller parts down to the one: at most nine requests each; then one a day.
		expect(transport.requests.length).toBeLessThanOrEqual(9 + 9 + 27);
	});

	test('does not mistake the refusal of one day for one of the metric', async () => {
		const midnight = String(Date.parse('2026-11-18T08:00:00Z') / 1000);
		const transport = scriptedTransport(({ query }) => {
			const asked = (query.metric ?? '').split(',');
			if (asked.includes('views') && query.since === midnight) {
				return { status: 400, body: { error: { code: 100, message: '(#100) There are missing buckets' } } };
			}
			return { body: { data: asked.map((name) => ({ name, period: 'day', total_value: { value: 7 } })) } };
		});
		const clock = manualClock(NOON, { passing: 'by-itself' });
		const client = createInsightsClient({ host: 'graph.facebook.com', transport, clock, accountId: '1' });
		const answer = await client.accountDaily({ metrics: ['views', 'likes'], since: '2026-11-14', until: '2026-11-18' });
		const [views, likes] = answer.insights.map((insight) =>
			insight.shape === 'series' ? insight.points.map(({ value, reason }) => value ?? reason) : insight.shape,
		);
		expect([views, likes]).toEqual([
			[7, 7, 7, 7, 'failed'],
			[7, 7, 7, 7, 7],
		]);
		expect(
			(await client.accountTotals({ metrics: ['views'], since: '2026-11-01', until: '2026-11-07' })).insights,
		).toEqual([{ shape: 'total', metric: 'views', value: 7 }]);
	});

	test('leaves out the days the caller already has', async () => {
		const already = days.slice(0, 5);
		const answer = await stand
			.client('graph.facebook.com')
			.accountDaily({ metrics: ['views', 'reach'], ...week, already });
		for (const insight of answer.insights) {
			expect(insight.shape === 'series' ? insight.points.map(({ date }) => date) : []).toEqual(days.slice(5));
		}
		expect(stand.sandbox().counts().httpRequests).toBe(1 + 2);
		await stand.client('graph.facebook.com').accountDaily({ metrics: ['views'], ...week, already: days });
		expect(stand.sandbox().counts().httpRequests).toBe(1 + 2);
	});
});

describe('accountDays', () => {
	test('yields the newest day first, each before the next is requested', async () => {
		const large = stand.world().account('large');
		const client = stand.client('graph.instagram.com', { concurrency: 1 });
		const seen: string[] = [];
		for await (const day of client.accountDays({ metrics: ['views'], ...week })) {
			seen.push(day.date);
			expect(day.insights).toEqual([{ shape: 'total', metric: 'views', value: large.onDay('views', day.date) }]);
			expect(stand.sandbox().counts().httpRequests).toBe(seen.length);
			if (seen.length === 3) break;
		}
		expect(seen).toEqual(['2026-11-05', '2026-11-04', '2026-11-03']);
		expect(stand.sandbox().counts().httpRequests).toBe(3);
	});

	test('requests no more days at a time than allowed', async () => {
		const slow = stand.sandbox();
		for await (const _ of stand
			.client('graph.instagram.com', { concurrency: 3 })
			.accountDays({ metrics: ['views'], since: '2026-09-01', until: '2026-10-15' })) {
			expect(slow.counts().mostAtOnce).toBeLessThanOrEqual(3);
		}
		expect(slow.counts().httpRequests).toBe(45);
	});
});

describe('closingInstant', () => {
	test('is the Pacific midnight after the day, as Graph writes it', () => {
		expect(closingInstant('2026-07-01')).toBe('2026-07-02T07:00:00+0000');
		expect(closingInstant('2026-11-01')).toBe('2026-11-02T08:00:00+0000');
	});
});
