import { addDays, pacificDay } from '@instagram-insights/core/internal';
import type { INodeParameters } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { LOGINS, useSandbox } from '../../ask-sandbox.mts';

const { sandbox, ask } = useSandbox();
const bakery = () => sandbox().world.account('bakery');
const owner = () => ({ account_id: bakery().id, username: 'casa.canela.bakery' });
/** A week that Meta has worked out in full. */
const week = () => {
	const until = addDays(pacificDay(new Date()), -7);
	return { dateRange: 'custom', since: addDays(until, -6), until };
};

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

describe.each(LOGINS)('account: getInsights with %s', (login) => {
	test('returns one item with a total for each metric', async () => {
		const { since, until, dateRange } = week();
		const parameters = {
			resource: 'account',
			operation: 'getInsights',
			metrics: ['reach', 'views'],
			dateRange,
			since,
			until,
		};
		const { rows } = await ask(login, parameters);
		expect(rows).toEqual([
			{
				...owner(),
				since,
				until,
				reach: bakery().total('reach', since, until),
				views: bakery().total('views', since, until),
				unavailable: '',
			},
		]);
	});

	test('works with its defaults and a credential', async () => {
		const { rows, httpRequests } = await ask(login, {});
		expect(rows).toHaveLength(1);
		expect(Object.keys(rows[0] ?? {})).toEqual(
			expect.arrayContaining(['since', 'until', 'reach', 'views', 'accounts_engaged', 'total_interactions']),
		);
		// The numbers, and the account by its user name.
		expect(httpRequests).toBe(2);
	});

	test('returns one item a day for daily rows', async () => {
		const parameters = {
			resource: 'account',
			operation: 'getInsights',
			granularity: 'daily',
			metrics: ['reach'],
			...week(),
		};
		const { rows } = await ask(login, parameters);
		expect(rows.map(({ date }) => date)).toEqual(Array.from({ length: 7 }, (_, day) => addDays(week().since, day)));
		expect(rows.map(({ reach }) => reach)).toEqual(rows.map(({ date }) => bakery().onDay('reach', String(date))));
		expect(Object.keys(rows[0] ?? {})).toEqual(['account_id', 'username', 'date', 'reach', 'unavailable']);
	});

	test('returns one item per bucket for a breakdown', async () => {
		const { since, until } = week();
		const parameters = {
			resource: 'account',
			operation: 'getInsights',
			breakdown: 'follow_type',
			metrics: ['views'],
			...week(),
		};
		const { rows } = await ask(login, parameters);
		const truth = bakery().breakdown('views', ['follow_type'], since, until);
		expect(rows).toEqual(
			truth.map(({ dimensionValues, value }) => ({
				...owner(),
				since,
				until,
				metric: 'views',
				dimension: 'follow_type',
				value: dimensionValues.join(),
				count: value,
				unavailable: '',
			})),
		);
	});

	test("returns Meta's own objects when not simplified", async () => {
		const parameters = { resource: 'account', operation: 'getInsights', metrics: ['reach', 'views'], simplify: false };
		const { rows } = await ask(login, parameters);
		expect(rows).toEqual([
			expect.objectContaining({ name: 'reach', period: 'day', total_value: { value: expect.any(Number) as number } }),
			expect.objectContaining({ name: 'views', period: 'day', total_value: { value: expect.any(Number) as number } }),
		]);
		expect(JSON.stringify(rows)).not.toContain('access_token');
	});
});

