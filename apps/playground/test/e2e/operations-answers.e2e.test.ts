import { addDays, pacificDay } from '@instagram-insights/graph-sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, BOTH_LOGINS, errorText, INSIGHTS_NODE, NODE_NAME, openBench, traceOf } from './bench.ts';

/** With the four that every world has, these are 100 accounts. Three of them refuse. */
const MORE = Array.from({ length: 96 }, (_, index) => ({
	key: `client${index}`,
	username: `client.${index}`,
	refuses: [7, 50, 95].includes(index),
	posts: { count: 30, everyHours: 24 },
}));

let bench: Bench;
beforeAll(async () => {
	bench = await openBench({ world: { accounts: MORE } });
});
afterAll(() => bench.close());
beforeEach(() => bench.sandbox.resetRequests());

const AGENCY = { token: 'EAA-sandbox-agency' };
const ALL = { __rl: true, mode: 'list', value: 'all' };
function fortnight() {
	const until = addDays(pacificDay(bench.sandbox.world.now()), -3);
	return { dateRange: 'custom', since: addDays(until, -13), until };
}

describe.each(BOTH_LOGINS)('report: create with %s', (login) => {
	test('gives a page, a text, and files that n8n keeps', async () => {
		const run = await bench.runNode(login, { resource: 'report', operation: 'create', ...fortnight() });
		const [item] = traceOf(run).outputs[0] ?? [];
		expect(item?.json).toMatchObject({ ...bench.owner(), since: fortnight().since, unavailable: '' });
		expect(String(item?.json.html)).toMatch(/^<!doctype html>/);
		const { binary = {} } = item as { binary?: Record<string, { mimeType: string; fileName: string }> };
		expect(Object.entries(binary).map(([name, { mimeType, fileName }]) => [name, mimeType, fileName])).toEqual([
			['report', 'text/html', 'report.html'],
			['chart_reach', 'image/svg+xml', 'reach.svg'],
			['chart_views', 'image/svg+xml', 'views.svg'],
		]);
	});
});

describe.each(BOTH_LOGINS)('account: getBestTimes with %s', (login) => {
	test("gives a row for each hour of the week in the workflow's zone", async () => {
		const rows = await bench.rows(
			login,
			{ resource: 'account', operation: 'getBestTimes' },
			{ timezone: 'Asia/Tokyo' },
		);
		expect(rows).toHaveLength(168);
		expect(rows[0]).toMatchObject({ ...bench.owner(), weekday: 1, hour: 0, timezone: 'Asia/Tokyo' });
	});
});

describe('posts of others', () => {
	test.each(BOTH_LOGINS)('in which the account is tagged say who posted them, with %s', async (login) => {
		const post = bench.sandbox.world.account('large').publish({ tags: ['bakery'] });
		const rows = await bench.rows(login, { resource: 'media', operation: 'getTagged', limit: 3 });
		expect(rows[0]).toMatchObject({ ...bench.owner(), posted_by: 'northwind.trails', id: post.id, unavailable: '' });
	});

	test('with the account as collaborator have their counts', async () => {
		const large = bench.sandbox.world.account('large');
		const post = large.publish({ collaborators: ['bakery'], likesHidden: true });
		const rows = await bench.rows('facebookLogin', { resource: 'media', operation: 'getCollaborative', limit: 3 });
		expect(rows[0]).toMatchObject({
			saved_count: large.mediaMetric(post, 'saved'),
			id: post.id,
			unavailable: 'like_count: withheld; total_like_count: withheld',
		});
	});
});

describe('all accounts', () => {
	test('reads 28 days of 100 accounts, of which 3 refuse, in at most 4 requests', async () => {
		const until = addDays(pacificDay(bench.sandbox.world.now()), -7);
		const days = { dateRange: 'custom', since: addDays(until, -27), until };
		const parameters = { resource: 'account', operation: 'getInsights', account: ALL, metrics: ['views'], ...days };
		const run = await bench.runNode('facebookLogin', parameters, AGENCY);
		const rows = run.items(NODE_NAME).map(({ json }) => json);
		expect(rows).toHaveLength(100);
		expect(rows.filter(({ unavailable }) => String(unavailable).startsWith('account: '))).toHaveLength(3);
		expect(bench.asked().length).toBeLessThanOrEqual(4);
		expect(traceOf(run).hints.join(' ')).toContain('3 of 100 accounts could not be read');
	});

	test('are listed with their Pages and portfolios', async () => {
		const rows = await bench.rows('facebookLogin', { resource: 'account', operation: 'getMany' }, AGENCY);
		expect(rows).toHaveLength(100);
		const id = bench.owner().account_id;
		expect(rows[0]).toMatchObject({ ...bench.owner(), pageName: 'Casa Canela', portfolio: 'Sandbox business', id });
	});
});

describe('other accounts', () => {
	test('are compared with one row each', async () => {
		const parameters = { resource: 'otherAccount', operation: 'get', username: '@northwind.trails, pots.by.ines' };
		const rows = await bench.rows('facebookLogin', parameters);
		expect(rows.map(({ username, posts_averaged }) => [username, posts_averaged])).toEqual([
			['northwind.trails', 25],
			['pots.by.ines', 6],
		]);
	});

	test('give their latest posts', async () => {
		const parameters = { resource: 'otherAccount', operation: 'getMedia', username: 'northwind.trails', limit: 5 };
		const rows = await bench.rows('facebookLogin', parameters);
		const newest = bench.sandbox.world.account('large').media().slice(0, 5);
		expect(rows.map(({ id }) => id)).toEqual(newest.map(({ id }) => id));
	});

	test('need Facebook Login, and say so', async () => {
		const parameters = { resource: 'otherAccount', operation: 'get', username: 'northwind.trails' };
		const run = await bench.runNode('instagramLogin', parameters);
		expect(errorText(run)).toContain('Facebook Login');
	});
});

describe('a list of the panel', () => {
	async function listed(methodName: string, token: string) {
		const { id, name } = await bench.credential('facebookLogin', 'bakery', token);
		return bench.n8n.rest<{ results: { name: string }[] }>(
			'POST',
			'/dynamic-node-parameters/resource-locator-results',
			{
				path: 'parameters.account',
				methodName,
				nodeTypeAndVersion: { name: INSIGHTS_NODE, version: 1 },
				currentNodeParameters: { authentication: 'facebookLogin', resource: 'media', operation: 'getInsights' },
				credentials: { instagramInsightsFacebookApi: { id, name } },
			},
		);
	}

	test('reaches the editor', async () => {
		const { results } = await listed('searchAccounts', AGENCY.token);
		expect(results[2]?.name).toBe('@casa.canela.bakery (Casa Canela)');
	});

	test.each([
		['searchAccounts', `${AGENCY.token}+no-accounts`, 'reaches no Instagram professional account', 'Link the account'],
		['searchMedia', 'EAA-sandbox-brand-new', 'has no posts or reels yet', 'Choose another account'],
		['searchStories', 'IGAA-sandbox-bakery', 'begins with IGAA', 'Put the token into a credential'],
	])('that cannot be shown gives the editor its cause and what to do: %s', async (methodName, token, cause, wayOut) => {
		const failing = listed(methodName, token);
		await expect(failing).rejects.toThrow(new RegExp(`${cause}.*"description":"${wayOut}`));
	});
});
