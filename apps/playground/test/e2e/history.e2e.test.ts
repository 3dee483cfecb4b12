import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type AccountTruth, addDays, pacificDay, type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import { type PostgresServer, startPostgres } from '@instagram-insights/relay-postgres/test/postgres-server';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ROOT } from '../../src/folders.ts';
import type { Execution, N8nApi, N8nNode, N8nWorkflow, StoredWorkflow } from '../../src/n8n/n8n-api.ts';
import { createSpreadsheet, GOOGLE_TOKEN, sheetRows } from './google-sheets.ts';
import { createLaterN8n, type LaterN8n } from './later-n8n.ts';

const EXAMPLES = path.join(ROOT, 'packages/n8n-nodes-instagram-insights/examples');
const HISTORIES = [
	'history-in-a-data-table',
	'history-in-postgresql',
	'history-in-google-sheets',
	'followers-in-a-data-table',
];
const START = 'Every Day at 7';
/** 8 a.m. or 7 a.m. in Los Angeles: far from the end of Instagram's day. */
const MORNING_UTC = 15;

type Row = Readonly<Record<string, unknown>>;
type Credential = { id: string; name: string };

let later: LaterN8n;
let sandbox: Sandbox;
let account: AccountTruth;
let postgres: PostgresServer;
let n8n: N8nApi;
let sheetId: string;
let workflows: StoredWorkflow[];

const example = (name: string): N8nWorkflow =>
	JSON.parse(readFileSync(path.join(EXAMPLES, `${name}.json`), 'utf8')) as N8nWorkflow;

const CREDENTIALS: Readonly<Record<string, string>> = {
	'n8n-nodes-base.googleSheets': 'googleSheetsOAuth2Api',
	'n8n-nodes-base.postgres': 'postgres',
	'n8n-nodes-instagram-insights.instagramInsights': 'instagramInsightsApi',
};

/** The example as a user imports it and fills it in. */
function filledIn(name: string, credentials: Record<string, Credential>): N8nWorkflow {
	const workflow = example(name);
	const nodes = workflow.nodes.map((node): N8nNode => {
		const type = CREDENTIALS[node.type] ?? '';
		const credential = credentials[type];
		if (credential === undefined) return node;
		const documentId = { __rl: true, mode: 'url', value: `https://docs.google.com/spreadsheets/d/${sheetId}/edit` };
		const parameters = node.type.endsWith('.googleSheets') ? { ...node.parameters, documentId } : node.parameters;
		return { ...node, parameters, credentials: { [type]: credential } };
	});
	return { ...workflow, nodes };
}

/** What each history holds, oldest first. */
const kept = async (): Promise<Row[][]> => [
	(await n8n.tableRows('Instagram days')).sort((a, b) => String(a.date).localeCompare(String(b.date))),
	[...(await postgres.query('SELECT *, date::text AS date FROM instagram_days ORDER BY instagram_days.date'))],
	await sheetRows(inject('googleSheetsUrl'), sheetId, 'Days'),
];

const run = () => Promise.all(workflows.map((workflow) => n8n.run(workflow, START)));
const today = () => pacificDay(later.now());
const nextMorning = () => later.pass(24);

/** The days from `since` to yesterday, with the numbers that Instagram has by now. */
function truth(since: string): Row[] {
	const days = [];
	for (let day = since; day < today(); day = addDays(day, 1)) days.push(day);
	return days.map((date) => {
		const number = (metric: string) => (account.isProcessed(date) ? account.onDay(metric, date) : null);
		const { id, username } = account;
		return { account_id: id, username, date, reach: number('reach'), new_followers: number('follower_count') };
	});
}

const numbersOf = (rows: readonly Row[]): Row[] =>
	rows.map(({ account_id, username, date, reach, new_followers }) => ({
		account_id,
		username,
		date,
		reach,
		new_followers,
	}));

function expectGreen(executions: readonly Execution[]): void {
	expect(executions.map(({ error }) => error?.message)).toEqual(executions.map(() => undefined));
}

