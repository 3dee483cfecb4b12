import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { addDays, pacificDay } from '@instagram-insights/graph-sandbox';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ROOT } from '../../src/folders.ts';
import type { Execution, N8nNode, N8nWorkflow, StoredWorkflow } from '../../src/n8n/n8n-api.ts';
import { until } from '../../src/until.ts';
import { openTriggerBench, postAsMeta, postAsRelay, type TriggerBench, untilRegistered } from './trigger-bench.ts';

const EXAMPLES = path.join(ROOT, 'packages/n8n-nodes-instagram-insights/examples');
const OWN = 'n8n-nodes-instagram-insights.';
/** Nodes of outside services. A node that does nothing replaces them. */
const OUTSIDE = ['emailSend', 'googleSheets', 'slack', 'telegram'].map((name) => `n8n-nodes-base.${name}`);

let bench: TriggerBench;
let instagram: { id: string; name: string };
/** Of a token that reaches every account of the sandbox. */
let agency: { id: string; name: string };
beforeAll(async () => {
	bench = await openTriggerBench(inject('n8nUrl'));
	instagram = await bench.n8n.createCredential('examples', 'instagramInsightsApi', {
		accessToken: bench.sandbox.world.account('bakery').tokens.instagram,
		baseUrl: bench.sandbox.instagramUrl,
	});
	agency = await bench.n8n.createCredential('examples of an agency', 'instagramInsightsFacebookApi', {
		accessToken: 'EAA-sandbox-agency',
		appSecret: '',
		baseUrl: bench.sandbox.facebookUrl,
	});
});
afterAll(() => bench.close());

const OTHERS = 'casa.canela.bakery, northwind.trails, pots.by.ines, nobody.here';
const bakery = () => bench.sandbox.world.account('bakery');
const today = () => pacificDay(bench.sandbox.world.now());

