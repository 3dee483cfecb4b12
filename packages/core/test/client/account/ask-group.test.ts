import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createInsightsClient } from '../../../src/client/insights-client.ts';
import { manualClock, scriptedTransport } from '../../../src/testing/index.ts';

const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });

const METRICS = ['reach', 'views', 'likes', 'comments', 'saves', 'shares', 'replies', 'reposts', 'profile_views'];

describe('askGroup', () => {
	test('keeps every number if one or two metrics are refused without a name', async () => {
		const question = fc.record({
			metrics: fc.uniqueArray(fc.constantFrom(...METRICS), { minLength: 3 }),
			picks: fc.array(fc.nat(), { minLength: 1, maxLength: 2 }),
		});
		await fc.assert(
			fc.asyncProperty(question, async ({ metrics, picks }) => {
				const refused = new Set(picks.map((pick) => metrics[pick % metrics.length]));
				const transport = scriptedTransport(({ query }) => {
					const asked = (query.metric ?? '').split(',');
					if (asked.some((metric) => refused.has(metric))) {
						return { status: 400, body: { error: { code: 100, message: 'Words of tomorrow' } } };
					}
					return { body: { data: asked.map((name) => ({ name, period: 'day', total_value: { value: 7 } })) } };
				});
				const client = createInsightsClient({ host: 'graph.instagram.com', transport, clock });
				const { insights } = await client.accountTotals({ metrics, since: '2026-11-01', until: '2026-11-10' });
				expect(insights.map(({ metric, shape }) => [metric, shape])).toEqual(
					metrics.map((metric) => [metric, refused.has(metric) ? 'absent' : 'total']),
				);
			}),
			{ numRuns: 60 },
		);
	});

	test('throws after at most four requests if all metrics are refused alike', async () => {
		await fc.assert(
			fc.asyncProperty(fc.uniqueArray(fc.constantFrom(...METRICS), { minLength: 1 }), async (metrics) => {
				const answer = { status: 400, body: { error: { code: 100, message: 'Words of tomorrow', fbtrace_id: 'T' } } };
				const transport = scriptedTransport(() => answer);
				const client = createInsightsClient({ host: 'graph.instagram.com', transport, clock });
				const asked = client.accountTotals({ metrics, since: '2026-11-01', until: '2026-11-10' });
				await expect(asked).rejects.toMatchObject({ graph: { message: 'Words of tomorrow', traceId: 'T' } });
				expect(transport.requests.length).toBeLessThanOrEqual(4);
			}),
			{ numRuns: 40 },
		);
	});

	test('looks twice for a metric refused without a name, and leaves it out from then on', async () => {
		const transport = scriptedTransport(({ query }) => {
			const metrics = (query.metric ?? '').split(',');
			if (metrics.includes('replies')) {
				return { status: 400, body: { error: { code: 100, message: 'An unknown error has occurred.' } } };
			}
			return { body: { data: metrics.map((name) => ({ name, period: 'day', total_value: { value: 7 } })) } };
		});
		const client = createInsightsClient({ host: 'graph.instagram.com', transport, clock });
		const metrics = ['views', 'likes', 'comments', 'replies'];
		const days = { since: '2026-11-01', until: '2026-11-10' };
		const { insights } = await client.accountDaily({ metrics, ...days });
		expect(insights.map(({ shape }) => shape)).toEqual(['series', 'series', 'series', 'absent']);
		// The first two days: 4 refused, 1, 2, 1 refused. Then eight days with what is left.
		expect(transport.requests).toHaveLength(4 + 4 + 8);
	});

	test.each([98_765, 10, 100])('loses only the metric that a refusal names, whatever its code: %i', async (code) => {
		const transport = scriptedTransport(({ query }) => {
			const metrics = (query.metric ?? '').split(',');
			if (metrics.includes('shares'))
				return { status: 400, body: { error: { code, message: 'Metric shares is off' } } };
			return { body: { data: metrics.map((name) => ({ name, period: 'day', total_value: { value: 7 } })) } };
		});
		const client = createInsightsClient({ host: 'graph.instagram.com', transport, clock });
		const days = { since: '2026-11-01', until: '2026-11-10' };
		const { insights } = await client.accountTotals({ metrics: ['reach', 'shares', 'likes'], ...days });
		expect(insights.map(({ shape }) => shape)).toEqual(['total', 'absent', 'total']);
		await expect(client.accountTotals({ metrics: ['shares'], ...days })).rejects.toThrow('shares is off');
	});

	test.each([
		['too old', 'window', '(#100) since param is not valid. Metrics data is available for the last 2 years'],
		['gone', 'unsupported-metric', '(#100) The metrics reach, views are no longer supported'],
	])('throws if all answers are refusals: %s', async (_, kind, message) => {
		const transport = scriptedTransport(() => ({ status: 400, body: { error: { code: 100, message } } }));
		const query = { metrics: ['reach', 'views'], since: '2026-11-01', until: '2026-11-10' };
		for (const ask of ['accountTotals', 'accountDaily', 'compare'] as const) {
			const client = createInsightsClient({ host: 'graph.instagram.com', transport, clock });
			await expect(client[ask](query)).rejects.toMatchObject({ kind });
			await expect(client[ask](query)).rejects.toThrow(message.replace('(#100) ', ''));
		}
	});

	test('requests later days even if two windows are too old', async () => {
		const transport = scriptedTransport(({ query }) => {
			if (Number(query.since) * 1000 < Date.UTC(2026, 8, 20)) {
				return {
					status: 400,
					body: { error: { code: 100, message: 'Metrics data is available for the last 2 years' } },
				};
			}
			return { body: { data: [{ name: 'reach', values: [{ value: 7, end_time: '2026-10-10T07:00:00+0000' }] }] } };
		});
		const client = createInsightsClient({
			host: 'graph.facebook.com',
			transport,
			clock,
			accountId: '17841400000000001',
		});
		const query = { metrics: ['reach'], since: '2026-07-15', until: '2026-10-20' };
		const [reach] = (await client.accountDaily(query)).insights;
		expect(reach?.shape === 'series' && reach.points.filter(({ value }) => value === 7)).toHaveLength(1);
	});

	test.each([[[null]], [[{ values: [{ value: 3 }] }]]])('throws if no value can be read: %j', async (data) => {
		const transport = scriptedTransport(() => ({ body: { data } }));
		const client = createInsightsClient({ host: 'graph.instagram.com', transport, clock });
		const asked = client.accountTotals({ metrics: ['reach', 'views'], since: '2026-11-01', until: '2026-11-10' });
		await expect(asked).rejects.toMatchObject({
			kind: 'answer-unreadable',
			advice: expect.stringContaining('Meta may have changed the format') as string,
		});
	});
});
