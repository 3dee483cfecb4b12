import { addDays, pacificDay } from '@instagram-insights/core/internal';
import { describe, expect, test } from 'vitest';
import { LOGINS, useSandbox, week } from '../../ask-sandbox.mts';

const { bakery, owner, ask } = useSandbox();

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
