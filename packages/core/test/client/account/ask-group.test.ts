import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createInsightsClient } from '../../../src/client/insights-client.ts';
import { manualClock, scriptedTransport } from '../../../src/testing/index.ts';

const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });

const METRICS = ['reach', 'views', 'likes', 'comments', 'saves', 'shares', 'replies', 'reposts', 'profile_views'];

describe('askGroup', () => {
	test('keeps every number that Meta gives while one or two metrics are refused without a name', async () => {
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

	test('fails after four requests at most when all metrics are refused alike, however many they are', async () => {
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

	test('looks twice for a metric that is refused without a name, and leaves it out of the days that follow', async () => {
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
});
