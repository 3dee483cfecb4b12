import { addDays, pacificDay } from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { LOGINS, useSandbox } from '../../ask-sandbox.mts';

const { sandbox, ask } = useSandbox({
	accounts: [{ key: 'locked', username: 'locked.out', refuses: true, posts: { count: 9, everyHours: 24 } }],
});
const until = addDays(pacificDay(new Date()), -3);
const days = { dateRange: 'custom', since: addDays(until, -13), until };
const create = { resource: 'report', operation: 'create', ...days };
type Output = IDataObject & {
	topPosts: IDataObject[];
	summary: IDataObject[];
	notes: string[];
	formats: IDataObject[];
};

describe.each(LOGINS)('report: create with %s', (login) => {
	test('returns a page, a text, charts and the rows behind them', async () => {
		const { items } = await ask(login, create);
		const output = items[0]?.json as Output;
		expect(items).toHaveLength(1);
		expect(output).toMatchObject({ username: 'casa.canela.bakery', since: days.since, until, unavailable: '' });
		expect(output.subject).toMatch(/^@casa\.canela\.bakery: Instagram report, /);
		expect(String(output.html)).toMatch(/^<!doctype html>/);
		expect(Buffer.byteLength(String(output.html))).toBeLessThan(100_000);
		expect(Object.keys(items[0]?.binary ?? {})).toEqual(['report', 'chart_reach', 'chart_views']);
	});

	test('shows numbers that equal the rows of the other operations', async () => {
		const output = (await ask(login, create)).items[0]?.json as Output;
		const compare = { resource: 'account', operation: 'compare', ...days, compareWith: 'previousPeriod' };
		const metrics = ['reach', 'views', 'total_interactions', 'accounts_engaged', 'profile_links_taps'];
		const { rows } = await ask(login, { ...compare, metrics });
		const withoutOwner = rows.map(({ account_id: _id, username: _name, ...row }) => row);
		expect(output.summary).toEqual(withoutOwner);
		const posts = sandbox()
			.world.account('bakery')
			.media()
			.filter(({ timestamp }) => {
				const day = pacificDay(new Date(timestamp));
				return day >= days.since && day <= until;
			});
		expect(output.topPosts.length).toBe(Math.min(5, posts.length));
		const reach = output.topPosts.map((row) => Number(row.reach));
		expect(reach).toEqual([...reach].sort((a, b) => b - a));
		const counted = output.formats.reduce((sum, row) => sum + Number(row.posts), 0);
		expect(counted).toBe(posts.length);
		for (const value of [rows[0]?.current, rows[0]?.previous]) {
			expect(output.html).toContain(Number(value).toLocaleString('en-US'));
		}
	});
});

describe('report: create', () => {
	test('says how many stayed in each live story', async () => {
		const output = (await ask('instagramLogin', create)).rows[0] as Output;
		const [story] = sandbox().world.account('bakery').stories();
		if (story === undefined) throw new Error('the bakery has no stories');
		const number = (metric: string) => sandbox().world.account('bakery').mediaMetric(story, metric) ?? 0;
		const exits = sandbox().world.account('bakery').mediaRows(story, 'navigation');
		const left = exits.find(({ dimensionValues: [step] }) => step === 'tap_exit')?.value ?? 0;
		const percent = (1 - left / number('views')).toLocaleString('en-US', {
			style: 'percent',
			maximumFractionDigits: 2,
		});
		expect(output.html).toContain('Completion rate');
		expect(output.html).toContain(percent);
	});

	test('uses the chosen language', async () => {
		const { rows } = await ask('instagramLogin', { ...create, locale: 'de-DE' });
		expect(rows[0]?.subject).toContain('Instagram-Bericht');
	});

	test('is a page with reasons for a tiny account', async () => {
		const { rows } = await ask('facebookLogin', create, { token: 'tiny' });
		const output = rows[0] as Output;
		expect(output.username).toBe('pots.by.ines');
		expect(output.notes).toContain('Instagram hides numbers about very few people.');
		expect(output.html).not.toMatch(/undefined|NaN|\[object/);
	});

	test('is a page with reasons for an account that refuses everything, with a warning above the output', async () => {
		const { rows, hints } = await ask('facebookLogin', create, { token: 'locked' });
		const output = rows[0] as Output;
		expect(output.unavailable).toContain('does not have permission');
		expect(output.html).toContain('Instagram gave no numbers for this period.');
		expect(output.notes).toHaveLength(1);
		expect(output.notes[0]).toMatch(
			/^Instagram refused some of the numbers: .*does not have permission.*Connect the account again/,
		);
		expect(hints.join(' ')).toContain('does not have permission');
	});

	test('stops for an expired token, as every operation does', async () => {
		await expect(ask('facebookLogin', create, { token: 'bakery-expired' })).rejects.toThrow(/expired/);
	});

	test('makes one report per account with all accounts', async () => {
		const all = { __rl: true, mode: 'list', value: 'all' };
		const { items } = await ask('facebookLogin', { ...create, account: all }, { token: 'agency' });
		expect(items.map(({ json }) => json.username)).toEqual(
			Object.values(sandbox().world.accounts).map(({ username }) => username),
		);
		for (const { binary } of items) expect(binary?.report?.mimeType).toBe('text/html');
	});
});

describe('account: getBestTimes', () => {
	test("returns a row for each hour of the week in the workflow's time zone", async () => {
		const { rows, hints } = await ask('instagramLogin', { resource: 'account', operation: 'getBestTimes' });
		expect(hints).toEqual([expect.stringContaining('followers online are in: they are read as Pacific time')]);
		expect(rows).toHaveLength(168);
		const posts = rows.reduce((sum, row) => sum + Number(row.posts), 0);
		expect(posts).toBeGreaterThan(10);
		for (const row of rows) {
			expect(row).toMatchObject({ username: 'casa.canela.bakery', timezone: rows[0]?.timezone });
			if (Number(row.posts) < 3) {
				expect(row.score).toBeNull();
				expect(row.unavailable).toContain(`score: too-few-posts (${row.posts} of 3)`);
			}
		}
	});

	test('refuses a metric that posts do not have before anything is sent', async () => {
		const asked = { resource: 'account', operation: 'getBestTimes', judgeBy: 'luck' };
		await expect(ask('instagramLogin', asked)).rejects.toThrow(/Judge Posts By/);
		expect(sandbox().requests()).toEqual([]);
	});
});

describe('a report of which nothing can be read for a reason that may pass', () => {
	// Side by side: each part of a report is asked again after a pause.
	test.concurrent.each([
		['transient', /temporary problem/],
		['unknown', /unknown error/],
		['html-error:502', /on the way/],
		['truncated-json', /not JSON/],
	])('is an error that n8n can retry, not an empty page: %s', async (scenario, message) => {
		const asked = LOGINS.map((login) => ask(login, create, { token: `bakery+${scenario}` }));
		await Promise.all(asked.map((one) => expect(one).rejects.toThrow(message)));
	});
});
