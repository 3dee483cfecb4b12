import { addDays, pacificDay } from '@instagram-insights/graph-sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { N8nNode, StoredWorkflow } from '../../src/n8n/n8n-api.ts';
import { type Bench, LOGINS, type Login, openBench } from './bench.ts';
import { type ModelTurn, type ScriptedModel, type ScriptedTurn, startScriptedModel } from './scripted-model.ts';

const TOOL = 'n8n-nodes-instagram-insights.instagramInsightsTool';
const fromAi = (name: string) => `={{ $fromAI('${name}', '', 'string', '') }}`;
const byId = (name: string) => ({ __rl: true, mode: 'id', value: fromAi(name) });

/** The tools of the agent, named after the operations. */
const TOOLS: Record<string, { login: Login; parameters: Record<string, unknown> }> = {
	'Account Get Insights': {
		login: 'instagramLogin',
		parameters: {
			resource: 'account',
			operation: 'getInsights',
			granularity: fromAi('granularity'),
			metrics: fromAi('metrics'),
			dateRange: fromAi('dateRange'),
			since: fromAi('since'),
			until: fromAi('until'),
		},
	},
	'Account Compare Periods': {
		login: 'instagramLogin',
		parameters: {
			resource: 'account',
			operation: 'compare',
			metrics: ['reach'],
			dateRange: 'lastMonth',
			compareWith: fromAi('compareWith'),
		},
	},
	'Account Get Audience': {
		login: 'instagramLogin',
		parameters: { resource: 'account', operation: 'getAudience', breakdown: fromAi('breakdown') },
	},
	'Account Get': {
		login: 'facebookLogin',
		parameters: { resource: 'account', operation: 'get', account: byId('account') },
	},
	'Account Get Many': { login: 'facebookLogin', parameters: { resource: 'account', operation: 'getMany' } },
	'Post or Reel Get Many': {
		login: 'instagramLogin',
		parameters: {
			resource: 'media',
			operation: 'getMany',
			includeInsights: true,
			metrics: fromAi('metrics'),
			sortBy: fromAi('sortBy'),
			limit: 3,
		},
	},
	'Post or Reel Get Insights': {
		login: 'instagramLogin',
		parameters: { resource: 'media', operation: 'getInsights', media: byId('media'), metrics: ['reach'] },
	},
	'Metric Get Many': {
		login: 'instagramLogin',
		parameters: {
			resource: 'metric',
			operation: 'getMany',
			returnAll: true,
			options: { level: fromAi('level') },
		},
	},
	'Report Create': {
		login: 'instagramLogin',
		parameters: { resource: 'report', operation: 'create', dateRange: 'last7Days', locale: fromAi('locale') },
	},
};

let bench: Bench;
let model: ScriptedModel;
let workflow: StoredWorkflow;

beforeAll(async () => {
	bench = await openBench();
	model = await startScriptedModel();
	const openAi = await bench.n8n.createCredential('scripted model', 'openAiApi', { apiKey: 'none', url: model.url });
	const credentials = {
		instagramLogin: await bench.credential('instagramLogin'),
		facebookLogin: await bench.credential('facebookLogin', 'agency', 'EAA-sandbox-agency'),
	};
	const node = (name: string, type: string, typeVersion: number, parameters: object, more: object = {}): N8nNode => ({
		id: name,
		name,
		type,
		typeVersion,
		position: [0, 0],
		parameters: { ...parameters },
		...more,
	});
	const tools = Object.entries(TOOLS).map(([name, { login, parameters }]) =>
		node(
			name,
			TOOL,
			1,
			{ authentication: login, ...parameters },
			{
				onError: 'continueRegularOutput',
				credentials: { [LOGINS[login].type]: credentials[login] },
			},
		),
	);
	const gpt = node(
		'Model',
		'@n8n/n8n-nodes-langchain.lmChatOpenAi',
		1.2,
		{
			model: { __rl: true, mode: 'list', value: 'scripted' },
			options: {},
		},
		{ credentials: { openAiApi: openAi } },
	);
	const chat = node(
		'Chat',
		'@n8n/n8n-nodes-langchain.chatTrigger',
		1.1,
		{ options: {} },
		{ webhookId: crypto.randomUUID() },
	);
	const agent = node('Agent', '@n8n/n8n-nodes-langchain.agent', 3.1, { options: {} });
	const into = (type: string) => ({ [type]: [[{ node: 'Agent', type, index: 0 }]] });
	const question = { sessionId: crypto.randomUUID(), action: 'sendMessage', chatInput: 'A question' };
	const definition = {
		name: 'Agent that corrects itself',
		settings: { executionOrder: 'v1' },
		nodes: [chat, agent, gpt, ...tools],
		connections: {
			Chat: into('main'),
			Model: into('ai_languageModel'),
			...Object.fromEntries(tools.map(({ name }) => [name, into('ai_tool')])),
		},
		pinData: { Chat: [{ json: question }] },
	};
	workflow = await bench.n8n.createWorkflow(definition);
});
afterAll(async () => {
	await model?.stop();
	await bench?.close();
});

