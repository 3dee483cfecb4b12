import { describe, expect, test } from 'vitest';
import { readComputedTotals } from '../../../src/client/account/computed-totals.ts';
import { addDays } from '../../../src/query/calendar-day.ts';
import { BOTH_HOSTS, NOON, sandboxStand } from '../sandbox-stand.ts';

const stand = sandboxStand();
const now = new Date(NOON);
const bakery = () => stand.world().account('bakery');
/** A week that Meta has worked out in full. */
const WEEK = { since: '2026-11-10', until: '2026-11-16' };
const value = (insights: readonly { metric: string }[], metric: string) => {
	const found = insights.find((insight) => insight.metric === metric);
	return found !== undefined && 'value' in found ? found.value : found;
};

describe.each(BOTH_HOSTS)('readComputedTotals on %s', (host) => {
	const read = (computed: readonly string[], range = WEEK, metrics: readonly string[] = []) => {
		const client = stand.client(host, { token: 'bakery' });
		return readComputedTotals(client, { metrics, computed, ...range }, { now, host });
	};

	test('requests inputs with the metrics, in the same request', async () => {
		const { insights } = await read(['engagement_rate', 'views_per_person'], WEEK, ['likes']);
		const total = (metric: string) => Number(bakery().total(metric, WEEK.since, WEEK.until));
		expect(value(insights, 'engagement_rate')).toBe(total('total_interactions') / total('reach'));
		expect(value(insights, 'views_per_person')).toBe(total('views') / total('reach'));
		expect(stand.sent()).toHaveLength(1);
	});

	test('returns followers gained and lost, and the growth rate', async () => {
		const range = { since: '2026-11-16', until: '2026-11-22' };
		const { insights } = await read(['follower_growth', 'follower_growth_rate'], range);
		const parts = bakery().breakdown('follows_and_unfollows', ['follow_type'], range.since, range.until);
		const part = (name: string) => Number(parts.find(({ dimensionValues: [of] }) => of === name)?.value);
		const growth = part('FOLLOWER') - part('NON_FOLLOWER');
		expect(value(insights, 'followers_gained')).toBe(part('FOLLOWER'));
		expect(value(insights, 'follower_growth')).toBe(growth);
		expect(value(insights, 'follower_growth_rate')).toBe(growth / (bakery().followersNow() - growth));
	});

	test('returns no growth rate for a range that ended before yesterday', async () => {
		const { insights } = await read(['follower_growth_rate']);
		expect(value(insights, 'follower_growth_rate')).toMatchObject({ shape: 'absent', reason: 'no-data' });
	});

	test('returns the share of people who do not follow', async () => {
		const { insights } = await read(['non_follower_share']);
		const parts = bakery().breakdown('reach', ['follow_type'], WEEK.since, WEEK.until);
		const strangers = Number(parts.find(({ dimensionValues: [of] }) => of === 'NON_FOLLOWER')?.value);
		expect(value(insights, 'non_follower_share')).toBe(
			strangers / Number(bakery().total('reach', WEEK.since, WEEK.until)),
		);
	});

	test('counts the posts of the range, and averages over all', async () => {
		const { insights } = await read(['posts', 'interactions_per_post', 'views_per_post']);
		const posts = bakery()
			.media()
			.filter(({ timestamp }) => {
				const from = Date.parse(`${WEEK.since}T08:00:00Z`);
				return timestamp >= from && timestamp < Date.parse(`${addDays(WEEK.until, 1)}T08:00:00Z`);
			});
		const sum = (metric: string) =>
			posts.reduce((total, media) => total + Number(bakery().mediaMetric(media, metric)), 0);
		expect(value(insights, 'posts')).toBe(posts.length);
		expect(value(insights, 'interactions_per_post')).toBe(sum('total_interactions') / posts.length);
		expect(value(insights, 'views_per_post')).toBe(sum('views') / posts.length);
	});

	test('does not divide by 0 posts', async () => {
		const client = stand.client(host, { token: 'brand-new' });
		const query = { metrics: [], computed: ['posts', 'views_per_post'], ...WEEK };
		const { insights } = await readComputedTotals(client, query, { now, host });
		expect(value(insights, 'posts')).toBe(0);
		expect(value(insights, 'views_per_post')).toMatchObject({ shape: 'absent', reason: 'zero-divisor' });
	});
});

describe('readComputedTotals', () => {
	test('never divides by a reach that would be added up over windows', async () => {
		const client = stand.client('graph.facebook.com', { token: 'bakery' });
		const query = {
			metrics: ['views'],
			computed: ['engagement_rate', 'non_follower_share'],
			since: '2026-09-01',
			until: '2026-11-16',
		};
		const { insights } = await readComputedTotals(client, query, { now, host: 'graph.facebook.com' });
		for (const name of ['engagement_rate', 'non_follower_share']) {
			expect(value(insights, name)).toMatchObject({ shape: 'absent', reason: 'not-additive' });
		}
		expect(value(insights, 'views')).toEqual(expect.any(Number));
	});

	test('loses only metrics that use a refused input', async () => {
		const client = stand.client('graph.facebook.com', { token: 'bakery' });
		const refusing = {
			...client,
			// biome-ignore lint/correctness/useYield: it is refused before the first page
			async *media(): AsyncGenerator<never> {
				await client.profile({ fields: ['no_such_field'] });
			},
		};
		const query = { metrics: [], computed: ['posts', 'engagement_rate'], ...WEEK };
		const { insights } = await readComputedTotals(refusing, query, { now, host: 'graph.facebook.com' });
		expect(value(insights, 'posts')).toMatchObject({ shape: 'absent', reason: 'failed' });
		expect(value(insights, 'engagement_rate')).toEqual(expect.any(Number));
	});
});
