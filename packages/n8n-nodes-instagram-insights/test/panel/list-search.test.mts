import { type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import type { ILoadOptionsFunctions, INodeListSearchResult, INodeParameters } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InstagramInsights } from '../../nodes/InstagramInsights/InstagramInsights.node';
import { InstagramInsightsPollingTrigger } from '../../nodes/InstagramInsightsPollingTrigger/InstagramInsightsPollingTrigger.node';
import { InstagramInsightsTrigger } from '../../nodes/InstagramInsightsTrigger/InstagramInsightsTrigger.node';
import { toListItem } from '../../nodes/panel/listSearch';
import { answeredBy, NODE } from '../fake-execution.mts';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ world: { media: 700 } });
});
afterAll(() => sandbox.stop());

const { listSearch } = new InstagramInsights().methods;

async function search(
	method: keyof typeof listSearch,
	{ token, filter, ...parameters }: INodeParameters & { token: string; filter?: string },
	methods: Partial<typeof listSearch> = listSearch,
	{ swapTokens = false } = {},
): Promise<INodeListSearchResult> {
	const { answer, credentials } = answeredBy(sandbox, {
		instagram: `IGAA-sandbox-${token}`,
		facebook: `${swapTokens ? 'IGAA' : 'EAA'}-sandbox-${token}`,
	});
	const panel: INodeParameters = { authentication: 'instagramLogin', options: {}, ...parameters };
	const context = {
		getNode: () => NODE,
		getCurrentNodeParameter: (name: string) => panel[name],
		getTimezone: () => 'Europe/Berlin',
		getCredentials: async (type: string) => credentials[type],
		helpers: {
			httpRequestWithAuthentication: (credentialType: string, request: object) =>
				answer({ ...request, credentialType } as Parameters<typeof answer>[0]),
		},
	} as unknown as ILoadOptionsFunctions;
	return await (methods[method] ?? expect.fail(method)).call(context, filter);
}

describe('searchAccounts', () => {
	test("begins with the token's own account and all accounts, then lists what the token reaches", async () => {
		const { results } = await search('searchAccounts', { token: 'agency', authentication: 'facebookLogin' });
		expect(results[0]).toEqual({ name: "The token's own account", value: 'me' });
		expect(results[1]).toEqual({ name: 'All accounts', value: 'all' });
		expect(results[2]).toEqual({
			name: '@casa.canela.bakery (Casa Canela)',
			value: sandbox.world.account('bakery').id,
			url: 'https://www.instagram.com/casa.canela.bakery/',
		});
		expect(results).toHaveLength(6);
	});

	test.each([
		['the webhook trigger', new InstagramInsightsTrigger().methods.listSearch],
		['the polling trigger', new InstagramInsightsPollingTrigger().methods.listSearch],
	])('offers one account at a time to %s', async (_, methods) => {
		const { results } = await search('searchAccounts', { token: 'agency', authentication: 'facebookLogin' }, methods);
		expect(results.map(({ value }) => value)).not.toContain('all');
		expect(results).toHaveLength(5);
	});

	test('says what to do if the token reaches no account', async () => {
		sandbox.setScenario({ scenario: 'no-accounts' });
		const searching = search('searchAccounts', { token: 'agency', authentication: 'facebookLogin' });
		await expect(searching).rejects.toMatchObject({
			name: 'NodeApiError',
			message: 'The token reaches no Instagram professional account',
			// n8n shows five lines of about 40 characters, and the rest only to those who scroll.
			description: expect.stringMatching(/^(?=.{1,200}$).*business_management.*Or enter the account ID\.$/),
		});
		sandbox.clearScenarios();
	});

	test("says the cause and what to do first, where Meta refuses, and Meta's words below", async () => {
		for (const method of ['searchAccounts', 'searchMedia', 'searchStories'] as const) {
			const failing = search(method, { token: 'bakery-expired', authentication: 'facebookLogin' });
			await expect(failing).rejects.toMatchObject({
				name: 'NodeApiError',
				message: expect.stringMatching(/^[A-Z].*: The token has expired\. Connect the account again/),
				description: expect.stringContaining('Meta says'),
			});
		}
	});

	test('narrows by the text typed, whatever its case', async () => {
		const { results } = await search('searchAccounts', {
			token: 'agency',
			authentication: 'facebookLogin',
			filter: 'TRAILS',
		});
		expect(results.map(({ name }) => name)).toEqual(['@northwind.trails (Northwind Trails)']);
	});
});

