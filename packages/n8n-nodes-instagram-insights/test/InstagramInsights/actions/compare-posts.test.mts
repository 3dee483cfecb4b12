import { addDays, pacificDay } from '@instagram-insights/core/internal';
import type { Media } from '@instagram-insights/graph-sandbox';
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { LOGINS, useSandbox } from '../../ask-sandbox.mts';

const { sandbox, ask } = useSandbox({ adShare: 0 });
const compare = { resource: 'media', operation: 'compare', metrics: ['reach', 'views'], computed: [] };

/** Two weeks that end some days ago, and the posts of each. */
function weeks() {
	const bakery = sandbox().world.account('bakery');
	const today = pacificDay(sandbox().world.now());
	const days = { since: addDays(today, -16), until: addDays(today, -3) };
	const before = { since: addDays(today, -30), until: addDays(today, -17) };
	const inside = ({ since, until }: typeof days) =>
		bakery.media().filter(({ timestamp }) => {
			const day = pacificDay(new Date(timestamp));
			return day >= since && day <= until;
		});
	return { days, before, now: inside(days), earlier: inside(before) };
}

const numbers = (media: readonly Media[], metric: string) =>
	media.map((one) => Number(sandbox().world.account('bakery').mediaMetric(one, metric)));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const average = (values: readonly number[]) => sum(values) / values.length;

function middle(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const half = sorted.length / 2;
	return sorted.length % 2 === 1 ? Number(sorted[half - 0.5]) : average(sorted.slice(half - 1, half + 1));
}

const find = (rows: readonly IDataObject[], metric: string, statistic: string) =>
	rows.find((row) => row.metric === metric && row.statistic === statistic);

describe.each(LOGINS)('media: compare with %s', (login) => {
	const custom = () => ({ ...compare, dateRange: 'custom', ...weeks().days });

	test('compares the posts of a period with those of the period before', async () => {
		const { days, before, now, earlier } = weeks();
		expect(Math.min(now.length, earlier.length)).toBeGreaterThan(1);
		const { rows } = await ask(login, custom());
		const periods = { ...days, previousSince: before.since, previousUntil: before.until };
		expect(rows.map(({ metric, statistic }) => `${metric} ${statistic}`)).toEqual([
			'posts count',
			'reach total',
			'reach average',
			'reach median',
			'views total',
			'views average',
			'views median',
		]);
		for (const row of rows) expect(row).toMatchObject({ ...periods, posts: now.length, previousPosts: earlier.length });
		expect(find(rows, 'posts', 'count')).toMatchObject({
			current: now.length,
			previous: earlier.length,
			change: now.length - earlier.length,
			unavailable: '',
		});
		const [current, previous] = [sum(numbers(now, 'views')), sum(numbers(earlier, 'views'))];
		expect(find(rows, 'views', 'total')).toMatchObject({ current, previous, change: current - previous });
		expect(find(rows, 'views', 'average')?.current).toBeCloseTo(average(numbers(now, 'views')), 6);
		expect(find(rows, 'views', 'median')?.previous).toBeCloseTo(middle(numbers(earlier, 'views')), 6);
	});

	test('does not add up people: the total of reach is empty, with the reason', async () => {
		const { rows } = await ask(login, custom());
		expect(find(rows, 'reach', 'total')).toMatchObject({
			current: null,
			previous: null,
			change: null,
			changePercent: null,
			unavailable: 'reach: not-additive',
		});
		expect(find(rows, 'reach', 'average')?.current).toEqual(expect.any(Number));
	});

	test('compares computed metrics of each post', async () => {
		const { now } = weeks();
		const { rows } = await ask(login, { ...custom(), computed: ['save_rate'] });
		const reach = numbers(now, 'reach');
		const rates = numbers(now, 'saved').map((saved, index) => saved / Number(reach[index]));
		expect(find(rows, 'save_rate', 'median')?.current).toBeCloseTo(middle(rates), 4);
	});

	test('returns watch times in seconds, with the unit in the column name', async () => {
		const metric = 'ig_reels_avg_watch_time';
		const reels = { ...custom(), metrics: [metric], options: { productTypes: ['REELS'] } };
		const { rows } = await ask(login, reels);
		const expected = average(
			numbers(
				weeks().now.filter(({ productType }) => productType === 'REELS'),
				metric,
			),
		);
		expect(find(rows, `${metric}_seconds`, 'average')?.current).toBeCloseTo(expected / 1000, 6);
	});

	test('filters both periods by a kind of post', async () => {
		const { now, earlier } = weeks();
		const feed = (media: readonly Media[]) => media.filter(({ productType }) => productType === 'FEED').length;
		const { rows } = await ask(login, { ...custom(), options: { productTypes: ['FEED'] } });
		expect(find(rows, 'posts', 'count')).toMatchObject({ current: feed(now), previous: feed(earlier) });
	});
});

describe('media: compare', () => {
	test.each([
		['last7Days', 'previousPeriod'],
		['lastMonth', 'previousMonth'],
		['lastQuarter', 'previousQuarter'],
	])('compares %s with what people mean by it: %s', async (dateRange, compareWith) => {
		const usual = await ask('facebookLogin', { ...compare, dateRange });
		const named = await ask('facebookLogin', { ...compare, dateRange, compareWith });
		expect(usual.rows).toEqual(named.rows);
		expect(usual.rows.length).toBe(7);
	});

	test('says that nothing was published, in the numbers and in the reasons', async () => {
		const days = { dateRange: 'custom', since: '2015-03-01', until: '2015-03-07' };
		const { rows, hints } = await ask('instagramLogin', { ...compare, ...days });
		expect(find(rows, 'posts', 'count')).toMatchObject({ current: 0, previous: 0, change: 0, changePercent: null });
		expect(find(rows, 'views', 'average')).toMatchObject({ current: null, unavailable: 'views: no-data' });
		expect(hints).toContainEqual(expect.stringContaining('no posts or reels that match'));
	});

	test('reads all accounts, each in its own rows', async () => {
		const account = { __rl: true, mode: 'list', value: 'all' };
		const { rows } = await ask('facebookLogin', { ...compare, account, dateRange: 'last28Days' }, { token: 'agency' });
		const names = [...new Set(rows.map(({ username }) => username))];
		expect(names.length).toBeGreaterThan(1);
		expect(rows).toHaveLength(names.length * 7);
	});

	test('refuses days in the wrong order and names the parameter', async () => {
		const days = { dateRange: 'custom', since: '2026-03-07', until: '2026-03-01' };
		await expect(ask('instagramLogin', { ...compare, ...days })).rejects.toThrow(/^(Since|Until): /);
	});
});
