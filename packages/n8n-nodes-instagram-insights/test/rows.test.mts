import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { beforeAll, describe, expect, test } from 'vitest';
import { LOGINS, OPERATIONS, useSandbox, worksWith } from './ask-sandbox.mts';

const OF_AN_ACCOUNT = OPERATIONS.filter(({ row }) => !row.ofNoAccount);
const ACCOUNTS = ['bakery', 'large', 'tiny', 'brand-new', 'strange'];
const REELS_TOO = ['reach', 'ig_reels_avg_watch_time', 'reels_skip_rate', 'profile_visits', 'saved'];

/** An account whose texts are hard on tables. */
const STRANGE = {
	key: 'strange',
	username: 'strange.one',
	name: '<b>Ödd</b> | 🎈',
	posts: {
		count: 30,
		everyHours: 20,
		captions: [
			'🎉 \u202ertl\u202c مرحبا #tag_ünï',
			'<script>alert(1)</script> | *bold*',
			'x'.repeat(2200),
			'',
			'a\r\n#b "c"',
		],
		stories: [{ ageHours: 3, viewers: 'many' as const }],
	},
};

/** Settings that change the columns of an operation, beside those that the panel preselects. */
const QUESTIONS: Readonly<Record<string, readonly INodeParameters[]>> = {
	'account getInsights': [
		{ granularity: 'daily', metrics: ['reach', 'follower_count'], dateRange: 'last14Days' },
		{ metrics: ['reach', 'views', 'follower_count'], dateRange: 'last90Days' },
		{ breakdown: 'follow_type', metrics: ['reach'] },
		{ computed: ['engagement_rate', 'follower_growth', 'non_follower_share', 'posts'], metrics: ['reach'] },
	],
	'account getAudience': [{ breakdown: 'age', metrics: ['follower_demographics', 'engaged_audience_demographics'] }],
	'account get': [{ options: { fields: ['followers_count', 'biography'] } }],
	'account getBestTimes': [{ dateRange: 'yesterday' }],
	'media getMany': [
		{ includeInsights: false },
		{ metrics: REELS_TOO, computed: ['hold_rate', 'engagement_rate_by_followers'], compareWithMedian: true },
		{ sortBy: 'engagement_rate_vs_median' },
		{ options: { fields: ['children', 'owner', 'media_url', 'comments_count'] } },
	],
	'media compare': [{ computed: ['engagement_rate'] }],
	'media get': [{ options: { fields: ['children', 'owner', 'shortcode'] } }],
	'media getInsights': [
		{ computed: ['engagement_rate', 'hold_rate'] },
		{ breakdown: 'action_type', metrics: ['profile_activity'] },
	],
	'media getTagged': [{ options: { fields: ['caption'] } }],
	'story getMany': [{ includeInsights: false }, { sortBy: 'exit_rate', computed: [] }],
	'story getInsights': [{ breakdown: 'story_navigation_action_type', metrics: ['navigation'] }],
};

type Asking = (typeof OPERATIONS)[number];

function questionsOf(asking: Asking): (Asking & { readonly question: INodeParameters })[] {
	const questions = QUESTIONS[`${asking.resource} ${asking.operation}`] ?? [];
	return [{}, ...questions].map((question) => ({ ...asking, question }));
}

/** What a table that takes its columns from the first row accepts: the same names in the same order, and plain values. */
function expectTable(rows: readonly IDataObject[]): void {
	expect(rows.length).toBeGreaterThan(0);
	const columns = Object.keys(rows[0] ?? {});
	for (const row of rows) {
		expect(Object.keys(row)).toEqual(columns);
		for (const value of Object.values(row)) expect(value === null || typeof value !== 'object').toBe(true);
	}
}

function expectOwned(rows: readonly IDataObject[], owner: { id: string; username: string }): void {
	for (const row of rows) {
		const columns = Object.keys(row);
		expect([columns[0], columns[1], columns.at(-1)]).toEqual(['account_id', 'username', 'unavailable']);
		expect(row).toMatchObject({ account_id: owner.id, username: owner.username });
		expect(typeof row.unavailable).toBe('string');
		for (const [column, value] of Object.entries(row)) {
			if (typeof value === 'string' && /T\d\d:\d\d/.test(value)) expect(value, column).toMatch(/Z$/);
		}
	}
}

