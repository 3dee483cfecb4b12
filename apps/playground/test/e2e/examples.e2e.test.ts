import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { addDays, type Media, pacificDay } from '@instagram-insights/graph-sandbox';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ROOT } from '../../src/folders.ts';
import type { Execution, N8nNode, N8nWorkflow, StoredWorkflow } from '../../src/n8n/n8n-api.ts';
import { until } from '../../src/until.ts';
import { openTriggerBench, postAsMeta, postAsRelay, type TriggerBench } from './trigger-bench.ts';

const EXAMPLES = path.join(ROOT, 'packages/n8n-nodes-instagram-insights/examples');
const OWN = 'n8n-nodes-instagram-insights.';
/** Their services are outside: what would reach them ends in a node that does nothing. */
const OUTSIDE = ['googleSheets', 'slack', 'telegram'].map((name) => `n8n-nodes-base.${name}`);

let bench: TriggerBench;
let instagram: { id: string; name: string };
beforeAll(async () => {
	bench = await openTriggerBench(inject('n8nUrl'));
	instagram = await bench.n8n.createCredential('examples', 'instagramInsightsApi', {
		accessToken: bench.sandbox.world.account('bakery').tokens.instagram,
		baseUrl: bench.sandbox.instagramUrl,
	});
});
afterAll(() => bench.close());

const bakery = () => bench.sandbox.world.account('bakery');
const today = () => pacificDay(bench.sandbox.world.now());

/** An example as its reader imports it, with the credentials filled in. */
async function imported(name: string): Promise<StoredWorkflow> {
	const example = JSON.parse(readFileSync(path.join(EXAMPLES, `${name}.json`), 'utf8')) as N8nWorkflow;
	const nodes = example.nodes.map((node): N8nNode => {
		if (OUTSIDE.includes(node.type)) return { ...node, type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };
		if (!node.type.startsWith(OWN)) return node;
		if (node.type !== `${OWN}instagramInsightsTrigger`)
			return { ...node, credentials: { instagramInsightsApi: instagram } };
		return {
			...node,
			webhookId: crypto.randomUUID(),
			credentials: { instagramInsightsWebhookApi: bench.webhookCredential },
		};
	});
	return bench.n8n.createWorkflow({ ...example, nodes, settings: { executionOrder: 'v1' } });
}

/** Run it from its first node, as its *Execute workflow* button does, and give what `node`, or its own node, gave out. */
async function run(name: string, node?: string): Promise<Record<string, unknown>[]> {
	const workflow = await imported(name);
	const [first] = workflow.nodes;
	const own = workflow.nodes.find(({ type }) => type === `${OWN}instagramInsights`);
	return itemsOf(await bench.n8n.run(workflow, first?.name ?? ''), node ?? own?.name ?? '');
}

function itemsOf(execution: Execution, node: string): Record<string, unknown>[] {
	if (execution.error !== undefined) throw new Error(`${execution.error.message} ${execution.error.description}`);
	return execution.items(node).map(({ json }) => json);
}