/** An example as a user imports it, with the credentials filled in. */
async function imported(name: string): Promise<StoredWorkflow> {
	const example = JSON.parse(readFileSync(path.join(EXAMPLES, `${name}.json`), 'utf8')) as N8nWorkflow;
	const nodes = example.nodes.map((node): N8nNode => {
		if (OUTSIDE.includes(node.type)) return { ...node, type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };
		if (!node.type.startsWith(OWN)) return node;
		if (node.parameters.authentication === 'facebookLogin') {
			// Fills in the account, and replaces the usernames of the example by some that the sandbox knows.
			const { username, account = { __rl: true, mode: 'id', value: bakery().id } } = node.parameters;
			const parameters = { ...node.parameters, account, ...(username === undefined ? {} : { username: OTHERS }) };
			return { ...node, parameters, credentials: { instagramInsightsFacebookApi: agency } };
		}
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

/** Run it from its first node, as *Execute workflow* does, and return the output of `node`, by default the action node. */
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

	test('audience-by-country gives one bucket per country', async () => {
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

	test('monday-report-by-mail writes a page about last week', async () => {
		const [mail] = await run('monday-report-by-mail', 'Send the Report');
		expect(mail).toMatchObject({
			username: bakery().username,
			since: addDays(today(), -7),
			subject: expect.stringMatching(/^@casa\.canela\.bakery: Instagram report, /) as string,
			html: expect.stringMatching(/^<!doctype html>/) as string,
		});
	});

	test('top-posts-of-the-quarter gives the ten most saved posts', async () => {
		const items = await run('top-posts-of-the-quarter', 'Keep in Sheet');
		const saves = bakery()
			.media()
			.filter(({ timestamp }) => {
				const day = pacificDay(new Date(timestamp));
				return day >= addDays(today(), -90) && day < today();
			})
			.map((media) => bakery().mediaMetric(media, 'saved') ?? 0)
			.sort((left, right) => right - left);
		expect(items.map(({ saved }) => saved)).toEqual(saves.slice(0, 10));
		expect(items[0]).toMatchObject({ save_rate: expect.any(Number) as number, medianOf: expect.any(Number) as number });
	});

	test('all-clients-in-one-table keeps one row per account, however often it runs', async () => {
		await run('all-clients-in-one-table');
		const clients = await run('all-clients-in-one-table');
		const rows = await bench.n8n.tableRows('Instagram clients');
		expect(clients.length).toBe(Object.keys(bench.sandbox.world.accounts).length);
		expect(rows.map(({ username, views }) => [username, views])).toEqual(
			clients.map(({ username, views }) => [username, views]),
		);
	});

	test('growth-curve-of-each-post keeps each post once at each age', async () => {
		const now = bench.sandbox.world.now().getTime();
		const ages = [0.5, 3, 7, 30, 100, 170];
		const posts = ages.map((age) => bakery().publish({ timestamp: now - age * 3_600_000 }));
		await run('growth-curve-of-each-post', 'Which Hour');
		await run('growth-curve-of-each-post', 'Which Hour');
		const rows = await bench.n8n.tableRows('Instagram growth');
		const hoursOf = ({ shortcode }: { shortcode: string }) =>
			rows.filter(({ permalink }) => String(permalink).includes(shortcode)).map(({ hours }) => hours);
		expect(posts.map(hoursOf)).toEqual([[], [1], [6], [24], [72], [168]]);
		for (const post of posts) bakery().remove(post.id);
	});

	test('beat-the-median reports each new post with twice the usual reach', async () => {
		const post = bakery().publish({ productType: 'FEED' });
		const late = bakery().publish({ productType: 'FEED' });
		bakery().setMediaMetric(post.id, 'reach', 1_000_000);
		bakery().setMediaMetric(late.id, 'reach', 10);
		const workflow = await imported('beat-the-median');
		const once = async () => await bench.n8n.run(workflow, workflow.nodes[0]?.name ?? '');
		const first = await once();
		const reported = itemsOf(first, 'Send to Slack');
		expect(reported.map(({ id }) => id)).toContain(post.id);
		expect(reported.map(({ id }) => id)).not.toContain(late.id);
		for (const { reach_vs_median: times } of reported) expect(times).toBeGreaterThanOrEqual(2);
		const second = await once();
		expect(itemsOf(second, 'New and Twice the Usual')).toHaveLength(reported.length);
		expect(itemsOf(second, 'Each Post Once')).toEqual([]);
	});

	test('when-to-post gives hours with at least three posts, the best first', async () => {
		const items = await run('when-to-post', 'Ten Best');
		expect(items.length).toBeGreaterThan(0);
		const scores = items.map(({ score }) => Number(score));
		expect(scores).toEqual([...scores].sort((left, right) => right - left));
		for (const { posts } of items) expect(posts).toBeGreaterThanOrEqual(3);
	});

	test('beside-five-others gives one row per account, the most engaging first', async () => {
		const items = await run('beside-five-others', 'Best First');
		expect(items.map(({ username }) => username).sort()).toEqual(OTHERS.split(', ').sort());
		expect(items.find(({ username }) => username === 'nobody.here')?.unavailable).toContain('not-found');
	});

	test('boosted-or-organic gives each post with what ads added', async () => {
		const items = await run('boosted-or-organic');
		expect(items.length).toBeGreaterThan(10);
		for (const { total_views: all, views, boosted_views: boosted } of items) {
			if (boosted !== null) expect(boosted).toBe(Number(all) - Number(views));
		}
		expect(items.some(({ boosted_views: boosted }) => Number(boosted) > 0)).toBe(true);
	});

	test('story-metrics-before-expiry keeps one row per story, with its numbers of the last run', async () => {
		const [newest] = bakery().stories();
		bakery().setMediaMetric(newest?.id ?? '', 'views', 100);
		await run('story-metrics-before-expiry');
		bakery().setMediaMetric(newest?.id ?? '', 'views', 250);
		const stories = await run('story-metrics-before-expiry');
		const rows = await bench.n8n.tableRows('Instagram stories');
		expect(rows.map(({ permalink }) => permalink)).toEqual(stories.map(({ permalink }) => permalink));
		expect(stories.map(({ id }) => id)).toEqual(
			bakery()
				.stories()
				.map(({ id }) => id),
		);
		expect(rows[0]).toMatchObject({ views: 250, completion_rate: expect.any(Number) as number });
	});

	test('follower-milestone-to-slack shows the last milestone when run by hand', async () => {
		const followers = bakery().followersNow();
		expect(await run('follower-milestone-to-slack', 'Send to Slack')).toEqual([
			expect.objectContaining({ followers_count: followers, milestone: Math.floor(followers / 1000) * 1000 }),
		]);
	});

	test('post-takes-off writes a message about a post when run by hand', async () => {
		expect(await run('post-takes-off', 'Write a Message')).toEqual([
			{ message: expect.stringMatching(/^[\d,]+ views: https:\/\/www\.instagram\.com\//) as string },
		]);
	});

	test('relay-events-to-telegram writes a line about a comment', async () => {
		const workflow = await imported('relay-events-to-telegram');
		const value = { id: '1', text: 'is this in blue?', from: { id: '2', username: 'ana.souza' } };
		const url = await publish(workflow);
		expect(await postAsRelay(url, { value })).toBe(200);
		expect(itemsOf(await firstRun(workflow), 'Send to Telegram')).toEqual([
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

	test('every example is tested here or in the history tests', () => {
		const histories = path.join(import.meta.dirname, 'history.e2e.test.ts');
		const source = readFileSync(import.meta.filename, 'utf8') + readFileSync(histories, 'utf8');
		for (const file of readdirSync(EXAMPLES))
			expect(source).toMatch(new RegExp(`'${path.basename(file, '.json')}[ ']`));
	});
});

/** @returns the URL of its trigger, once n8n knows it */
async function publish(workflow: StoredWorkflow): Promise<string> {
	const webhookId = workflow.nodes.find((node) => node.webhookId !== undefined)?.webhookId;
	const url = `${bench.n8n.url}/webhook/${webhookId}/webhook`;
	await bench.n8n.activate(workflow);
	await untilRegistered(url);
	return url;
}

async function firstRun({ id }: StoredWorkflow): Promise<Execution> {
	const execution = await until('the run', async () => (await bench.n8n.executionIds(id))[0]);
	return bench.n8n.execution(execution);
}
