import { describe, expect, test } from 'vitest';
import { sandboxForFile } from '../ask.ts';

const { ask } = sandboxForFile({ world: { accounts: [{ key: 'solo', inPortfolio: false }] } });
const PAGES = 'graph.facebook.com/v25.0/me/accounts';

describe('facebookNode', () => {
	test('leads from the token over the Page to the Instagram account', async () => {
		const { body } = await ask(
			`${PAGES}?fields=id,name,access_token,instagram_business_account{id,username}`,
			'EAA-sandbox-bakery',
		);
		expect(body.data).toEqual([
			{
				id: '10209411860111',
				name: 'Casa Canela',
				access_token: 'EAA-sandbox-bakery-page',
				instagram_business_account: { id: '17841401714833111', username: 'casa.canela.bakery' },
			},
		]);
	});

	test('pages through the accounts of an agency', async () => {
		const first = await ask(`${PAGES}?fields=name&limit=3`, 'EAA-sandbox-agency');
		const second = await ask(
			`${PAGES}?fields=name&limit=3&after=${first.body.paging?.cursors?.after}`,
			'EAA-sandbox-agency',
		);
		expect(first.body.data).toHaveLength(3);
		expect(second.body.data).toHaveLength(2);
		expect(second.body.paging?.next).toBeUndefined();
	});

	test('answers the person for me, and the Page for a Page token', async () => {
		expect((await ask('graph.facebook.com/v25.0/me', 'EAA-sandbox-bakery')).body).toEqual({
			id: '122093154511',
			name: 'Sandbox Person',
		});
		expect((await ask('graph.facebook.com/v25.0/me', 'EAA-sandbox-bakery-page')).body).toEqual({
			id: '10209411860111',
			name: 'Casa Canela',
		});
	});

	test('has no media below the person', async () => {
		const { body } = await ask('graph.facebook.com/v25.0/me/media', 'EAA-sandbox-bakery');
		expect(body.error?.message).toBe('(#100) Tried accessing nonexisting field (media) on node type (User)');
	});

	test('has insights of its own below the Page, none of them the account’s', async () => {
		const { status, body } = await ask(
			'graph.facebook.com/v25.0/10209411860111/insights?metric=reach&period=day',
			'EAA-sandbox-bakery',
		);
		expect([status, body.error?.code]).toEqual([400, 100]);
		expect(body.error?.message).toBe('(#100) The value must be a valid insights metric');
	});

	test('gives the Page a token with no more permissions than the one that asks', async () => {
		const pageToken = async (token: string) => {
			const { body } = await ask(`${PAGES}?fields=access_token`, token);
			return String(body.data?.[0]?.access_token);
		};
		const poor = await pageToken('EAA-sandbox-bakery-no-insights-permission');
		expect(await pageToken('EAA-sandbox-bakery-no-insights-permission')).toBe(poor);
		const insights = 'graph.facebook.com/v25.0/17841401714833111/insights?metric=reach&period=day';
		expect((await ask(insights, poor)).body.data).toEqual([]);
		expect((await ask(insights, await pageToken('EAA-sandbox-bakery'))).body.data).toHaveLength(1);
	});

	test('shows which permissions were granted', async () => {
		const { body } = await ask('graph.facebook.com/v25.0/me/permissions', 'EAA-sandbox-bakery-no-insights-permission');
		const status = new Map(
			(body.data as unknown as { permission: string; status: string }[]).map((row) => [row.permission, row.status]),
		);
		expect(status.get('instagram_manage_insights')).toBe('declined');
		expect(status.get('instagram_basic')).toBe('granted');
	});

	test('names the business portfolio of a Page to a token with business_management only', async () => {
		const pages = (token: string) => ask(`${PAGES}?fields=id,business{id,name}`, `EAA-sandbox-${token}`);
		expect((await pages('bakery')).body.data).toEqual([
			{ id: '10209411860111', business: { id: '990011223344', name: 'Sandbox business' } },
		]);
		const [solo] = (await pages('solo')).body.data ?? [];
		expect(Object.keys(solo ?? {})).toEqual(['id']);
		const refused = await pages('solo-no-portfolio-permission');
		expect([refused.status, refused.body.error?.message]).toEqual([
			400,
			'(#200) Requires business_management permission',
		]);
	});

	test('leaves out Pages of a portfolio without business_management', async () => {
		expect((await ask(PAGES, 'EAA-sandbox-bakery-no-portfolio-permission')).body.data).toEqual([]);
		expect((await ask(PAGES, 'EAA-sandbox-solo-no-portfolio-permission')).body.data).toHaveLength(1);
	});

	test('finds the Pages through the business too', async () => {
		const businesses = await ask('graph.facebook.com/v25.0/me/businesses', 'EAA-sandbox-bakery');
		const pages = await ask(
			`graph.facebook.com/v25.0/${businesses.body.data?.[0]?.id}/owned_pages?fields=id`,
			'EAA-sandbox-bakery',
		);
		expect(pages.body.data).toEqual([{ id: '10209411860111' }]);
	});
});