describe('the examples, in the real n8n', () => {
	test('account-last-28-days gives one item', async () => {
		const [since, last] = [addDays(today(), -28), addDays(today(), -1)];
		const items = await run('account-last-28-days');
		expect(items).toEqual([
			expect.objectContaining({ since, until: last, reach: bakery().total('reach', since, last) }),
		]);
	});

	test('latest-posts-with-insights gives the newest posts with their reach', async () => {
		const items = await run('latest-posts-with-insights');
		const newest = bakery().media().slice(0, items.length);
		expect(items.length).toBeGreaterThan(0);
		expect(items.map(({ id }) => id)).toEqual(newest.map(({ id }) => id));
		expect(items.map(({ reach }) => reach)).toEqual(newest.map((media) => bakery().mediaMetric(media, 'reach')));
	});

	test('audience-by-country gives a bucket a country', async () => {
		const items = await run('audience-by-country');
		expect(items[0]).toEqual({
			account_id: bakery().id,
			username: bakery().username,
			metric: 'follower_demographics',
			dimension: 'country',
			value: expect.stringMatching(/^[A-Z]{2}$/) as string,
			count: expect.any(Number) as number,
			unavailable: '',
		});
	});

	test('audience-snapshot-to-file puts all groups into one file', async () => {
		const workflow = await imported('audience-snapshot-to-file');
		const execution = await bench.n8n.run(workflow, 'When clicking Execute');
		const groups = itemsOf(execution, 'Add the Day');
		expect(new Set(groups.map(({ dimension }) => dimension))).toEqual(new Set(['country', 'city', 'age,gender']));
		expect(execution.items('One CSV File')).toEqual([
			expect.objectContaining({
				binary: { data: expect.objectContaining({ mimeType: 'text/csv' }) as unknown },
			}),
		]);
	});

	test('top-posts-to-slack says the five posts of most reach', async () => {
		const items = await run('top-posts-to-slack', 'Tell Slack');
		const since = Date.now() - 29 * 86_400_000;
		const reachOf = (media: Media) => bakery().mediaMetric(media, 'reach') ?? 0;
		const reaches = bakery()
			.media()
			.filter(({ timestamp }) => timestamp >= since)
			.map(reachOf)
			.sort((left, right) => right - left);
		expect(items).toHaveLength(5);
		expect(items.map(({ reach }) => reach)).toEqual(reaches.slice(0, 5));
	});

	test('weekly-report-to-google-sheets writes a line a metric', async () => {
		const items = await run('weekly-report-to-google-sheets', 'Add to Sheet');
		expect(items.map(({ metric }) => metric)).toEqual([
			'reach',
			'views',
			'accounts_engaged',
			'total_interactions',
			'profile_views',
		]);
		const current = bakery().total('views', addDays(today(), -7), addDays(today(), -1));
		const previous = bakery().total('views', addDays(today(), -14), addDays(today(), -8));
		expect(items[1]).toMatchObject({
			current,
			previous,
			reportedOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
		});
	});

	test('story-metrics-before-expiry keeps the stories older than 20 hours', async () => {
		const old = bakery()
			.stories()
			.filter(({ timestamp }) => bench.sandbox.world.now().getTime() - timestamp > 20 * 3_600_000);
		expect(old.length).toBeGreaterThan(0);
		const items = await run('story-metrics-before-expiry', 'Older than 20 Hours');
		expect(items.map(({ id }) => id).sort()).toEqual(old.map(({ id }) => id).sort());
	});

	test('follower-milestone-to-slack shows the last milestone when run by hand', async () => {
		const followers = bakery().followersNow();
		expect(await run('follower-milestone-to-slack', 'Tell Slack')).toEqual([
			expect.objectContaining({ followers_count: followers, milestone: Math.floor(followers / 1000) * 1000 }),
		]);
	});

	test('post-takes-off writes a message of a post when run by hand', async () => {
		expect(await run('post-takes-off', 'Write a Message')).toEqual([
			{ message: expect.stringMatching(/^[\d,]+ views: https:\/\/www\.instagram\.com\//) as string },
		]);
	});

	test('relay-events-to-telegram writes a line of a comment', async () => {
		const workflow = await imported('relay-events-to-telegram');
		const value = { id: '1', text: 'is this in blue?', from: { id: '2', username: 'ana.souza' } };
		const url = await publish(workflow);
		expect(await postAsRelay(url, { value })).toBe(200);
		expect(itemsOf(await firstRun(workflow), 'Tell Telegram')).toEqual([
			{ line: 'ana.souza commented: is this in blue?' },
		]);
		await bench.n8n.deactivate(workflow.id);
	});

	test('comments-to-google-sheets takes a comment straight from Meta', async () => {
		const workflow = await imported('comments-to-google-sheets');
		const url = await publish(workflow);
		const change = { field: 'comments', value: { id: '1', text: 'is this in blue?' } };
		const payload = { object: 'instagram', entry: [{ id: '17841400000000001', time: 1764551000, changes: [change] }] };
		expect((await postAsMeta(url, payload)).status).toBe(200);
		expect(itemsOf(await firstRun(workflow), 'Add to Sheet')).toEqual([
			expect.objectContaining({ comment_id: '1', text: 'is this in blue?' }),
		]);
		await bench.n8n.deactivate(workflow.id);
	});

	test('ai-agent-with-instagram-tools is imported with all its nodes', async () => {
		const { nodes } = await imported('ai-agent-with-instagram-tools');
		expect(nodes.filter(({ type }) => type === `${OWN}instagramInsightsTool`)).toHaveLength(3);
	});

	test('every example is among these', () => {
		const source = readFileSync(import.meta.filename, 'utf8');
		for (const file of readdirSync(EXAMPLES)) expect(source).toContain(`'${path.basename(file, '.json')} `);
	});
});

/** @returns the URL of its trigger, once n8n answers there */
async function publish(workflow: StoredWorkflow): Promise<string> {
	const webhookId = workflow.nodes.find((node) => node.webhookId !== undefined)?.webhookId;
	const url = `${bench.n8n.url}/webhook/${webhookId}/webhook`;
	await bench.n8n.activate(workflow);
	await until('the URL of the trigger', async () => (await fetch(url)).status !== 404);
	return url;
}

async function firstRun({ id }: StoredWorkflow): Promise<Execution> {
	const execution = await until('the run', async () => (await bench.n8n.executionIds(id))[0]);
	return bench.n8n.execution(execution);
}
