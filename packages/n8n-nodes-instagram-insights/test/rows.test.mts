import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { RESOURCES } from '../nodes/InstagramInsights/actions/resources';
import { LOGINS, useSandbox } from './ask-sandbox.mts';

const OF_AN_ACCOUNT = RESOURCES.flatMap(({ value: resource, operations }) =>
	operations.filter(({ ofNoAccount }) => !ofNoAccount).map(({ value: operation }) => ({ resource, operation })),
);
const REELS_TOO = ['reach', 'ig_reels_avg_watch_time', 'reels_skip_rate', 'profile_visits', 'saved'];

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
	const { sandbox, ask } = useSandbox({ media: 60, beforeConversionShare: 0.2, adShare: 0.05 });
	const byId = (id: string | undefined) => ({ __rl: true, mode: 'id', value: id ?? '' });

	function needed(resource: string, operation: string, key: string): INodeParameters {
		const account = sandbox().world.account(key);
		if (operation === 'getTagged' || operation === 'getCollaborative') {
			sandbox()
				.world.account('large')
				.publish({ tags: [key], collaborators: [key] });
			return {};
		}
		if (operation === 'getMany' || resource === 'account' || resource === 'report') return {};
		return { media: byId(resource === 'story' ? account.stories()[0]?.id : account.media()[0]?.id) };
	}

	const readable = OF_AN_ACCOUNT.filter(
		({ operation }) => login === 'facebookLogin' || operation !== 'getCollaborative',
	);

	test.each(readable)('of $resource: $operation begin with the account', async ({ resource, operation }) => {
		const { rows } = await ask(login, { resource, operation, ...needed(resource, operation, 'bakery') });
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

	test('of an account with too few followers have the columns of any other', async () => {
		const columns = async (token: string, parameters: INodeParameters) =>
			(await ask(login, { resource: 'account', ...parameters }, { token })).rows.map((row) =>
				Object.keys(row).join(),
			)[0];
		for (const operation of ['getInsights', 'getAudience', 'getOnlineFollowers', 'compare', 'get']) {
			expect(await columns('tiny', { operation })).toBe(await columns('bakery', { operation }));
		}
	});

	test('cost one request for the account, however many items ask', async () => {
		const items = ['last7Days', 'last14Days', 'last28Days'].map((dateRange) => ({ resource: 'account', dateRange }));
		const { httpRequests } = await ask(login, items);
		expect(httpRequests).toBe(4);
	});
});

describe('the rows of metric: getMany', () => {
	const { ask } = useSandbox();

	test('are plain too', async () => {
		const { rows } = await ask('instagramLogin', { resource: 'metric', operation: 'getMany', returnAll: true });
		expectTable(rows);
	});
});

describe('a run that does not know the user name', () => {
	const { sandbox, ask } = useSandbox();

	test('keeps its numbers, and says in each row why the name is missing', async () => {
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
