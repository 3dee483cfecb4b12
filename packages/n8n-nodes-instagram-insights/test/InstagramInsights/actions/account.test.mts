import { addDays, pacificDay } from '@instagram-insights/core/internal';
import type { INodeParameters } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { LOGINS, useSandbox, week } from '../../ask-sandbox.mts';

const { sandbox, bakery, owner, ask } = useSandbox();

describe.each(LOGINS)('account: get with %s', (login) => {
	test('returns the profile, with ids as text', async () => {
		const { rows } = await ask(login, { resource: 'account', operation: 'get' });
		expect(rows).toEqual([
			expect.objectContaining({
				...owner(),
				followers_count: bakery().followersNow(),
			}),
		]);
	});

	test('returns only the chosen fields after the account, in one request', async () => {
		const parameters = { resource: 'account', operation: 'get', options: { fields: ['username', 'media_count'] } };
		const { rows, httpRequests } = await ask(login, parameters);
		expect(Object.keys(rows[0] ?? {})).toEqual(['account_id', 'username', 'media_count', 'unavailable']);
		// Facebook Login looks for the account first.
		expect(httpRequests).toBe(login === 'instagramLogin' ? 1 : 2);
	});

	test("returns Meta's own names when not simplified", async () => {
		const { rows } = await ask(login, { resource: 'account', operation: 'get', simplify: false });
		const id = login === 'instagramLogin' ? bakery().appScopedId : bakery().id;
		expect(rows).toEqual([expect.objectContaining({ id, username: 'casa.canela.bakery' })]);
	});
});

describe('account, when the workflow is a day ahead of California', () => {
	// 22:30 on 30 November in California, 15:30 on 1 December in Tokyo.
	beforeAll(() => void vi.setSystemTime('2026-12-01T06:30:00Z'));
	afterAll(() => void vi.useRealTimers());
	const inTokyo = (parameters: INodeParameters) =>
		ask('instagramLogin', { resource: 'account', metrics: ['views'], ...parameters }, { timeZone: 'Asia/Tokyo' });
	const today = '2026-12-01T00:00:00+09:00';

	test('reads November as Last Month', async () => {
		const { rows } = await inTokyo({ operation: 'getInsights', dateRange: 'lastMonth' });
		expect(rows).toMatchObject([{ since: '2026-11-01', until: '2026-11-30', views: expect.any(Number) as number }]);
	});

	test("says when the first day of the month ends in the workflow's time zone", async () => {
		const asked = inTokyo({ operation: 'compare', dateRange: 'thisMonth' });
		await expect(asked).rejects.toThrow('2026-12-01 ends in California on 2 Dec 2026, 17:00 in Asia/Tokyo');
	});

	test('says that days of the month have not begun, for a list of posts', async () => {
		const list = { resource: 'media', operation: 'getMany', dateRange: 'thisMonth' };
		const { hints } = await inTokyo(list);
		expect(hints).toContainEqual(expect.stringContaining('have not begun in Los Angeles'));
	});

	test('leaves out the day that has not begun, and says so', async () => {
		const custom = { dateRange: 'custom', since: '2026-11-28', until: today };
		const { rows, hints } = await inTokyo({ operation: 'getInsights', ...custom });
		expect(rows).toMatchObject([{ since: '2026-11-28', until: '2026-12-01', views: expect.any(Number) as number }]);
		expect(hints).toContainEqual(expect.stringMatching(/^No numbers yet from 2026-12-01 on: .*California/));
		const compared = await inTokyo({ operation: 'compare', ...custom });
		expect(compared.rows).toMatchObject([{ until: '2026-11-30', current: expect.any(Number) as number }]);
		expect(compared.hints).toContainEqual(expect.stringContaining('have not begun in Los Angeles'));
	});

	test.each([
		['custom', { dateRange: 'custom', since: today, until: today }],
		['thisMonth', { dateRange: 'thisMonth' }],
	])('gives an empty value with the reason where no day of the range has begun: %s', async (_name, range) => {
		const { rows, hints, requests } = await inTokyo({ operation: 'getInsights', ...range });
		expect(rows).toMatchObject([{ views: null, unavailable: expect.stringContaining('views: not-begun') as string }]);
		expect(hints).toContainEqual(expect.stringContaining('not begun in California'));
		expect(requests.filter(({ url }) => String(url).includes('insights'))).toEqual([]);
	});
});

