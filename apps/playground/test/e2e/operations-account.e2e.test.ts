import { addDays, pacificDay } from '@instagram-insights/graph-sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, BOTH_LOGINS, byId, NODE_NAME, openBench, traceOf } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.sandbox.resetRequests());

const bakery = () => bench.sandbox.world.account('bakery');
const today = () => pacificDay(bench.sandbox.world.now());
/** A week whose days are complete. */
function week() {
	const until = addDays(today(), -7);
	return { dateRange: 'custom', since: addDays(until, -6), until };
}
type Bucket = { readonly dimensionValues: readonly string[]; readonly value: number };
/** The world's buckets in the simplified form. */
const buckets = (metric: string, dimension: string, rows: readonly Bucket[], days: object = {}) =>
	rows.map(({ dimensionValues, value }) => ({
		...bench.owner(),
		...days,
		metric,
		dimension,
		value: dimensionValues.join(),
		count: value,
		unavailable: '',
	}));
const daysOf = (since: string, count: number) => Array.from({ length: count }, (_, index) => addDays(since, index));

describe.each(BOTH_LOGINS)('account: get with %s', (login) => {
	test('gives the profile as it is now', async () => {
		const rows = await bench.rows(login, { resource: 'account', operation: 'get' });
		const { name, biography, website, follows, accountType } = bakery();
		const own = login === 'instagramLogin' ? { account_type: accountType ?? 'BUSINESS' } : {};
		expect(rows).toEqual([
			{
				...bench.owner(),
				...own,
				name,
				biography,
				website,
				profile_picture_url: expect.stringContaining('bakery.jpg') as string,
				followers_count: bakery().followersNow(),
				follows_count: follows,
				media_count: 180,
				unavailable: '',
			},
		]);
	});
});

describe.each(BOTH_LOGINS)('account: getInsights with %s', (login) => {
	test('gives one number per metric when only a credential is set', async () => {
		const rows = await bench.rows(login, {});
		const [since, until] = [addDays(today(), -28), addDays(today(), -1)];
		const total = (metric: string) => bakery().total(metric, since, until);
		expect(rows).toEqual([
			{
				...bench.owner(),
				since,
				until,
				reach: total('reach'),
				views: total('views'),
				accounts_engaged: total('accounts_engaged'),
				total_interactions: total('total_interactions'),
				unavailable: '',
			},
		]);
	});

	test('gives one item per day, with new followers named as such', async () => {
		const { since, until, dateRange } = week();
		const metrics = ['reach', 'follower_count', 'views'];
		const rows = await bench.rows(login, {
			resource: 'account',
			operation: 'getInsights',
			granularity: 'daily',
			metrics,
			dateRange,
			since,
			until,
		});
		expect(rows).toEqual(
			daysOf(since, 7).map((date) => ({
				...bench.owner(),
				date,
				reach: bakery().onDay('reach', date),
				new_followers: bakery().onDay('follower_count', date),
				views: bakery().onDay('views', date),
				unavailable: '',
			})),
		);
		// Reach and new followers are one series each. Views take one request per day.
		expect(bench.asked().filter((path) => path.endsWith('/insights'))).toHaveLength(9);
	});

	test('gives one item per bucket, by a breakdown that each item names', async () => {
		const { since, until, dateRange } = week();
		const items = [
			{ breakdown: 'follow_type', metrics: ['views', 'reach'] },
			{ breakdown: 'media_product_type', metrics: ['views', 'likes'] },
			{ breakdown: 'contact_button_type', metrics: ['profile_links_taps'] },
			{ breakdown: 'follow_type,media_product_type', metrics: ['views'] },
		];
		const fromItem = { breakdown: '={{ $json.breakdown }}', metrics: '={{ $json.metrics }}' };
		const parameters = { resource: 'account', operation: 'getInsights', ...fromItem, dateRange, since, until };
		const rows = await bench.rows(login, parameters, { items });
		const truth = items.flatMap(({ breakdown, metrics }) =>
			metrics.flatMap((metric) =>
				buckets(metric, breakdown, bakery().breakdown(metric, breakdown.split(','), since, until), { since, until }),
			),
		);
		expect(rows).toEqual(truth);
		for (const { breakdown } of items) expect(rows.map(({ dimension }) => dimension)).toContain(breakdown);
	});

	test('adds up numbers over 60 days, but never people', async () => {
		const until = addDays(today(), -3);
		const since = addDays(until, -59);
		const range = { dateRange: 'custom', since, until };
		const parameters = { resource: 'account', operation: 'getInsights', metrics: ['reach', 'likes'], ...range };
		const run = await bench.runNode(login, parameters);
		const likes = bakery().total('likes', since, until);
		const [item] = run.items(NODE_NAME);
		if (login === 'instagramLogin') {
			// The Instagram host answers any range at once.
			const reach = bakery().total('reach', since, until);
			expect(item?.json).toEqual({ ...bench.owner(), since, until, reach, likes, unavailable: '' });
		} else {
			const unavailable = 'reach: not-additive';
			expect(item?.json).toEqual({ ...bench.owner(), since, until, reach: null, likes, unavailable });
			expect(traceOf(run).hints).toContainEqual(expect.stringContaining('left empty instead of added up'));
		}
	});
});