/** A tool's answer to the model: rows, or one row with an error. */
const rowsOf = (answer: string) => JSON.parse(answer) as Record<string, unknown>[];
const toolAnswers = () =>
	(model.requests().at(-1)?.messages ?? []).filter(({ role }) => role === 'tool').map(({ content }) => String(content));

async function play(...turns: ScriptedTurn[]): Promise<string[]> {
	model.play(...turns, { say: 'Done.' });
	const run = await bench.n8n.run(workflow, 'Chat');
	expect(run.error?.message).toBeUndefined();
	return toolAnswers();
}

const call = (name: string, args: Record<string, unknown>): ModelTurn => ({ tool: name.replace(/\W+/g, '_'), args });
const insights = (args: Record<string, string>) =>
	call('Account Get Insights', { granularity: 'total', metrics: 'reach', dateRange: 'last7Days', ...args });

/** The part of the error that the group matches. If nothing matches, the test fails. */
function read(error: string, pattern: RegExp): string {
	const found = pattern.exec(error)?.[1];
	if (found === undefined) throw new Error(`${pattern} is not in: ${error}`);
	return found;
}
/** The operation that the error names, as a call. */
const operationIn = (error: string, args: Record<string, unknown> = {}): ModelTurn =>
	call(read(error, /((?:Account|Post or Reel|Story|Metric): Get[A-Z a-z]*?)(?: lists| gives| and |\.)/), args);
/** Of the choices that the error lists, the one that the pattern matches. */
function choiceIn(error: string, pattern: RegExp): string {
	const listed = read(error, /Choose (?:one of )?([^.]+)\./).match(/[\w-]+/g) ?? [];
	const fitting = listed.find((choice) => pattern.test(choice));
	if (fitting === undefined) throw new Error(`No choice fits ${pattern} in: ${error}`);
	return fitting;
}

type Task = {
	readonly question: string;
	readonly wrong: ModelTurn;
	/** Later calls, each made from the answer to the call before. */
	readonly next: readonly ((answer: string) => ModelTurn)[];
	/** What the rows of the last call contain. */
	readonly gives: Record<string, unknown>;
};

const lastDay = addDays(pacificDay(new Date()), -2);
const firstDay = addDays(lastDay, -6);
const anyNumber = expect.any(Number) as number;
const someone = 'casa.canela.bakery';