describe.each(LOGINS)('account: getAudience with %s', (login) => {
	test('returns one item per bucket', async () => {
		const { rows } = await ask(login, { resource: 'account', operation: 'getAudience', breakdown: 'gender' });
		expect(rows.map(({ metric, dimension, value }) => [metric, dimension, value]).sort()).toEqual([
			['follower_demographics', 'gender', 'F'],
			['follower_demographics', 'gender', 'M'],
			['follower_demographics', 'gender', 'U'],
		]);
		expect(rows.every(({ count }) => Number(count) > 0)).toBe(true);
	});

	test.each(['follower_demographics', 'engaged_audience_demographics'])(
		'crosses age and gender of %s',
		async (metric) => {
			const chosen = { resource: 'account', operation: 'getAudience', breakdown: 'age,gender', metrics: [metric] };
			const { rows } = await ask(login, chosen);
			expect(rows[0]).toMatchObject({
				dimension: 'age,gender',
				value: expect.stringMatching(/^\d\d.*,[FMU]$/) as string,
			});
		},
	);

	test('says why a small account has none', async () => {
		const { rows, hints } = await ask(login, { resource: 'account', operation: 'getAudience' }, { token: 'tiny' });
		expect(rows).toEqual([
			{
				account_id: sandbox().world.account('tiny').id,
				username: 'pots.by.ines',
				metric: 'follower_demographics',
				dimension: 'country',
				value: null,
				count: null,
				unavailable: expect.stringMatching(/^follower_demographics: [a-z-]+$/) as string,
			},
		]);
		expect(hints).toContainEqual(expect.stringContaining('demographics under 100 followers'));
	});
});

describe.each(LOGINS)('account: getOnlineFollowers with %s', (login) => {
	test('returns one item per hour and day', async () => {
		const day = week().until;
		const { rows, hints } = await ask(login, {
			resource: 'account',
			operation: 'getOnlineFollowers',
			dateRange: 'custom',
			since: day,
			until: day,
		});
		const truth = bakery().onlineFollowers(day);
		expect(rows).toHaveLength(24);
		expect(rows[0]).toEqual({
			...owner(),
			date: day,
			hour: 0,
			timezone: 'not known',
			online_followers: truth['0'],
			unavailable: '',
		});
		expect(hints).toContainEqual(expect.stringContaining('does not say which time zone these hours are in'));
		expect(rows[23]).toMatchObject({ hour: 23, online_followers: truth['23'] });
	});

	test('returns one item with the reason for a day that is not counted yet, and says so', async () => {
		const today = pacificDay(new Date());
		const parameters = { resource: 'account', operation: 'getOnlineFollowers', dateRange: 'last7Days' };
		const { rows, hints } = await ask(login, parameters);
		expect(new Set(rows.map(({ date }) => date)).size).toBe(7);
		expect(rows.at(-1)).toMatchObject({
			date: addDays(today, -1),
			hour: null,
			online_followers: null,
			unavailable: 'online_followers: no-data',
		});
		expect(hints).toContainEqual(expect.stringContaining('up to 48 hours'));
	});
});

describe('account: getOnlineFollowers', () => {
	test('names the ranges that online followers can have', async () => {
		const parameters = { resource: 'account', operation: 'getOnlineFollowers', dateRange: 'last90Days' };
		await expect(ask('instagramLogin', parameters)).rejects.toThrow(
			'Date Range: "last90Days" reaches further back than Meta keeps. Choose one of yesterday, last7Days',
		);
	});
});

describe.each(LOGINS)('account: compare with %s', (login) => {
	test('returns this period with the one before', async () => {
		const { since, until } = week();
		const parameters = { resource: 'account', operation: 'compare', metrics: ['views'], ...week() };
		const { rows } = await ask(login, parameters);
		const current = Number(bakery().total('views', since, until));
		const previous = Number(bakery().total('views', addDays(since, -7), addDays(until, -7)));
		expect(rows).toEqual([
			{
				...owner(),
				metric: 'views',
				current,
				previous,
				change: current - previous,
				changePercent: Math.round(((current - previous) / previous) * 10_000) / 100,
				since,
				until,
				previousSince: addDays(since, -7),
				previousUntil: addDays(until, -7),
				unavailable: '',
			},
		]);
	});
});