describe.each(BOTH_LOGINS)('account: getAudience with %s', (login) => {
	test('gives one item per bucket, by each way to divide it', async () => {
		const breakdowns = ['age', 'city', 'country', 'gender', 'age,gender'];
		const parameters = { resource: 'account', operation: 'getAudience', breakdown: '={{ $json.breakdown }}' };
		const rows = await bench.rows(login, parameters, { items: breakdowns.map((breakdown) => ({ breakdown })) });
		const metric = 'follower_demographics';
		expect(rows).toEqual(
			breakdowns.flatMap((breakdown) =>
				buckets(metric, breakdown, bakery().audience(metric, breakdown.split(','), 30)),
			),
		);
	});

	test('gives the audience that engaged this week', async () => {
		const rows = await bench.rows(login, {
			resource: 'account',
			operation: 'getAudience',
			breakdown: 'gender',
			metrics: ['engaged_audience_demographics'],
			timeframe: 'this_week',
		});
		const truth = bakery().audience('engaged_audience_demographics', ['gender'], 7);
		expect(rows.map(({ value, count }) => [value, count])).toEqual(
			truth.map(({ dimensionValues, value }) => [dimensionValues[0], value]),
		);
	});
});

describe.each(BOTH_LOGINS)('account: getOnlineFollowers with %s', (login) => {
	test('gives one item per hour and day, and one with the reason for a day without numbers', async () => {
		const { since, until, dateRange } = week();
		const parameters = { resource: 'account', operation: 'getOnlineFollowers', dateRange, since, until };
		const rows = await bench.rows(login, parameters);
		const truth = daysOf(since, 7).flatMap((date): object[] => {
			const hours = Object.entries(bakery().onlineFollowers(date));
			if (hours.length === 0) {
				const unavailable = 'online_followers: no-data';
				return [{ ...bench.owner(), date, hour: null, timezone: 'not known', online_followers: null, unavailable }];
			}
			return hours.map(([hour, value]) => ({
				...bench.owner(),
				date,
				hour: Number(hour),
				timezone: 'not known',
				online_followers: value,
				unavailable: '',
			}));
		});
		expect(truth.length).toBeGreaterThan(7);
		expect(rows).toEqual(truth);
	});
});

describe.each(BOTH_LOGINS)('account: compare with %s', (login) => {
	test('compares this period with the one before', async () => {
		const { since, until, dateRange } = week();
		const metrics = ['views', 'reach'];
		const rows = await bench.rows(login, {
			resource: 'account',
			operation: 'compare',
			metrics,
			dateRange,
			since,
			until,
		});
		expect(rows).toEqual(
			metrics.map((metric) => {
				const current = Number(bakery().total(metric, since, until));
				const previous = Number(bakery().total(metric, addDays(since, -7), addDays(until, -7)));
				const change = current - previous;
				const periods = { since, until, previousSince: addDays(since, -7), previousUntil: addDays(until, -7) };
				const changePercent = expect.closeTo((change / previous) * 100, 1);
				return { ...bench.owner(), metric, current, previous, change, changePercent, ...periods, unavailable: '' };
			}),
		);
	});
});

describe('the account parameter', () => {
	test('reads one of several accounts of a token, chosen by an expression for each item', async () => {
		const ids = ['tiny', 'bakery'].map((key) => bench.sandbox.world.account(key).id);
		const run = await bench.runNode(
			'facebookLogin',
			{ resource: 'account', operation: 'get', account: byId('={{ $json.account }}') },
			{ token: 'EAA-sandbox-agency', items: ids.map((account) => ({ account })) },
		);
		expect(run.items(NODE_NAME).map(({ json, pairedItem }) => [json.account_id, json.username, pairedItem])).toEqual([
			[ids[0], 'pots.by.ines', { item: 0 }],
			[ids[1], 'casa.canela.bakery', { item: 1 }],
		]);
	});
});

describe("the workflow's time zone", () => {
	test('turns instants into days, and the output panel says when these days are in the workflow', async () => {
		const range = { dateRange: 'custom', since: '2026-11-01T23:30:00Z', until: '2026-11-03T10:00:00Z' };
		const run = await bench.runNode(
			'instagramLogin',
			{ resource: 'account', operation: 'getInsights', metrics: ['likes'], ...range },
			{ timezone: 'Europe/Berlin' },
		);
		const [since, until] = ['2026-11-02', '2026-11-03'];
		expect(run.items(NODE_NAME)[0]?.json).toMatchObject({ since, until, likes: bakery().total('likes', since, until) });
		expect(traceOf(run).hints).toContainEqual(
			expect.stringContaining('2 Nov 2026, 09:00 to 4 Nov 2026, 09:00 in Europe/Berlin'),
		);
	});
});
