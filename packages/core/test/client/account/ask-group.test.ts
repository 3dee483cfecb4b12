import { describe, expect, test } from 'vitest';
import { createInsightsClient } from '../../../src/client/insights-client.ts';
import { manualClock, scriptedTransport } from '../../../src/testing/index.ts';

const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });

describe('askGroup', () => {
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