describe('account: compare', () => {
	const compare = { resource: 'account', operation: 'compare', metrics: ['reach'] };

	test.each([
		['thisMonth', undefined, 'same days of last month'],
		['lastMonth', undefined, 'the month before'],
		['last7Days', undefined, 'the days right before'],
		['last7Days', 'previousYear', 'the same days a year ago'],
	] as const)('sets %s, compared with %s, beside %s', async (dateRange, compareWith, _) => {
		const asked = { ...compare, metrics: ['views'], dateRange, ...(compareWith ? { compareWith } : {}) };
		// On the first of a month there is nothing to compare yet.
		const result = await ask('instagramLogin', asked).catch((error: Error) => error);
		if (result instanceof Error) {
			expect(result.message).toContain('This month has no complete day yet');
			return;
		}
		const [row] = result.rows;
		const [since, until] = [String(row?.since), String(row?.until)];
		const shifted = (day: string, months: number) => {
			const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
			const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
			return new Date(Date.UTC(year, month - 1 - months, Math.min(date, last))).toISOString().slice(0, 10);
		};
		if (dateRange === 'thisMonth') {
			expect(until < pacificDay(new Date())).toBe(true);
			expect([row?.previousSince, row?.previousUntil]).toEqual([shifted(since, 1), shifted(until, 1)]);
		} else if (dateRange === 'lastMonth') {
			expect([row?.previousSince, row?.previousUntil]).toEqual([shifted(since, 1), addDays(since, -1)]);
		} else if (compareWith === 'previousYear') {
			expect([row?.previousSince, row?.previousUntil]).toEqual([shifted(since, 12), shifted(until, 12)]);
		} else {
			expect([row?.previousSince, row?.previousUntil]).toEqual([addDays(since, -7), addDays(since, -1)]);
		}
	});

	test('says that people in a long period are not added up', async () => {
		const until = addDays(pacificDay(new Date()), -7);
		const days = { dateRange: 'custom', since: addDays(until, -44), until };
		const { rows, hints } = await ask('facebookLogin', { ...compare, ...days });
		expect(rows[0]).toMatchObject({ current: null, unavailable: 'reach: not-additive' });
		expect(hints).toContainEqual(expect.stringContaining('Compare shorter periods.'));
		expect(hints).not.toContainEqual(expect.stringContaining('gave no value'));
		expect(hints).not.toContainEqual(expect.stringContaining('48 hours'));
	});

	test('says that the last two days may still grow', async () => {
		const { hints } = await ask('instagramLogin', { ...compare, dateRange: 'last7Days' });
		expect(hints).toContainEqual(expect.stringContaining('up to 48 hours'));
	});
});

describe('account: the account', () => {
	const get = { resource: 'account', operation: 'getInsights' };

	test('must be chosen under Account if the token reaches several', async () => {
		const failure = ask('facebookLogin', get, { token: 'agency' });
		await expect(failure).rejects.toThrow(/^The token reaches \d+ Instagram accounts: /);
		await expect(failure).rejects.toMatchObject({
			description: 'Choose the one to read under "Account". Account: Get Many lists them with their IDs.',
		});
	});

	test.each([
		['an expression that gives nothing', { __rl: true, mode: 'id', value: undefined }],
		['a bare expression that gives nothing', ''],
	])('is never the own one by accident: %s', async (_, account) => {
		await expect(ask('instagramLogin', { ...get, account })).rejects.toThrow('Account: The ID is empty.');
	});

	test('is refused as a number that lost its last digits', async () => {
		const account = { __rl: true, mode: 'id', value: Number('17841400000000001') };
		await expect(ask('instagramLogin', { ...get, account })).rejects.toThrow('Account: This ID came as a number');
	});

	test('gets no advice about posts when it does not exist', async () => {
		const account = { __rl: true, mode: 'id', value: '17841499999999999' };
		await expect(ask('facebookLogin', { ...get, account })).rejects.toMatchObject({
			description: expect.not.stringMatching(/\bpost\b/) as string,
		});
	});
});