const TASKS: Task[] = [
	{
		question: 'How many people saw us last week?',
		wrong: insights({ dateRange: 'last week' }),
		next: [(error) => insights({ dateRange: choiceIn(error, /^lastweek$/i) })],
		gives: { reach: anyNumber },
	},
	{
		question: 'How many impressions did we have?',
		wrong: insights({ metrics: 'impressions' }),
		next: [(error) => insights({ metrics: read(error, /Use "(\w+)" instead/) })],
		gives: { views: anyNumber },
	},
	{
		question: 'How often were we saved?',
		wrong: insights({ metrics: 'saved' }),
		next: [(error) => insights({ metrics: read(error, /For the account, use "(\w+)"/) })],
		gives: { saves: anyNumber },
	},
	{
		question: 'How did reach develop?',
		wrong: insights({ granularity: 'per day' }),
		next: [(error) => insights({ granularity: choiceIn(error, /^dai/) })],
		gives: { date: expect.any(String) as string, reach: anyNumber },
	},
	{
		question: 'How was our reach since we began in 2019?',
		wrong: insights({ dateRange: 'custom', since: '2019-01-01', until: lastDay }),
		next: [(error) => insights({ dateRange: 'custom', since: read(error, /"([\d-]+)" would work/), until: lastDay })],
		gives: { until: lastDay, reach: anyNumber },
	},
	{
		question: 'How were the seven days before yesterday?',
		wrong: insights({ dateRange: 'custom', since: lastDay, until: firstDay }),
		next: [(error) => insights({ dateRange: 'custom', since: firstDay, until: read(error, /"([\d-]+)" would work/) })],
		gives: { since: firstDay, until: lastDay },
	},
	{
		question: 'How many followers did we win?',
		wrong: insights({ metrics: 'followers won' }),
		next: [
			(error) => operationIn(error, { level: 'account' }),
			(rows) => {
				const found = rowsOf(rows).find(({ meaning }) => /follow(ing)? you each day/.test(String(meaning)));
				return insights({ metrics: String(found?.metric) });
			},
		],
		gives: { new_followers: anyNumber },
	},
	{
		question: 'How long do people watch our reels?',
		wrong: insights({ metrics: 'ig_reels_avg_watch_time' }),
		next: [(error) => operationIn(error, { metrics: read(error, /Metrics: "(\w+)"/), sortBy: 'newest' })],
		gives: { ig_reels_avg_watch_time_seconds: anyNumber },
	},
	{
		question: 'Which posts led people to our profile?',
		wrong: call('Post or Reel Get Many', { metrics: 'profile_views', sortBy: 'newest' }),
		next: [
			(error) => call('Post or Reel Get Many', { metrics: read(error, /For media, use "(\w+)"/), sortBy: 'newest' }),
		],
		gives: { profile_visits: anyNumber },
	},
	{
		question: 'Which posts were saved most?',
		wrong: call('Post or Reel Get Many', { metrics: 'saved', sortBy: 'saves' }),
		next: [(error) => call('Post or Reel Get Many', { metrics: 'saved', sortBy: read(error, /"(\w+)" would work/) })],
		gives: { saved: anyNumber },
	},
	{
		question: 'How did our latest post do?',
		wrong: call('Post or Reel Get Insights', { media: 'latest' }),
		next: [
			(error) => operationIn(error, { metrics: 'reach', sortBy: 'newest' }),
			(rows) => call('Post or Reel Get Insights', { media: rowsOf(rows)[0]?.id }),
		],
		gives: { reach: anyNumber },
	},
	{
		question: 'How was last month beside the year before?',
		wrong: call('Account Compare Periods', { compareWith: 'last year' }),
		next: [(error) => call('Account Compare Periods', { compareWith: choiceIn(error, /year/i) })],
		gives: { metric: 'reach', change: anyNumber },
	},
	{
		question: 'In which towns are our followers?',
		wrong: call('Account Get Audience', { breakdown: 'town' }),
		next: [(error) => call('Account Get Audience', { breakdown: choiceIn(error, /^city$/) })],
		gives: { dimension: 'city', count: anyNumber },
	},
	{
		question: `Who is @${someone}?`,
		wrong: call('Account Get', { account: `@${someone}` }),
		next: [
			(error) => operationIn(error),
			(rows) => call('Account Get', { account: rowsOf(rows).find(({ username }) => username === someone)?.id }),
		],
		gives: { username: someone, followers_count: anyNumber },
	},
	{
		question: 'How many followers has the account with an ID that the model made up?',
		wrong: call('Account Get', { account: '17841499999999999' }),
		next: [(error) => operationIn(error), (rows) => call('Account Get', { account: rowsOf(rows)[0]?.id })],
		gives: { followers_count: anyNumber },
	},
	{
		question: 'Which numbers do posts have?',
		wrong: call('Metric Get Many', { level: 'posts' }),
		next: [(error) => call('Metric Get Many', { level: choiceIn(error, /^media$/) })],
		gives: { metric: 'views', level: 'media' },
	},
	{
		question: 'Write a report in Spanish.',
		wrong: call('Report Create', { locale: 'Spanish' }),
		next: [(error) => call('Report Create', { locale: choiceIn(error, /^es-/) })],
		gives: { markdown: expect.stringContaining('Informe de Instagram') as string },
	},
];

describe('an agent that knows only the text of an error', () => {
	test.each(TASKS)('$question', async ({ wrong, next, gives }) => {
		const answers = await play(wrong, ...next);
		expect(answers).toHaveLength(1 + next.length);
		expect(rowsOf(answers[0] ?? '')).toEqual([expect.objectContaining({ error: expect.any(String) as string })]);
		expect(rowsOf(answers.at(-1) ?? '')).toContainEqual(expect.objectContaining(gives));
	});

	test('answers how the account is doing with one tool', async () => {
		const [answer = ''] = await play(call('Report Create', { locale: 'en-US' }));
		expect(model.requests()).toHaveLength(2);
		expect(String(rowsOf(answer)[0]?.markdown)).toMatch(
			/Reach.*This period [\d,]+ · Before [\d,]+ · Change [+-][\d.]+%/,
		);
	});

	test.each(['account', 'media'])('gets the names of all metrics of the level "%s" in 4 kB', async (level) => {
		const [answer = ''] = await play(call('Metric Get Many', { level }));
		expect(rowsOf(answer).length).toBeGreaterThan(25);
		expect(Buffer.byteLength(answer)).toBeLessThanOrEqual(4_000);
	});
});
