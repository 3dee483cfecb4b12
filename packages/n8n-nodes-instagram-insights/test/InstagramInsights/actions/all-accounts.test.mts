import { addDays, pacificDay } from '@instagram-insights/core/internal';
import type { IHttpRequestOptions } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { useSandbox } from '../../ask-sandbox.mts';

/** With the four that every world has, 100 accounts; 3 of them refuse, and the Page of one belongs to no portfolio. */
const MORE = Array.from({ length: 96 }, (_, index) => ({
	key: `client${index}`,
	username: `client.${index}`,
	refuses: [7, 50, 95].includes(index),
	inPortfolio: index !== 3,
	posts: { count: 120, everyHours: 24 },
}));
const { sandbox, ask } = useSandbox({ accounts: MORE });
const ALL = { __rl: true, mode: 'list', value: 'all' };
const everyone = () => Object.values(sandbox().world.accounts);
const until = addDays(pacificDay(new Date()), -7);
const days = { dateRange: 'custom', since: addDays(until, -27), until };

describe('all accounts', () => {
	test('reads 28 days of totals of 100 accounts in at most 100 Meta calls and 4 requests', async () => {
		const parameters = {
			resource: 'account',
			operation: 'getInsights',
			account: ALL,
			metrics: ['reach', 'views'],
			...days,
		};
		const { rows, hints, httpRequests } = await ask('facebookLogin', parameters, { token: 'agency' });
		expect(rows.map(({ account_id }) => account_id)).toEqual(everyone().map(({ id }) => id));
		for (const [index, account] of everyone().entries()) {
			const row = rows[index];
			expect(Object.keys(row ?? {})).toEqual(Object.keys(rows[0] ?? {}));
			expect(row).toMatchObject({ username: account.username });
			if (account.refuses) {
				expect(row).toMatchObject({ reach: null, views: null });
				expect(row?.unavailable).toMatch(/^account: permission: .*does not have permission/);
			} else if (account.key.startsWith('client')) {
				expect(row?.views).toBe(account.total('views', days.since, days.until));
			}
		}
		expect(hints.join(' ')).toContain('3 of 100 accounts could not be read: client.7, client.50, client.95');
		expect(httpRequests).toBeLessThanOrEqual(4);
		// The list of accounts is one call more than the accounts themselves.
		expect(sandbox().counts().metaCalls).toBeLessThanOrEqual(101);
	});

	test('says that some numbers are missing, not that all are, when one account has none', async () => {
		const parameters = { resource: 'account', operation: 'getInsights', account: ALL, metrics: ['reach'], ...days };
		const { rows, hints } = await ask('facebookLogin', parameters, { token: 'agency' });
		expect(rows.find(({ username }) => username === 'just.opened.today')?.unavailable).toBe('reach: no-data');
		expect(hints.join(' ')).toContain('Instagram returned no value for some metrics');
		expect(hints.join(' ')).not.toContain('without any number');
	});

	test('reads 100 posts of each of 100 accounts in at most 100 requests', async () => {
		const parameters = { resource: 'media', operation: 'getMany', account: ALL, returnAll: false, limit: 100 };
		const { rows, httpRequests } = await ask('facebookLogin', parameters, { token: 'agency' });
		const good = everyone().filter(({ key, refuses }) => key.startsWith('client') && !refuses);
		for (const account of good) {
			const own = rows.filter(({ account_id }) => account_id === account.id);
			expect(own.map(({ id }) => id)).toEqual(
				account
					.media()
					.slice(0, 100)
					.map(({ id }) => id),
			);
		}
		expect(httpRequests).toBeLessThanOrEqual(100);
	});

	test.each([
		{ resource: 'media', operation: 'getMany', limit: 2 },
		{ resource: 'story', operation: 'getMany' },
		{ resource: 'account', operation: 'getInsights', metrics: ['reach'], ...days },
		{ resource: 'account', operation: 'get' },
	])(
		"names the account in Meta's own objects too, beside what Meta sent: $resource, $operation",
		async (parameters) => {
			const raw = { ...parameters, simplify: false };
			const { rows } = await ask('facebookLogin', { ...raw, account: ALL }, { token: 'agency' });
			const { id } = sandbox().world.account('large');
			const alone = await ask('facebookLogin', raw, { token: 'large' });
			const own = rows.filter(({ account_id }) => account_id === id);
			expect(alone.rows.length).toBeGreaterThan(0);
			expect(rows.filter(({ account_id }) => account_id === undefined)).toEqual([]);
			expect(own).toEqual(alone.rows.map((row) => ({ account_id: id, ...row })));
		},
	);

	test('returns an error item for an account that is refused, with continue on fail', async () => {
		const parameters = { resource: 'account', operation: 'getInsights', account: ALL, metrics: ['views'], ...days };
		const { items } = await ask('facebookLogin', parameters, { token: 'agency', continueOnFail: true });
		expect(items).toHaveLength(100);
		const failed = items.filter(({ json }) => 'error' in json);
		expect(failed).toHaveLength(3);
		for (const { json } of failed) expect(String(json.error)).toMatch(/account \d+/);
	});

	test.each([
		['code 100', { code: 100, message: 'Words of tomorrow' }],
		['a lost role on one Page', { code: 190, error_subcode: 492, message: 'The user must be an administrator' }],
		['an account that is gone', { code: 190, message: 'The account was deleted' }],
	])('gives an account its reason, and the others their numbers: %s', async (_, error) => {
		const pages = ['17841400000000001', '17841400000000002'].map((id) => ({
			id: `1${id.slice(-3)}`,
			instagram_business_account: { id, username: `u${id.slice(-1)}`, media_count: 5 },
		}));
		const body = { data: [{ name: 'views', total_value: { value: 7 } }] };
		const answer = async (request: IHttpRequestOptions) => {
			const items = JSON.parse(String((request.body as { batch?: string } | undefined)?.batch ?? '[]')) as {
				relative_url: string;
			}[];
			const of = (url: string) => (url.includes('0002/') ? { code: 400, text: { error } } : { code: 200, text: body });
			const batch = items.map(({ relative_url }) => {
				const { code, text } = of(relative_url);
				return { code, body: JSON.stringify(text) };
			});
			const alone = of(String(request.url));
			if (String(request.url).includes('/me/accounts')) alone.text = { data: pages } as never;
			return {
				statusCode: items.length > 0 ? 200 : alone.code,
				headers: {},
				body: JSON.stringify(items.length > 0 ? batch : alone.text),
			};
		};
		const parameters = { resource: 'account', operation: 'getInsights', account: ALL, metrics: ['views'], ...days };
		const { rows, hints } = await ask('facebookLogin', parameters, { answer });
		expect(rows.map(({ views }) => views)).toEqual([7, null]);
		expect(rows[1]?.unavailable).toContain(error.message);
		expect(hints.join(' ')).toContain('1 of 2 accounts could not be read: u2');
	});

	test('stops at once for an error that concerns all accounts', async () => {
		const parameters = { resource: 'account', operation: 'getInsights', account: ALL, metrics: ['views'], ...days };
		const failure = ask('facebookLogin', parameters, { token: 'bakery-expired' });
		await expect(failure).rejects.toThrow();
		expect(sandbox().counts().httpRequests).toBe(1);
	});

	test('is the one account of a token of Instagram Login', async () => {
		const parameters = { resource: 'account', operation: 'getInsights', account: ALL, metrics: ['views'], ...days };
		const { rows } = await ask('instagramLogin', parameters);
		expect(rows).toEqual([expect.objectContaining({ username: 'casa.canela.bakery' })]);
	});

	test.each([
		['media', 'get'],
		['media', 'getInsights'],
		['story', 'getInsights'],
	])('is not a choice for %s: %s, which is about one account', async (resource, operation) => {
		const one = { __rl: true, mode: 'id', value: '18000000000000001' };
		const parameters = { resource, operation, account: ALL, media: one, metrics: ['reach'] };
		for (const items of [parameters, [parameters, parameters]]) {
			await expect(ask('facebookLogin', items, { token: 'agency' })).rejects.toThrow(/belongs to one account/);
		}
	});
});

