import { describe, expect, test } from 'vitest';
import { createInsightsClient } from '../../../src/client/insights-client.ts';
import { manualClock } from '../../../src/testing/index.ts';
import { NOON, sandboxStand } from '../sandbox-stand.ts';

const stand = sandboxStand({ world: { accounts: [{ key: 'solo', inPortfolio: false }] } });

describe('accounts', () => {
	test('is the token’s own account with Instagram Login', async () => {
		const large = stand.world().account('large');
		expect(await stand.client('graph.instagram.com').accounts()).toEqual([
			{
				id: large.id,
				username: large.username,
				name: large.name,
				followersCount: large.followersNow(),
				mediaCount: large.media().length,
			},
		]);
	});

	test('also reads an answer wrapped in data', async () => {
		stand.sandbox().setScenario({ scenario: 'wrapped' });
		const [account] = await stand.client('graph.instagram.com').accounts();
		expect(account?.id).toBe(stand.world().account('large').id);
	});

	test('is every account behind the Pages with Facebook Login', async () => {
		const accounts = await stand.client('graph.facebook.com', { token: 'agency' }).accounts();
		expect(accounts.map(({ id }) => id)).toEqual(Object.values(stand.world().accounts).map(({ id }) => id));
		expect(accounts[0]?.page?.id).toBe(Object.values(stand.world().accounts)[0]?.pageId);
	});

	test.each(['large-page', 'large-system-user'])('finds the account of a token like %s', async (token) => {
		const accounts = await stand.client('graph.facebook.com', { token }).accounts();
		expect(accounts).toMatchObject([
			{ id: stand.world().account('large').id, page: { id: stand.world().account('large').pageId } },
		]);
	});
});

describe('accounts with portfolios', () => {
	const portfolio = { id: '990011223344', name: 'Sandbox business' };

	test('names the portfolio of each Page, in one request', async () => {
		const client = stand.client('graph.facebook.com', { token: 'agency' });
		const accounts = await client.accounts({ portfolios: true });
		const byId = new Map(accounts.map((account) => [account.id, account]));
		expect(byId.get(stand.world().account('large').id)).toMatchObject({ portfolio });
		const solo = byId.get(stand.world().account('solo').id);
		expect(solo).not.toHaveProperty('portfolio');
		expect(solo?.noPortfolio?.reason).toBe('no-data');
		expect(stand.sent()).toEqual(['GET /me/accounts 200']);
	});

	test('lists the accounts without them if the token may not read them', async () => {
		const client = stand.client('graph.facebook.com', { token: 'solo-no-portfolio-permission' });
		const [solo, ...others] = await client.accounts({ portfolios: true });
		expect(others).toEqual([]);
		expect(solo).toMatchObject({ id: stand.world().account('solo').id, page: { name: 'solo' } });
		expect(solo?.noPortfolio).toEqual({
			reason: 'no-permission',
			message: expect.stringContaining('Requires business_management permission (code 200'),
		});
		expect(stand.sent()).toEqual(['GET /me/accounts 400', 'GET /me/accounts 200']);
	});

	test('reads the Page of a Page token', async () => {
		const accounts = await stand.client('graph.facebook.com', { token: 'large-page' }).accounts({ portfolios: true });
		expect(accounts).toMatchObject([{ id: stand.world().account('large').id, portfolio }]);
	});

	test('are not requested with Instagram Login', async () => {
		const [account] = await stand.client('graph.instagram.com').accounts({ portfolios: true });
		expect(account?.noPortfolio?.reason).toBe('unsupported');
		expect(stand.sent()).toEqual(['GET /me 200']);
	});

	test('does not repeat a list that fails for another reason', async () => {
		const client = stand.client('graph.facebook.com', { token: 'large-expired' });
		await expect(client.accounts({ portfolios: true })).rejects.toMatchObject({ kind: 'auth' });
		expect(stand.sent()).toEqual(['GET /me/accounts 400']);
	});
});

