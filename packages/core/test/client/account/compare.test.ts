import { describe, expect, test } from 'vitest';
import { createInsightsClient } from '../../../src/client/insights-client.ts';
import { manualClock, scriptedTransport } from '../../../src/testing/index.ts';
import { BOTH_HOSTS, sandboxStand } from '../sandbox-stand.ts';

const stand = sandboxStand();

describe('compare', () => {
	test.each(BOTH_HOSTS)('compares a week with the week before on %s, in two requests', async (host) => {
		const large = stand.world().account('large');
		const metrics = ['reach', 'likes'];
		const found = await stand.client(host).compare({ metrics, since: '2026-11-08', until: '2026-11-14' });
		expect(stand.sandbox().counts().httpRequests).toBe(2);
		for (const [index, metric] of metrics.entries()) {
			const current = large.total(metric, '2026-11-08', '2026-11-14') ?? 0;
			const previous = large.total(metric, '2026-11-01', '2026-11-07') ?? 0;
			expect(found[index]).toMatchObject({
				metric,
				current,
				previous,
				change: current - previous,
				previousSince: '2026-11-01',
				previousUntil: '2026-11-07',
			});
			expect(found[index]?.changePercent).toBeCloseTo(((current - previous) / previous) * 100, 1);
		}
	});

	test.each([
		['sameDaysPreviousMonth', '2026-10-01', '2026-10-14'],
		['previousMonth', '2026-10-01', '2026-10-31'],
		['previousYear', '2025-11-01', '2025-11-14'],
	] as const)('compares 14 days of November with %s', async (compareWith, previousSince, previousUntil) => {
		const large = stand.world().account('large');
		const range = { since: '2026-11-01', until: '2026-11-14' };
		const [likes] = await stand.client('graph.instagram.com').compare({ metrics: ['likes'], ...range, compareWith });
		expect(likes).toMatchObject({
			...range,
			previousSince,
			previousUntil,
			current: large.total('likes', range.since, range.until),
			previous: large.total('likes', previousSince, previousUntil),
		});
	});

	test('refuses a comparison that does not exist before anything is sent', async () => {
		const query = { metrics: ['reach'], since: '2026-11-01', until: '2026-11-07', compareWith: 'lastWeek' as never };
		await expect(stand.client('graph.instagram.com').compare(query)).rejects.toMatchObject({
			problems: [{ field: 'compareWith', reason: 'unknown-comparison', value: 'lastWeek' }],
		});
		expect(stand.sent()).toEqual([]);
	});

	test('returns no percentage of 0, and a reason for each missing number', async () => {
		const account = stand.world().account('tiny');
		account.setDay('replies', '2026-11-07', 0);
		account.setDay('replies', '2026-11-08', 3);
		const day = { since: '2026-11-08', until: '2026-11-08' };
		const tiny = stand.client('graph.facebook.com', { token: 'tiny' });
		expect(await tiny.compare({ metrics: ['replies'], ...day })).toEqual([
			{
				metric: 'replies',
				current: 3,
				previous: 0,
				change: 3,
				changePercent: null,
				...day,
				previousSince: '2026-11-07',
				previousUntil: '2026-11-07',
			},
		]);
		const large = stand.client('graph.facebook.com');
		const wide = await large.compare({ metrics: ['reach'], since: '2026-06-01', until: '2026-07-15' });
		expect(wide[0]).toMatchObject({
			current: null,
			previous: null,
			change: null,
			changePercent: null,
			reason: 'not-additive',
		});
	});

	test('compares metrics that do not count today up to yesterday, over as many days in both periods', async () => {
		const large = stand.world().account('large');
		const week = { since: '2026-11-17', until: '2026-11-23' };
		const metrics = ['views', 'follower_count'];
		const [views, followers] = await stand.client('graph.facebook.com').compare({ metrics, ...week });
		expect(views).toMatchObject({ previousSince: '2026-11-10', previousUntil: '2026-11-16' });
		// Six days, 17 to 22 November, beside the six before.
		expect(followers).toMatchObject({ previousSince: '2026-11-11', previousUntil: '2026-11-16' });
		const previous = ['11', '12', '13', '14', '15', '16'].map(
			(day) => large.onDay('follower_count', `2026-11-${day}`) ?? 0,
		);
		expect(followers?.previous).toBe(previous.reduce((sum, value) => sum + value, 0));
	});

	test('says if only the period before is too old', async () => {
		const asked = stand
			.client('graph.instagram.com')
			.compare({ metrics: ['reach'], since: '2024-11-25', until: '2024-12-24' });
		await expect(asked).rejects.toMatchObject({
			kind: 'invalid-query',
			problems: [
				{
					reason: 'too-old',
					message: expect.stringMatching(/^The period to compare with \(2024-10-26 to 2024-11-24\): /),
				},
			],
		});
		expect(stand.sent()).toEqual([]);
	});

	test('returns a number during the last day of the range, if that day is a window of its own', async () => {
		// 22:30 on 30 November in California; with the hour of the clock change, November takes two windows.
		const clock = manualClock('2026-12-01T06:30:00Z', { passing: 'by-itself' });
		const transport = scriptedTransport(({ query }) => {
			const isToday = Number(query.since) * 1000 === Date.UTC(2026, 10, 30, 8);
			return { body: { data: isToday ? [] : [{ name: 'views', total_value: { value: 7 } }] } };
		});
		const client = createInsightsClient({
			host: 'graph.facebook.com',
			transport,
			clock,
			accountId: '17841400000000001',
		});
		const november = { since: '2026-11-01', until: '2026-11-30' };
		expect(await client.compare({ metrics: ['views'], ...november })).toMatchObject([{ current: 7, ...november }]);
	});
});
