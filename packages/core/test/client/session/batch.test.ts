import { describe, expect, test } from 'vitest';
import { createInsightsClient } from '../../../src/client/insights-client.ts';
import { manualClock, scriptedTransport } from '../../../src/testing/index.ts';

const ids = Array.from({ length: 60 }, (_, index) => String(18_000_000_000_000_000n + BigInt(index)));
const answered = { code: 200, body: JSON.stringify({ data: [{ name: 'reach', values: [{ value: 5 }] }] }) };

describe('a batch', () => {
	test('respects the usage headers of its items', async () => {
		const used = { type: 'instagram', call_count: 100, total_cputime: 1, total_time: 1 };
		const headers = [
			{
				name: 'X-Business-Use-Case-Usage',
				value: JSON.stringify({ '17841400000000001': [{ ...used, estimated_time_to_regain_access: 17 }] }),
			},
		];
		const transport = scriptedTransport(() => ({
			body: [...Array.from({ length: 49 }, () => answered), { ...answered, headers }],
		}));
		const client = createInsightsClient({
			host: 'graph.facebook.com',
			transport,
			clock: manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' }),
			concurrency: 1,
			patienceMs: 0,
		});
		const reading = (async () => {
			for await (const _ of client.mediaInsights({ mediaIds: ids, metrics: ['reach'] }));
		})();
		await expect(reading).rejects.toMatchObject({ kind: 'rate-limit', retryAfterMs: 17 * 60_000 });
		expect(transport.requests).toHaveLength(1);
	});
});