describe('account', () => {
	const hosts = ['graph.instagram.com', 'graph.facebook.com'] as const;

	test.each(hosts)('returns ID and user name with one request, however often it is called: %s', async (host) => {
		const { id, username } = stand.world().account('large');
		const client = stand.client(host);
		expect(await client.account()).toMatchObject({ id, username });
		expect(await client.account()).toMatchObject({ id, username });
		expect(client.usage().httpRequests).toBe(1);
	});

	test('returns the user name of an account that the caller named', async () => {
		const { id, username } = stand.world().account('bakery');
		const client = stand.client('graph.facebook.com', { token: 'agency', accountId: id });
		expect(await client.account()).toEqual({ id, username });
	});

	test.each(hosts)('sends nothing if the profile has returned both: %s', async (host) => {
		const client = stand.client(host);
		await client.profile();
		const { httpRequests } = client.usage();
		expect(await client.account()).toMatchObject({ id: stand.world().account('large').id });
		expect(client.usage().httpRequests).toBe(httpRequests);
	});

	test('never mistakes the ID that belongs to the app for the account', async () => {
		const client = stand.client('graph.instagram.com');
		await client.profile({ fields: ['username'] });
		expect((await client.account()).id).toBe(stand.world().account('large').id);
	});
});

describe('the account asked when none is named', () => {
	const range = { metrics: ['reach'], since: '2026-11-01', until: '2026-11-07' };

	test('is no longer looked up once the caller has cancelled', async () => {
		const aborter = new AbortController();
		const transport = {
			send(_request: unknown, options?: { signal?: AbortSignal | undefined }): Promise<never> {
				expect(options?.signal).toBe(aborter.signal);
				aborter.abort();
				return new Promise(() => {});
			},
		};
		const client = createInsightsClient({ host: 'graph.facebook.com', transport, clock: manualClock(NOON) });
		const { signal } = aborter;
		await expect(client.accountTotals(range, { signal })).rejects.toMatchObject({ kind: 'cancelled' });
	});

	test('is me with Instagram Login, and the answer names it', async () => {
		const answer = await stand.client('graph.instagram.com').accountTotals(range);
		expect(answer.accountId).toBe(stand.world().account('large').id);
		expect(stand.sent()).toEqual(['GET /me/insights 200']);
	});

	test('is looked up once with Facebook Login if the token reaches only one', async () => {
		const { id } = stand.world().account('large');
		const client = stand.client('graph.facebook.com', { accountId: undefined });
		await client.accountTotals(range);
		await client.accountTotals(range);
		expect(stand.sent()).toEqual(['GET /me/accounts 200', `GET /${id}/insights 200`, `GET /${id}/insights 200`]);
	});

	test('must be named if the token reaches several', async () => {
		const client = stand.client('graph.facebook.com', { token: 'agency' });
		await expect(client.accountTotals(range)).rejects.toMatchObject({
			kind: 'invalid-query',
			message: expect.stringContaining('northwind.trails'),
			advice: 'Choose one of these accounts.',
			problems: [{ field: 'account', reason: 'several-accounts' }],
		});
	});

	test('is the first of several for a question that any account can ask, and for no other question', async () => {
		const client = stand.client('graph.facebook.com', { token: 'agency' });
		const [first] = await stand.client('graph.facebook.com', { token: 'agency' }).accounts();
		stand.sandbox().resetRequests();
		await client.otherAccount('northwind.trails');
		await client.otherAccount('pots.by.ines');
		expect(stand.sent()).toEqual(['GET /me/accounts 200', `GET /${first?.id} 200`, `GET /${first?.id} 200`]);
		await expect(client.accountTotals(range)).rejects.toMatchObject({ problems: [{ reason: 'several-accounts' }] });
	});
});

describe('profile', () => {
	test.each(['graph.facebook.com', 'graph.instagram.com'] as const)('reads the account on %s', async (host) => {
		const large = stand.world().account('large');
		expect(await stand.client(host).profile()).toMatchObject({
			[host === 'graph.instagram.com' ? 'user_id' : 'id']: large.id,
			username: large.username,
			followers_count: large.followersNow(),
		});
	});

	test('reads only the fields asked for, and the id', async () => {
		const profile = await stand.client('graph.facebook.com').profile({ fields: ['username'] });
		expect(Object.keys(profile).sort()).toEqual(['id', 'username']);
	});
});