beforeAll(async () => {
	postgres = await startPostgres();
	later = await createLaterN8n();
	const hour = new Date().getUTCHours() + new Date().getUTCMinutes() / 60;
	later.pass((MORNING_UTC - hour + 24) % 24);
	// Instagram completes a day 30 hours after its end: the newest row is always incomplete when it is first stored.
	const gallery = { key: 'gallery', username: 'gallery', followers: 4_812, processingHours: 30 };
	sandbox = await startSandbox({ now: later.now, world: { accounts: [gallery] } });
	account = sandbox.world.account('gallery');
	n8n = await later.start();
	const server = { host: '127.0.0.1', port: postgres.port, database: 'postgres', user: 'relay', password: 'any' };
	const token = { accessToken: account.tokens.instagram, baseUrl: sandbox.instagramUrl };
	const credentials = {
		instagramInsightsApi: await n8n.createCredential('Instagram', 'instagramInsightsApi', token),
		postgres: await n8n.createCredential('PostgreSQL', 'postgres', { ...server, ssl: 'disable', maxConnections: 10 }),
		googleSheetsOAuth2Api: await n8n.createCredential('Google', 'googleSheetsOAuth2Api', GOOGLE_TOKEN),
	};
	// The sheet has the headings that the example's note asks for.
	const note = example('history-in-google-sheets').nodes.find(({ type }) => type.endsWith('.stickyNote'));
	const headings = /headings `([^`]+)`/.exec(String(note?.parameters.content))?.[1]?.split(', ') ?? [];
	sheetId = await createSpreadsheet(inject('googleSheetsUrl'), 'Days', headings);
	workflows = await Promise.all(HISTORIES.map((name) => n8n.createWorkflow(filledIn(name, credentials))));
});

afterAll(async () => {
	await later?.remove();
	await sandbox?.stop();
	await postgres?.remove();
});

describe('a history in a Data Table, in PostgreSQL and in Google Sheets', () => {
	let firstDay: string;

	test('begins with the last 30 days', async () => {
		firstDay = addDays(today(), -30);
		expectGreen(await run());
		for (const rows of await kept()) expect(numbersOf(rows)).toEqual(truth(firstDay));
	});

	test('has every day once after seven days with two outages and a double run', async () => {
		nextMorning();
		expectGreen(await run());
		// Days 3 and 4: n8n is down.
		await later.kill();
		for (let days = 0; days < 3; days++) nextMorning();
		n8n = await later.start();
		expectGreen((await Promise.all([run(), run()])).flat());
		const before = await kept();
		// Day 6: Meta is down. The runs fail and say so, and nothing is written.
		nextMorning();
		sandbox.setScenario({ scenario: 'auth' });
		for (const { error } of await run()) expect(error?.message).toMatch(/./);
		expect(await kept()).toEqual(before);
		sandbox.clearScenarios();
		nextMorning();
		expectGreen(await run());
		for (const rows of await kept()) expect(numbersOf(rows)).toEqual(truth(firstDay));
	});

	test('has no gap that Instagram could fill after an outage of 40 days', async () => {
		for (let days = 0; days < 40; days++) nextMorning();
		await n8n.logIn();
		expectGreen(await run());
		const lost = (row: Row) => String(row.date) < addDays(today(), -30);
		for (const rows of await kept()) {
			const expected = truth(firstDay).map((row) => row);
			expect(numbersOf(rows).map(({ new_followers: _, ...row }) => row)).toEqual(
				expected.map(({ new_followers: _, ...row }) => row),
			);
			expect(numbersOf(rows).filter((row) => !lost(row))).toEqual(expected.filter((row) => !lost(row)));
		}
	});

	test('keeps the number of followers of each day on which it ran', async () => {
		const rows = await n8n.tableRows('Instagram followers');
		expect(new Set(rows.map(({ date }) => date)).size).toBe(rows.length);
		expect(rows.at(-1)).toMatchObject({ account_id: account.id, followers_count: account.followersNow() });
	});
});