describe.each(LOGINS)('the rows with %s', (login) => {
	const { sandbox, required, ask } = useSandbox({
		media: 60,
		beforeConversionShare: 0.2,
		adShare: 0.05,
		accounts: [STRANGE],
	});
	beforeAll(() => {
		const { world } = sandbox();
		for (const key of ACCOUNTS) world.account('large').publish({ tags: [key], collaborators: [key] });
	});

	const readable = OF_AN_ACCOUNT.filter(({ row }) => worksWith(login, row));

	test.each(readable)('of $resource: $operation begin with the account', async ({ resource, operation, row }) => {
		const { rows } = await ask(login, { resource, operation, ...required(resource, row) });
		// A report is a page with the rows it stands on, not a row of a table.
		if (resource !== 'report') expectTable(rows);
		expectOwned(rows, sandbox().world.account('bakery'));
	});

	test('of reels, posts and posts without numbers have the same columns', async () => {
		const getMany = { resource: 'media', operation: 'getMany', returnAll: true, metrics: REELS_TOO };
		const { rows } = await ask(login, getMany, { token: 'large' });
		expectTable(rows);
		expectOwned(rows, sandbox().world.account('large'));
		expect(new Set(rows.map(({ format }) => format)).size).toBeGreaterThan(1);
		expect(rows.filter(({ unavailable }) => unavailable === '').length).toBeLessThan(rows.length);
	});

	test('of days with and without numbers have the same columns', async () => {
		const daily = { resource: 'account', operation: 'getInsights', granularity: 'daily', dateRange: 'last90Days' };
		const { rows } = await ask(login, { ...daily, metrics: ['reach', 'follower_count'] });
		expectTable(rows);
		expect(rows.some(({ new_followers }) => new_followers === null)).toBe(true);
		expect(rows.some(({ new_followers }) => typeof new_followers === 'number')).toBe(true);
	});

	test.each(readable.filter(({ resource }) => resource !== 'report').flatMap(questionsOf))(
		'of every account have the same columns: $resource $operation $question',
		async ({ resource, operation, row, question }) => {
			const columns = new Set<string>();
			for (const key of ACCOUNTS) {
				const needed = required(resource, row, key);
				if (needed === null) continue;
				const { rows } = await ask(login, { resource, operation, ...needed, ...question }, { token: key });
				if (rows.length === 0) continue;
				expectTable(rows);
				expectOwned(rows, sandbox().world.account(key));
				columns.add(Object.keys(rows[0] ?? {}).join());
			}
			expect([...columns]).toHaveLength(1);
		},
	);

	test('name the place of a value that cannot be read', async () => {
		for (const question of [{}, { dateRange: 'last90Days' }, { computed: ['engagement_rate'] }]) {
			const parameters = { resource: 'account', operation: 'getInsights', ...question };
			const { rows } = await ask(login, parameters, { token: 'bakery+odd-value' });
			expect(rows[0]?.unavailable).toMatch(/^reach: failed: .*could not be read \(unknown form of [\w. ]+\)/);
		}
	});

	test('need one request for the account, for any number of items', async () => {
		const items = ['last7Days', 'last14Days', 'last28Days'].map((dateRange) => ({ resource: 'account', dateRange }));
		const { httpRequests } = await ask(login, items);
		expect(httpRequests).toBe(4);
	});
});

describe('the row of an account that refuses, where the others have nothing to list', () => {
	const empty = ['bakery', 'large', 'tiny'].map((key) => ({ key, posts: { count: 0, everyHours: 24, stories: [] } }));
	const refuser = { key: 'refuser', username: 'refuser', refuses: true, posts: { count: 1, everyHours: 20 } };
	const stories = [{ ageHours: 3, viewers: 'many' as const }];
	const nothing = useSandbox({ accounts: [...empty, refuser] });
	const something = useSandbox({ accounts: [{ key: 'bakery', posts: { count: 3, everyHours: 20, stories } }] });
	const all = { __rl: true, mode: 'list', value: 'all' };

	test.each([
		[{ resource: 'media', operation: 'getMany' }],
		[{ resource: 'media', operation: 'getMany', compareWithMedian: true, computed: ['save_rate'] }],
		[{ resource: 'story', operation: 'getMany' }],
		[{ resource: 'media', operation: 'getTagged' }],
		[{ resource: 'media', operation: 'getTagged', options: { fields: ['caption', 'timestamp'] } }],
		[{ resource: 'media', operation: 'getCollaborative' }],
	] as INodeParameters[][])('has the columns of any other: %j', async (parameters = {}) => {
		something
			.sandbox()
			.world.account('large')
			.publish({ tags: ['bakery'], collaborators: ['bakery'] });
		const [any] = (await something.ask('facebookLogin', parameters)).rows;
		const { rows } = await nothing.ask('facebookLogin', { ...parameters, account: all }, { token: 'agency' });
		expect(rows).toMatchObject([{ username: 'refuser', unavailable: expect.stringMatching(/^account: /) as string }]);
		expect(Object.keys(rows[0] ?? {})).toEqual(Object.keys(any ?? {}));
	});
});

describe('the rows of metric: getMany', () => {
	const { ask } = useSandbox();

	test('are plain too', async () => {
		const { rows } = await ask('instagramLogin', { resource: 'metric', operation: 'getMany', returnAll: true });
		expectTable(rows);
	});
});

describe('a run that cannot read the username', () => {
	const { sandbox, ask } = useSandbox();

	test('keeps its numbers, and says in each row why the username is missing', async () => {
		const { id } = sandbox().world.account('bakery');
		const account = { __rl: true, mode: 'id', value: id };
		const { rows } = await ask(
			'facebookLogin',
			{ resource: 'account', operation: 'getInsights', metrics: ['reach'], account },
			{ refuse: ({ qs }) => String(qs?.fields) === 'id,username' },
		);
		expect(rows[0]).toMatchObject({ account_id: id, username: null, reach: expect.any(Number) as number });
		expect(rows[0]?.unavailable).toMatch(/^username: no-permission: .*Permissions error/);
	});
});