describe.each(LOGINS)('account: getInsights with computed metrics and %s', (login) => {
	test('gives no reason for a number that the row does not show', async () => {
		const { rows, hints } = await ask(login, {
			resource: 'account',
			operation: 'getInsights',
			metrics: ['reach'],
			computed: ['non_follower_share'],
			...week(),
		});
		expect(rows).toMatchObject([{ non_follower_share: expect.any(Number), unavailable: '' }]);
		expect(hints).not.toContainEqual(expect.stringContaining('no value for some metrics'));
	});

	test('returns them after the metrics: the inputs of rates are hidden, those of differences are shown', async () => {
		const { since, until } = week();
		const computed = ['engagement_rate', 'follower_growth'];
		const parameters = { resource: 'account', operation: 'getInsights', metrics: ['likes'], computed, ...week() };
		const { rows } = await ask(login, parameters);
		const total = (metric: string) => Number(bakery().total(metric, since, until));
		expect(Object.keys(rows[0] ?? {})).toEqual([
			'account_id',
			'username',
			'since',
			'until',
			'likes',
			'engagement_rate',
			'followers_gained',
			'followers_lost',
			'follower_growth',
			'unavailable',
		]);
		expect(rows[0]).toMatchObject({
			engagement_rate: total('total_interactions') / total('reach'),
			follower_growth: Number(rows[0]?.followers_gained) - Number(rows[0]?.followers_lost),
		});
	});

	test('returns followers in one row: total, gained, lost, net and rate', async () => {
		const until = addDays(pacificDay(new Date()), -1);
		const { rows } = await ask(login, {
			resource: 'account',
			operation: 'getInsights',
			metrics: ['reach'],
			computed: ['followers_count', 'follower_growth', 'follower_growth_rate'],
			dateRange: 'custom',
			since: addDays(until, -13),
			until,
		});
		const followers = bakery().followersNow();
		const net = Number(rows[0]?.followers_gained) - Number(rows[0]?.followers_lost);
		expect(rows).toEqual([
			expect.objectContaining({
				followers_count: followers,
				follower_growth: net,
				follower_growth_rate: net / (followers - net),
				unavailable: '',
			}),
		]);
	});

	test('says why a small account has none', async () => {
		const computed = ['engagement_rate', 'non_follower_share', 'follower_growth_rate'];
		const parameters = { resource: 'account', operation: 'getInsights', metrics: ['views'], computed, ...week() };
		const { rows } = await ask(login, parameters, { token: 'brand-new' });
		for (const name of computed) {
			expect(rows[0]).toHaveProperty(name, null);
			expect(rows[0]?.unavailable).toContain(`${name}: `);
		}
	});
});

describe('account: getInsights over several windows', () => {
	test('adds up what can be added, leaves people empty with the reason, and says so once', async () => {
		const until = addDays(pacificDay(new Date()), -7);
		const since = addDays(until, -59);
		const parameters = {
			resource: 'account',
			operation: 'getInsights',
			metrics: ['reach', 'views'],
			dateRange: 'custom',
			since,
			until,
		};
		const { rows, hints } = await ask('facebookLogin', parameters);
		expect(rows).toEqual([
			{
				...owner(),
				since,
				until,
				reach: null,
				views: bakery().total('views', since, until),
				unavailable: 'reach: not-additive',
			},
		]);
		expect(hints.filter((hint) => hint.includes('same people may be counted in several parts'))).toHaveLength(1);
	});
});