test('the error of a token that reaches 100 accounts names a few of them', async () => {
	const failure = ask('facebookLogin', { resource: 'account', operation: 'get' }, { token: 'agency' });
	await expect(failure).rejects.toThrow(
		/^The token reaches 100 Instagram accounts: (?:[\w.]+ \(\d+\),? ){5}and 95 more$/,
	);
});

test('one item that asks for all accounts costs no other item', async () => {
	const media = { __rl: true, mode: 'id', value: sandbox().world.account('bakery').media()[0]?.id ?? '' };
	const one = { resource: 'media', operation: 'getInsights', metrics: ['reach'], media };
	const { items } = await ask('facebookLogin', [one, { ...one, account: ALL }, one], { continueOnFail: true });
	expect(items.map(({ json, pairedItem }) => [pairedItem, 'error' in json, json.username])).toEqual([
		[{ item: 0 }, false, 'casa.canela.bakery'],
		[{ item: 1 }, true, undefined],
		[{ item: 2 }, false, 'casa.canela.bakery'],
	]);
});

describe('account: getMany', () => {
	test('lists the accounts with their followers, posts and Pages in one request', async () => {
		const { rows, httpRequests } = await ask(
			'facebookLogin',
			{ resource: 'account', operation: 'getMany' },
			{ token: 'agency' },
		);
		expect(rows).toHaveLength(100);
		const bakery = sandbox().world.account('bakery');
		expect(rows[0]).toEqual({
			account_id: bakery.id,
			username: 'casa.canela.bakery',
			name: 'Casa Canela',
			followers_count: bakery.followersNow(),
			media_count: bakery.media().length,
			pageId: bakery.pageId,
			pageName: 'Casa Canela',
			portfolio: 'Sandbox business',
			portfolio_id: '990011223344',
			id: bakery.id,
			unavailable: '',
		});
		expect(httpRequests).toBe(1);
	});

	test('lists the accounts without portfolios if the token may not read them, and says why', async () => {
		const parameters = { resource: 'account', operation: 'getMany' };
		const { rows } = await ask('facebookLogin', parameters, { token: 'client3-no-portfolio-permission' });
		expect(rows).toEqual([expect.objectContaining({ pageName: 'client3', portfolio: null, portfolio_id: null })]);
		expect(rows[0]?.unavailable).toMatch(
			/^portfolio: no-permission: Requires business_management permission \(code 200, trace ID \w+\); portfolio_id: no-permission: /,
		);
	});

	test('gives the reason for a Page outside any portfolio', async () => {
		const { rows } = await ask('facebookLogin', { resource: 'account', operation: 'getMany' }, { token: 'client3' });
		expect(rows).toEqual([
			expect.objectContaining({ portfolio: null, unavailable: 'portfolio: no-data; portfolio_id: no-data' }),
		]);
	});

	test.each(['getMany', 'getInsights'])(
		'fails with the way out where the token reaches no account: %s',
		async (operation) => {
			const parameters = { resource: 'account', operation, account: ALL };
			await expect(ask('facebookLogin', parameters, { token: 'agency+no-accounts' })).rejects.toMatchObject({
				message: 'The token reaches no Instagram professional account',
				description: expect.stringContaining('pages_show_list'),
			});
		},
	);

	test('is the own account with Instagram Login, which has no Page and no portfolio', async () => {
		const { rows } = await ask('instagramLogin', { resource: 'account', operation: 'getMany' });
		expect(rows).toEqual([
			expect.objectContaining({
				username: 'casa.canela.bakery',
				pageId: null,
				portfolio: null,
				unavailable: ['pageId', 'pageName', 'portfolio', 'portfolio_id']
					.map((column) => `${column}: unsupported`)
					.join('; '),
			}),
		]);
	});
});
