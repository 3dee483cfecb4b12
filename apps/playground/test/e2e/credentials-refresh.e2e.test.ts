import type { LoggedRequest } from '@instagram-insights/graph-sandbox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, errorText, NODE_NAME, openBench, START_NAME } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.sandbox.resetRequests());
afterEach(() => bench.sandbox.clearScenarios());

const profile = { resource: 'account', operation: 'get' };
const TYPE = 'instagramInsightsApi';
let made = 0;

/** A workflow with a new credential: whatever it stores comes from its own runs. */
async function freshWorkflow(accessToken: string) {
	made += 1;
	const data = { accessToken, baseUrl: bench.sandbox.instagramUrl };
	const credential = await bench.n8n.createCredential(`refresh ${made}`, TYPE, data);
	return bench.workflow('instagramLogin', profile, { credential });
}

const isRefresh = ({ path }: LoggedRequest) => path === '/refresh_access_token';
const refreshes = () => bench.sandbox.requests().filter(isRefresh);
/** Tokens of the requests for data, in order. */
const tokensUsed = () =>
	bench.sandbox
		.requests()
		.filter((request) => !isRefresh(request))
		.map(({ token }) => token);

describe('a token of Instagram Login', () => {
	test('is renewed once when due; n8n stores the new one, and the next run uses it without asking again', async () => {
		const workflow = await freshWorkflow('IGAA-sandbox-bakery-due');
		const first = await bench.n8n.run(workflow, START_NAME);
		expect(errorText(first)).toBe('no error\nno description');
		expect(refreshes().map(({ token }) => token)).toEqual(['IGAA-sandbox-bakery-due']);
		const [renewed] = tokensUsed();
		expect(renewed).toMatch(/^IGAA-sandbox-issued-\d+-bakery$/);
		const second = await bench.n8n.run(workflow, START_NAME);
		expect(second.items(NODE_NAME)).toHaveLength(1);
		expect(refreshes()).toHaveLength(1);
		expect(tokensUsed()).toEqual([renewed, renewed]);
	});

	test('is left alone when Meta says it is too young, and not tried again by the next run', async () => {
		const workflow = await freshWorkflow('IGAA-sandbox-bakery-young');
		const runs = [await bench.n8n.run(workflow, START_NAME), await bench.n8n.run(workflow, START_NAME)];
		expect(runs.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(refreshes().map(({ status }) => status)).toEqual([400]);
		expect(tokensUsed()).toEqual(['IGAA-sandbox-bakery-young', 'IGAA-sandbox-bakery-young']);
	});

	test('that has expired gets a message that says so and what to do', async () => {
		const run = await bench.n8n.run(await freshWorkflow('IGAA-sandbox-bakery-expired'), START_NAME);
		expect(run.status).toBe('error');
		expect(errorText(run)).toMatch(/expired/i);
		expect(errorText(run)).toMatch(/new token/i);
		expect(refreshes().length).toBeLessThanOrEqual(1);
	});

	test.each(['transient', 'reset', 'truncated-json', 'html-error', 'rate-limit'])(
		'keeps working with the old token when renewing fails: %s',
		async (scenario) => {
			bench.sandbox.setScenario({ scenario, path: '/refresh_access_token' });
			const workflow = await freshWorkflow('IGAA-sandbox-bakery-due');
			const run = await bench.n8n.run(workflow, START_NAME);
			expect(errorText(run)).toBe('no error\nno description');
			expect(tokensUsed()).toEqual(['IGAA-sandbox-bakery-due']);
			await bench.n8n.run(workflow, START_NAME);
			expect(refreshes()).toHaveLength(1);
		},
	);

	test('that comes from an expression is not renewed', async () => {
		const run = await bench.n8n.run(await freshWorkflow('={{ "IGAA-sandbox-bakery" + "-due" }}'), START_NAME);
		expect(errorText(run)).toBe('no error\nno description');
		expect(refreshes()).toEqual([]);
		expect(tokensUsed()).toEqual(['IGAA-sandbox-bakery-due']);
	});

	test('serves two executions at once, with at most a harmless second renewal', async () => {
		const workflow = await freshWorkflow('IGAA-sandbox-bakery-due');
		const runs = await Promise.all([bench.n8n.run(workflow, START_NAME), bench.n8n.run(workflow, START_NAME)]);
		expect(runs.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(refreshes().length).toBeLessThanOrEqual(2);
		const before = refreshes().length;
		const third = await bench.n8n.run(workflow, START_NAME);
		expect(third.status).toBe('success');
		expect(refreshes()).toHaveLength(before);
		expect(tokensUsed().at(-1)).toMatch(/^IGAA-sandbox-issued-/);
	});

	test('is renewed by Test credential too', async () => {
		const data = { accessToken: 'IGAA-sandbox-bakery-due', baseUrl: bench.sandbox.instagramUrl };
		const { id, name } = await bench.n8n.createCredential('refresh by test', TYPE, data);
		expect(await bench.n8n.testCredential({ id, name, type: TYPE, data })).toMatchObject({ status: 'OK' });
		expect(refreshes()).toHaveLength(1);
		expect(tokensUsed()).toEqual([expect.stringMatching(/^IGAA-sandbox-issued-/)]);
	});
});
