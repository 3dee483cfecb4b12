import { readFileSync } from 'node:fs';
import path from 'node:path';
import { addDays, pacificDay } from '@instagram-insights/graph-sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../src/folders.ts';
import type { Execution, N8nNode, N8nWorkflow } from '../../src/n8n/n8n-api.ts';
import { type Bench, openBench } from './bench.ts';
import { type ModelTurn, type ScriptedModel, startScriptedModel } from './scripted-model.ts';

const EXAMPLE = path.join(ROOT, 'packages/n8n-nodes-instagram-insights/examples/ai-agent-with-instagram-tools.json');
const TOOL = 'n8n-nodes-instagram-insights.instagramInsightsTool';

let bench: Bench;
let model: ScriptedModel;
let openAi: { id: string; name: string };
beforeAll(async () => {
	bench = await openBench();
	model = await startScriptedModel();
	openAi = await bench.n8n.createCredential('scripted model', 'openAiApi', { apiKey: 'none', url: model.url });
});
afterAll(async () => {
	await model.stop();
	await bench.close();
});

type Chat = {
	readonly agentVersion?: number;
	readonly token?: string;
	readonly goesOn?: boolean;
	readonly output?: Readonly<Record<string, string>>;
};

/**
 * The example with credentials, asked one question in its chat, while the model plays these turns.
 *
 * @param options `agentVersion`: another than the example's; `goesOn: false`: the tools' *On Error* is left as n8n sets it; `output`: parameters for all tools
 */
async function chat(
	{ agentVersion, token = '', goesOn = true, output = {} }: Chat,
	...turns: ModelTurn[]
): Promise<Execution> {
	const example = JSON.parse(readFileSync(EXAMPLE, 'utf8')) as N8nWorkflow;
	const instagram = await bench.credential('instagramLogin', 'bakery', token);
	const nodes = example.nodes.map((node): N8nNode => {
		if (node.type.endsWith('.lmChatOpenAi')) return { ...node, credentials: { openAiApi: openAi } };
		if (node.type.endsWith('.agent')) return { ...node, typeVersion: agentVersion ?? node.typeVersion };
		if (node.type !== TOOL) return node;
		const { onError: _, ...asN8nSetsIt } = node;
		const parameters = { ...node.parameters, ...output };
		return { ...(goesOn ? node : asN8nSetsIt), parameters, credentials: { instagramInsightsApi: instagram } };
	});
	const question = { sessionId: crypto.randomUUID(), action: 'sendMessage', chatInput: 'How was the last week?' };
	model.play(...turns);
	bench.sandbox.resetRequests();
	const asked = { ...example, nodes, pinData: { Chat: [{ json: question }] } };
	const run = await bench.n8n.run(await bench.n8n.createWorkflow(asked), 'Chat');
	expect(run.error?.message).toBeUndefined();
	return run;
}

/** The tools' answers as the model read them, in order. */
const toolAnswers = () =>
	(model.requests().at(-1)?.messages ?? []).filter(({ role }) => role === 'tool').map(({ content }) => String(content));
const rowsOf = (answer: string | undefined) => JSON.parse(answer ?? '') as Record<string, unknown>[];
const numbers = (metrics: string, dateRange: string): ModelTurn => ({
	tool: 'Account_Numbers',
	args: { metrics, dateRange },
});
const done: ModelTurn = { say: 'It was a good week.' };