describe('searchMedia', () => {
	test('lists the newest 100 in one call', async () => {
		sandbox.resetRequests();
		const { results } = await search('searchMedia', { token: 'large' });
		expect(results.map(({ value }) => value)).toEqual(
			sandbox.world
				.account('large')
				.media()
				.slice(0, 100)
				.map(({ id }) => id),
		);
		expect(sandbox.counts().httpRequests).toBe(1);
	});

	test('looks through the newest 500 for a text', async () => {
		sandbox.resetRequests();
		const { results } = await search('searchMedia', { token: 'large', filter: 'no such caption' });
		expect(results).toEqual([]);
		expect(sandbox.counts().httpRequests).toBe(5);
	});

	test('finds by caption', async () => {
		const { results } = await search('searchMedia', { token: 'large', filter: 'packing list' });
		expect(results.length).toBeGreaterThan(0);
		for (const { name } of results) expect(name).toContain('Packing list, winter');
	});

	test('lists the media of the account chosen above', async () => {
		const account = { __rl: true, mode: 'list', value: sandbox.world.account('tiny').id };
		const { results } = await search('searchMedia', { token: 'agency', authentication: 'facebookLogin', account });
		expect(results).toHaveLength(6);
	});
});

describe('searchStories', () => {
	test('lists the live stories', async () => {
		const { results } = await search('searchStories', { token: 'bakery' });
		expect(results.map(({ value }) => value)).toEqual(
			sandbox.world
				.account('bakery')
				.stories()
				.map(({ id }) => id),
		);
	});
});

describe('a list that cannot be shown', () => {
	const own = { __rl: true, mode: 'list', value: 'me' };
	const lists = ['searchAccounts', 'searchMedia', 'searchStories'] as const;

	test.each(lists)('says why and what to do when Meta refuses: %s', async (method) => {
		await expect(search(method, { token: 'bakery-expired', account: own })).rejects.toMatchObject({
			name: 'NodeApiError',
			message: expect.stringMatching(/The token has expired. Connect/),
			description: expect.stringContaining('Code 190, subcode 463'),
		});
	});

	test.each(lists)('names the credential when the token is of the other login: %s', async (method) => {
		const searching = search(method, { token: 'bakery', account: own, authentication: 'facebookLogin' }, undefined, {
			swapTokens: true,
		});
		await expect(searching).rejects.toMatchObject({
			name: 'NodeApiError',
			message: expect.stringContaining('begins with IGAA'),
			description: expect.stringContaining('Instagram Insights API'),
		});
	});

	test.each([
		['searchMedia', 'no posts or reels', 'Choose another account'],
		['searchStories', 'no live stories', 'Story: Get Many'],
	] as const)('says that there is nothing to choose from: %s', async (method, message, description) => {
		await expect(search(method, { token: 'brand-new', account: own })).rejects.toMatchObject({
			name: 'NodeApiError',
			message: expect.stringContaining(message),
			description: expect.stringContaining(description),
		});
	});

	test.each([
		['all', 'belongs to one account'],
		['={{ $json.account }}', 'is an expression'],
		['bakery', 'account ID'],
	])('says which account it needs: %s', async (value, message) => {
		const account = { __rl: true, mode: 'id', value };
		const searching = search('searchMedia', { token: 'agency', authentication: 'facebookLogin', account });
		await expect(searching).rejects.toMatchObject({
			name: 'NodeApiError',
			message: expect.stringMatching(new RegExp(`^Account: .*${message}`)),
		});
	});

	test('needs a fixed way to sign in', async () => {
		const searching = search('searchAccounts', { token: 'bakery', authentication: '={{ $json.login }}' });
		await expect(searching).rejects.toThrow(/^Authentication: Its value is an expression/);
	});

	test('does not need options that are expressions', async () => {
		const options = { graphVersion: '={{ $json.version }}' };
		const { results } = await search('searchAccounts', { token: 'bakery', options });
		expect(results).toHaveLength(3);
	});
});

describe('toListItem', () => {
	test('shows the day, the kind and the beginning of the caption', () => {
		const item = toListItem({
			id: '18000000000000001',
			caption: `How we\nbake ${'bread '.repeat(20)}`,
			media_product_type: 'REELS',
			timestamp: '2026-11-20T10:20:30+0000',
		});
		expect(item.name).toBe('2026-11-20 Reel: How we bake bread bread bread bread bread bread bread bre...');
	});

	test('shows the time of a story, which has no caption', () => {
		const item = toListItem({ id: '18', media_product_type: 'STORY', timestamp: '2026-11-20T10:20:30+0000' });
		expect(item).toEqual({ name: '2026-11-20 10:20 UTC Story', value: '18' });
	});
});
