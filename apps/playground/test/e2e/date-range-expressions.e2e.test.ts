import { addDays, pacificDay } from '@instagram-insights/graph-sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { N8nNode } from '../../src/n8n/n8n-api.ts';
import {
	type Bench,
	BOTH_LOGINS,
	behindManualTrigger,
	INSIGHTS_NODE,
	NODE_NAME,
	openBench,
	START_NAME,
} from './bench.ts';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.sandbox.resetRequests());

const bakery = () => bench.sandbox.world.account('bakery');
const today = () => pacificDay(bench.sandbox.world.now());
const lastDays = (count: number) => ({ since: addDays(today(), -count), until: addDays(today(), -1) });
/** The first and the last day of the calendar month before this one. */
function lastMonth() {
	const [year = 0, month = 0] = today().split('-').map(Number);
	const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);
	return { since: dayOf(Date.UTC(year, month - 2, 1)), until: dayOf(Date.UTC(year, month - 1, 0)) };
}

type Days = { readonly since: string; readonly until: string };
/** Metrics that add up, so that both hosts give them over any range. */
const METRICS = ['views', 'likes'];
/** What the sandbox knows of these days. */
const totalsOf = ({ since, until }: Days) => ({
	...bench.owner(),
	since,
	until,
	views: bakery().total('views', since, until),
	likes: bakery().total('likes', since, until),
	unavailable: '',
});
const totals = { resource: 'account', operation: 'getInsights', metrics: METRICS };
const fromItem = { dateRange: '={{ $json.range }}', since: '={{ $json.since }}', until: '={{ $json.until }}' };

describe.each(BOTH_LOGINS)('Date Range as an expression, with %s', (login) => {
	test('is read for each item, which gets the days of the range it names', async () => {
		const ranges = ['last90Days', 'last7Days', 'lastMonth', 'last7Days', 'last14Days'];
		const run = await bench.runNode(
			login,
			{ ...totals, dateRange: '={{ $json.range }}' },
			{ items: ranges.map((range) => ({ range })) },
		);
		expect(run.error?.message).toBeUndefined();
		expect(run.items(NODE_NAME).map(({ json, pairedItem }) => ({ json, pairedItem }))).toEqual(
			[lastDays(90), lastDays(7), lastMonth(), lastDays(7), lastDays(14)].map((days, item) => ({
				json: totalsOf(days),
				pairedItem: { item },
			})),
		);
	});

	test('may be a fixed value, and needs no days if it is not Custom', async () => {
		expect(await bench.rows(login, { ...totals, dateRange: '={{ "last7Days" }}' })).toEqual([totalsOf(lastDays(7))]);
	});

	test('takes the days of an item that names Custom, beside items that name a preset', async () => {
		const one = { since: addDays(today(), -40), until: addDays(today(), -31) };
		const other = { since: addDays(today(), -12), until: addDays(today(), -12) };
		const items = [
			{ range: 'custom', ...one },
			{ range: 'last14Days', since: '', until: '' },
			{ range: 'custom', ...other },
			// Days that are also set do not change a preset.
			{ range: 'last7Days', ...one },
		];
		const rows = await bench.rows(login, { ...totals, ...fromItem }, { items });
		expect(rows).toEqual([one, lastDays(14), other, lastDays(7)].map(totalsOf));
	});

	test('names the item whose value is not a date range, and sends no request for it', async () => {
		const items = [{ range: 'last7Days' }, { range: 'last 7 days' }, { range: 'last14Days' }];
		const run = await bench.runNode(
			login,
			{ ...totals, dateRange: '={{ $json.range }}' },
			{ items, onError: 'continueRegularOutput' },
		);
		const [first, bad, last] = run.items(NODE_NAME);
		expect([first?.json, last?.json]).toEqual([totalsOf(lastDays(7)), totalsOf(lastDays(14))]);
		expect(bad?.pairedItem).toEqual({ item: 1 });
		expect(`${bad?.json.error} ${bad?.json.message}`).toMatch(/"last 7 days" is not a date range.*last7Days/);
		expect(bench.asked().filter((path) => path.endsWith('/insights'))).toHaveLength(2);
	});
});

describe('days by expression', () => {
	const daily = { ...totals, granularity: 'daily', metrics: ['reach'] };

	test('split a range into days, each item its own', async () => {
		const items = [
			{ range: 'last7Days' },
			{ range: 'custom', since: addDays(today(), -20), until: addDays(today(), -19) },
		];
		const rows = await bench.rows('instagramLogin', { ...daily, ...fromItem }, { items });
		const days = [7, 6, 5, 4, 3, 2, 1, 20, 19].map((ago) => addDays(today(), -ago));
		expect(rows.map(({ date, reach }) => [date, reach])).toEqual(
			days.map((day) => [day, bakery().onDay('reach', day)]),
		);
	});

	test("may be n8n's own dates, which are days in the workflow's time zone", async () => {
		const range = {
			dateRange: 'custom',
			since: '={{ $today.minus({ days: $json.ago }) }}',
			until: '={{ $today.minus({ days: 3 }) }}',
		};
		const rows = await bench.rows(
			'instagramLogin',
			{ ...totals, ...range },
			{ items: [{ ago: 5 }, { ago: 9 }], timezone: 'America/Los_Angeles' },
		);
		const until = addDays(today(), -3);
		expect(rows).toEqual([5, 9].map((ago) => totalsOf({ since: addDays(today(), -ago), until })));
	});

	test('may come from a node further back, item by item', async () => {
		const items = [{ range: 'last14Days' }, { range: 'lastMonth' }];
		expect(
			await rowsBehindOtherNode({ ...totals, dateRange: `={{ $('${START_NAME}').item.json.range }}` }, items),
		).toEqual([lastDays(14), lastMonth()].map(totalsOf));
	});
});

/** As `bench.rows`, with a node in between that empties the items. */
async function rowsBehindOtherNode(parameters: Record<string, unknown>, items: readonly Record<string, unknown>[]) {
	const { id, name } = await bench.credential('instagramLogin');
	const insights: N8nNode = {
		id: 'insights',
		name: NODE_NAME,
		type: INSIGHTS_NODE,
		typeVersion: 1,
		position: [400, 0],
		parameters: { authentication: 'instagramLogin', ...parameters },
		credentials: { instagramInsightsApi: { id, name } },
	};
	const between: N8nNode = {
		id: 'between',
		name: 'Keep Nothing',
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		position: [200, 0],
		parameters: { assignments: { assignments: [] }, options: {} },
	};
	const workflow = behindManualTrigger(between, { items });
	const run = await bench.n8n.run(
		await bench.n8n.createWorkflow({
			...workflow,
			nodes: [...workflow.nodes, insights],
			connections: {
				...workflow.connections,
				[between.name]: { main: [[{ node: insights.name, type: 'main', index: 0 }]] },
			},
		}),
		START_NAME,
	);
	expect(run.items(between.name).map(({ json }) => json)).toEqual(items.map(() => ({})));
	if (run.error !== undefined) throw new Error(`${run.error.message} ${run.error.description}`);
	return run.items(NODE_NAME).map(({ json }) => json);
}