describe.each([2, 3.1])('the node as a tool of an AI agent, version %d', (agentVersion) => {
	test('is offered under the name of its node, with its purpose and its parameters', async () => {
		const run = await chat({ agentVersion }, done);
		expect(run.items('Analyst').map(({ json }) => json)).toEqual([{ output: 'It was a good week.' }]);
		const tools = new Map(model.requests()[0]?.tools.map((tool) => [tool.name, tool]));
		expect([...tools.keys()].sort()).toEqual(['Account_Numbers', 'Latest_Posts', 'Which_Metrics_Exist']);
		expect(tools.get('Account_Numbers')?.description).toMatch(/whole Instagram account over a date range/);
		expect(tools.get('Latest_Posts')?.description).toMatch(/newest posts and reels/);
		expect(tools.get('Which_Metrics_Exist')?.description).toMatch(/Lists every metric/);
		const described = (text: RegExp) => expect.stringMatching(text) as string;
		expect(tools.get('Account_Numbers')?.parameters).toMatchObject({
			type: 'object',
			properties: {
				metrics: { type: 'string', description: described(/commas.*reach, views/) },
				dateRange: { type: 'string', description: described(/last7Days.*lastMonth/) },
			},
			required: ['metrics', 'dateRange'],
		});
		expect(tools.get('Latest_Posts')?.parameters).toMatchObject({
			properties: { limit: { type: 'number', description: described(/1 to 50/) } },
			required: ['limit'],
		});
		expect(tools.get('Which_Metrics_Exist')?.parameters).toMatchObject({
			properties: { level: { type: 'string', description: described(/account.*media/) } },
		});
	});

	test('gives the model the numbers it asked for', async () => {
		await chat(
			{ agentVersion },
			numbers('reach, views', 'last7Days'),
			{ tool: 'Latest_Posts', args: { limit: 3 } },
			done,
		);
		const bakery = bench.sandbox.world.account('bakery');
		const today = pacificDay(bench.sandbox.world.now());
		const [since, until] = [addDays(today, -7), addDays(today, -1)];
		const [account, posts] = toolAnswers().map(rowsOf);
		expect(account).toEqual([
			{
				...bench.owner(),
				since,
				until,
				reach: bakery.total('reach', since, until),
				views: bakery.total('views', since, until),
				unavailable: '',
			},
		]);
		expect(posts?.map(({ id, caption, reach, saved }) => ({ id, caption, reach, saved }))).toEqual(
			bakery
				.media()
				.slice(0, 3)
				.map((media) => ({
					id: media.id,
					caption: media.caption,
					reach: bakery.mediaMetric(media, 'reach'),
					saved: bakery.mediaMetric(media, 'saved'),
				})),
		);
	});

	test('accepts every value that it names to the model', async () => {
		await chat({ agentVersion }, done);
		const { properties } = model.requests()[0]?.tools.find(({ name }) => name === 'Account_Numbers')?.parameters ?? {};
		const listed = (name: string) => properties?.[name]?.description.split(': ')[1]?.split(', ') ?? [];
		const [metrics, ranges] = [listed('metrics'), listed('dateRange')];
		expect([metrics.length, ranges.length]).toEqual([10, 7]);
		await chat({ agentVersion }, ...ranges.map((range) => numbers(metrics.join(), range)), done);
		const rows = toolAnswers().map(rowsOf);
		expect(rows).toHaveLength(7);
		for (const [row] of rows)
			expect(Object.keys(row ?? {})).toEqual(expect.arrayContaining(['since', 'until', ...metrics]));
	});

	test('tells the model which metrics exist, without a call to Meta', async () => {
		await chat({ agentVersion }, { tool: 'Which_Metrics_Exist', args: { level: 'account' } }, done);
		const rows = rowsOf(toolAnswers()[0]);
		expect(rows).toContainEqual(expect.objectContaining({ metric: 'views', level: 'account' }));
		expect(rows.filter(({ level }) => level !== 'account')).toEqual([]);
		expect(bench.sandbox.counts().httpRequests).toBe(0);
	});

	test('tells the model what was wrong, and the next call works', async () => {
		const turns = [numbers('impressions', 'last7Days'), numbers('views', 'last week'), numbers('views', 'last7Days')];
		await chat({ agentVersion }, ...turns, done);
		const [metric, range, good] = toolAnswers();
		expect(metric).toMatch(/impressions.*Use \\?"views\\?" instead/);
		expect(range).toMatch(/last week.*is not a date range.*last7Days/);
		expect(rowsOf(good)[0]?.views).toEqual(expect.any(Number));
	});

	test('gives the model only the fields that were chosen', async () => {
		const output = { output: 'selectedFields', outputFields: 'caption, reach' };
		await chat({ agentVersion, output }, { tool: 'Latest_Posts', args: { limit: 2 } }, done);
		const posts = bench.sandbox.world.account('bakery').media().slice(0, 2);
		expect(rowsOf(toolAnswers()[0])).toEqual(
			posts.map((media) => ({
				caption: media.caption,
				reach: bench.sandbox.world.account('bakery').mediaMetric(media, 'reach'),
				unavailable: '',
			})),
		);
	});

	test('tells the model that a token has expired, without showing it', async () => {
		await chat({ agentVersion, token: '-expired' }, numbers('views', 'last7Days'), done);
		expect(toolAnswers()[0]).toMatch(/expired/);
		expect(JSON.stringify(model.requests())).not.toContain('IGAA-');
	});
});

describe("the node as a tool with n8n's own On Error", () => {
	test('still tells the model what was wrong, with the current version of the agent', async () => {
		await chat({ goesOn: false }, numbers('impressions', 'last7Days'), numbers('views', 'last7Days'), done);
		const [bad, good] = toolAnswers();
		expect(bad).toMatch(/impressions.*Use \\?"views\\?" instead/);
		expect(rowsOf(good)[0]?.views).toEqual(expect.any(Number));
	});
});
