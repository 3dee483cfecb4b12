import { addDays, pacificDay } from '@instagram-insights/graph-sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, INSIGHTS_NODE, type Login, NODE_NAME, openBench } from './bench.ts';

const BOTH: Login[] = ['instagramLogin', 'facebookLogin'];

let bench: Bench;
beforeAll(async () => {
	bench = await openBench({ world: { media: 1000, adShare: 0, beforeConversionShare: 0 } });
});
afterAll(() => bench.close());
beforeEach(() => bench.sandbox.resetRequests());

describe('the installed package', () => {
	test('has its own name in the node types', async () => {
		expect(await bench.n8n.nodeTypes()).toContain(INSIGHTS_NODE);
	});
});

describe.each(BOTH)('the action node with %s', (login) => {
	test('gives the account totals of the last 28 days, with one request for the numbers', async () => {
		const run = await bench.runNode(login, {
			resource: 'account',
			operation: 'getInsights',
			metrics: ['reach', 'views', 'likes', 'total_interactions'],
			dateRange: 'last28Days',
		});
		expect(run.error?.message).toBeUndefined();
		const bakery = bench.sandbox.world.account('bakery');
		const today = pacificDay(bench.sandbox.world.now());
		const [since, until] = [addDays(today, -28), addDays(today, -1)];
		const [item] = run.items(NODE_NAME);
		expect(item?.json).toEqual({
			...bench.owner(),
			since,
			until,
			reach: bakery.total('reach', since, until),
			views: bakery.total('views', since, until),
			likes: bakery.total('likes', since, until),
			total_interactions: bakery.total('total_interactions', since, until),
			unavailable: '',
		});
		expect(item?.pairedItem).toEqual({ item: 0 });
		expect(bench.sandbox.requests().filter(({ path }) => path.endsWith('/insights'))).toHaveLength(1);
	});

	test('gives 100 posts with their insights, with one request for the posts', async () => {
		const run = await bench.runNode(
			login,
			{
				resource: 'media',
				operation: 'getMany',
				metrics: ['reach', 'views', 'likes', 'saved'],
				returnAll: false,
				limit: 100,
			},
			{ account: 'large' },
		);
		expect(run.error?.message).toBeUndefined();
		const large = bench.sandbox.world.account('large');
		const items = run.items(NODE_NAME).map(({ json }) => json);
		expect(items.map(({ id }) => id)).toEqual(
			large
				.media()
				.slice(0, 100)
				.map(({ id }) => id),
		);
		const expected = large
			.media()
			.slice(0, 100)
			.map((media) => ({
				reach: large.mediaMetric(media, 'reach'),
				views: large.mediaMetric(media, 'views'),
				likes: large.mediaMetric(media, 'likes'),
				saved: large.mediaMetric(media, 'saved'),
			}));
		expect(items.map(({ reach, views, likes, saved }) => ({ reach, views, likes, saved }))).toEqual(expected);
		expect(bench.sandbox.requests().filter(({ path }) => path.endsWith('/media'))).toHaveLength(1);
	});

	test('refuses a removed metric by name, with its replacement, before any call', async () => {
		const run = await bench.runNode(login, {
			resource: 'account',
			operation: 'getInsights',
			metrics: ['impressions', 'reach', 'profile_views'],
			dateRange: 'last28Days',
		});
		expect(run.status).toBe('error');
		expect(String(run.error?.message)).toContain('impressions');
		expect(`${run.error?.message} ${run.error?.description}`).toContain('views');
		expect(bench.sandbox.counts().httpRequests).toBe(0);
	});

	test('says that a token has expired and what to do', async () => {
		const prefix = login === 'instagramLogin' ? 'IGAA' : 'EAA';
		const run = await bench.runNode(
			login,
			{ resource: 'account', operation: 'getInsights', metrics: ['reach'], dateRange: 'last7Days' },
			{ token: `${prefix}-sandbox-bakery-expired` },
		);
		expect(run.status).toBe('error');
		expect(`${run.error?.message} ${run.error?.description}`).toMatch(/expired/i);
		expect(JSON.stringify(run.data)).not.toContain('sandbox-bakery-expired');
	});

	test('distinguishes a token of the other host from an invalid one', async () => {
		const other = login === 'instagramLogin' ? 'EAA-sandbox-bakery' : 'IGAA-sandbox-bakery';
		const run = await bench.runNode(
			login,
			{ resource: 'account', operation: 'getInsights', metrics: ['reach'], dateRange: 'last7Days' },
			{ token: other },
		);
		expect(run.status).toBe('error');
		expect(`${run.error?.message} ${run.error?.description}`).toMatch(
			login === 'instagramLogin' ? /Facebook Login/ : /Instagram Login/,
		);
	});
});