describe('account: getInsights with custom dates', () => {
	test("reads instants as days in the workflow's time zone, and shows the range in that zone", async () => {
		const { rows, hints } = await ask(
			'instagramLogin',
			{
				resource: 'account',
				operation: 'getInsights',
				dateRange: 'custom',
				since: '2026-11-01T23:30:00Z',
				until: '2026-11-03T00:00:00',
			},
			{ timeZone: 'Europe/Berlin' },
		);
		expect(rows[0]).toMatchObject({ since: '2026-11-02', until: '2026-11-03' });
		expect(hints).toContainEqual(
			expect.stringContaining('2026-11-02 to 2026-11-03 is 2 Nov 2026, 09:00 to 4 Nov 2026, 09:00 in Europe/Berlin.'),
		);
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

describe('account: getInsights beyond what Meta keeps', () => {
	test('returns the other metrics of a long range, and says why new followers are missing', async () => {
		const parameters = {
			resource: 'account',
			operation: 'getInsights',
			granularity: 'daily',
			metrics: ['reach', 'follower_count'],
			dateRange: 'last90Days',
		};
		const { rows, hints } = await ask('instagramLogin', parameters);
		expect(rows).toHaveLength(90);
		expect(rows[0]).toMatchObject({
			reach: expect.any(Number) as number,
			new_followers: null,
			unavailable: 'new_followers: outside-retention',
		});
		expect(rows[70]?.new_followers).toEqual(expect.any(Number));
		expect(hints).toContainEqual(expect.stringContaining('new followers, for example, for 30 days'));
	});

	test('names the range parameter if a preset is too long', async () => {
		const parameters = {
			resource: 'account',
			operation: 'getInsights',
			granularity: 'daily',
			metrics: ['follower_count'],
			dateRange: 'last90Days',
		};
		const failure = ask('instagramLogin', parameters);
		await expect(failure).rejects.toThrow(/^Date Range: "follower_count" can be read 30 days back/);
		await expect(failure).rejects.toMatchObject({
			description: 'Change the parameter "Date Range". Nothing was sent to Meta.',
		});
	});

	test('names the day parameter if a custom day is wrong', async () => {
		const custom = { dateRange: 'custom', since: '2020-01-01', until: '2020-01-02' };
		const failure = ask('instagramLogin', { resource: 'account', operation: 'compare', ...custom });
		await expect(failure).rejects.toThrow(/^Since: /);
	});

	test.each([
		[{ since: '', until: '2026-11-02' }, 'Since: The range is Custom, but this is empty. Enter the first day to read'],
		[{ since: '2026-11-01', until: '' }, 'Until: The range is Custom, but this is empty. Enter the last day to read'],
	])('says what to enter where a custom day is blank: %j', async (days, message) => {
		const parameters = { resource: 'account', operation: 'getInsights', dateRange: 'custom', ...days };
		await expect(ask('instagramLogin', parameters)).rejects.toThrow(message);
	});

	test('accepts a preset from an expression without custom days', async () => {
		const parameters = { resource: 'account', operation: 'getInsights', dateRange: 'last7Days', since: '', until: '' };
		const { rows } = await ask('instagramLogin', parameters);
		expect(rows).toHaveLength(1);
	});

	test('names the ranges that online followers can have', async () => {
		const parameters = { resource: 'account', operation: 'getOnlineFollowers', dateRange: 'last90Days' };
		await expect(ask('instagramLogin', parameters)).rejects.toThrow(
			'Date Range: "last90Days" reaches further back than Meta keeps. Choose one of yesterday, last7Days',
		);
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

describe('account: getInsights, only days not yet kept', () => {
	const { since, until } = week();
	const daily = { resource: 'account', operation: 'getInsights', granularity: 'daily', metrics: ['reach'], ...week() };
	const datesFrom = async (lastKeptDay: unknown) => {
		const { rows } = await ask('instagramLogin', { ...daily, options: { lastKeptDay: lastKeptDay as string } });
		return rows.map(({ date }) => date);
	};

	test('continues after the newest day, and reads the last two stored days again', async () => {
		const kept = addDays(until, -2);
		expect(await datesFrom(kept)).toEqual([addDays(kept, -1), kept, addDays(kept, 1), until]);
	});

	test('fills the gap if the workflow has not run for longer than the range', async () => {
		const kept = addDays(since, -10);
		const dates = await datesFrom(kept);
		expect([dates[0], dates.at(-1), dates.length]).toEqual([addDays(kept, -1), until, 18]);
	});

	test('goes on with the oldest day that Meta has where it has forgotten the days before', async () => {
		const dates = await datesFrom(addDays(until, -2000));
		expect([dates[0], dates.at(-1)]).toEqual([addDays(pacificDay(new Date()), -728), until]);
	});

	test.each(['', undefined, null])('reads the whole range for an empty table: %s', async (empty) => {
		expect(await datesFrom(empty)).toHaveLength(7);
	});

	test('sends nothing and says so if every day is stored', async () => {
		const options = { lastKeptDay: addDays(until, 5) };
		const { rows, hints, httpRequests } = await ask('instagramLogin', { ...daily, options });
		expect([rows, httpRequests]).toEqual([[], 0]);
		expect(hints).toContainEqual(expect.stringContaining('already has every day of the range'));
	});

	test('refuses what is not a day', async () => {
		await expect(datesFrom('yesterday')).rejects.toThrow(/Only Days Not Yet Kept: "yesterday" is not a day/);
	});
});
