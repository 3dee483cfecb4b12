import { addDays, pacificDay } from '@instagram-insights/graph-sandbox';
import { type PostgresServer, startPostgres } from '@instagram-insights/relay-postgres/test/postgres-server';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { N8nNode } from '../../src/n8n/n8n-api.ts';
import {
	type Bench,
	BOTH_LOGINS,
	behindManualTrigger,
	byId,
	INSIGHTS_NODE,
	LOGINS,
	openBench,
	START_NAME,
} from './bench.ts';
import { createSpreadsheet, GOOGLE_TOKEN, sheetRows } from './google-sheets.ts';

type Row = Readonly<Record<string, unknown>>;

let bench: Bench;
let postgres: PostgresServer;
let postgresCredential: { id: string; name: string };
let googleCredential: { id: string; name: string };
let tables: string;

beforeAll(async () => {
	// Posts from before the account became a professional one, among reels and albums: gaps of every kind.
	bench = await openBench({ world: { media: 60, beforeConversionShare: 0.2, adShare: 0.05 } });
	postgres = await startPostgres();
	const { port } = postgres;
	const server = { host: '127.0.0.1', port, database: 'postgres', user: 'relay', password: 'any', ssl: 'disable' };
	postgresCredential = await bench.n8n.createCredential('Rows', 'postgres', { ...server, maxConnections: 10 });
	googleCredential = await bench.n8n.createCredential('Sheets', 'googleSheetsOAuth2Api', GOOGLE_TOKEN);
	tables = await bench.n8n.dataTables();
});
afterAll(async () => {
	await bench.close();
	await postgres.remove();
});

const large = () => bench.sandbox.world.account('large');
const REELS_TOO = ['reach', 'views', 'ig_reels_avg_watch_time', 'reels_skip_rate', 'follows', 'saved'];

/** Every operation, with something missing wherever something can be missing. */
function questions(): Record<string, Row> {
	const until = addDays(pacificDay(bench.sandbox.world.now()), -1);
	const custom = { dateRange: 'custom', since: addDays(until, -40), until };
	const account = { resource: 'account' };
	const media = { resource: 'media' };
	return {
		accounts: { ...account, operation: 'getMany' },
		profile: { ...account, operation: 'get' },
		totals: {
			...account,
			operation: 'getInsights',
			metrics: ['reach', 'views'],
			computed: ['engagement_rate', 'follower_growth', 'follower_growth_rate', 'posts', 'views_per_post'],
			...custom,
		},
		days: {
			...account,
			operation: 'getInsights',
			granularity: 'daily',
			metrics: ['reach', 'follower_count'],
			...custom,
		},
		parts: { ...account, operation: 'getInsights', breakdown: 'follow_type', metrics: ['views'], ...custom },
		audience: { ...account, operation: 'getAudience', breakdown: 'age,gender' },
		online: { ...account, operation: 'getOnlineFollowers', dateRange: 'last7Days' },
		compared: { ...account, operation: 'compare', metrics: ['reach', 'views'], ...custom },
		post: { ...media, operation: 'get', media: byId(large().media()[0]?.id ?? '') },
		posts: {
			...media,
			operation: 'getMany',
			returnAll: true,
			metrics: REELS_TOO,
			computed: ['save_rate', 'hold_rate'],
			compareWithMedian: true,
			sortBy: 'save_rate',
		},
		post_insights: {
			...media,
			operation: 'getInsights',
			media: byId(large().media().at(-1)?.id ?? ''),
			metrics: ['reach'],
		},
		stories: { resource: 'story', operation: 'getMany' },
		metrics: { resource: 'metric', operation: 'getMany', returnAll: true },
	};
}

type Kind = 'string' | 'number' | 'boolean';

/** The columns that people would create for the rows: each has the type of its first value. */
function columnsOf(rows: readonly Row[]): { name: string; type: Kind }[] {
	return Object.keys(rows[0] ?? {}).map((name) => {
		const value = rows.map((row) => row[name]).find((found) => found !== null);
		return { name, type: typeof value === 'number' || typeof value === 'boolean' ? (typeof value as Kind) : 'string' };
	});
}

const named = (value: string) => ({ __rl: true, mode: 'name', value });

/** A node that stores the items, each field in the column of its name. */
function storingNode(name: string, type: string, typeVersion: number, parameters: Row): N8nNode {
	const columns = { mappingMode: 'autoMapInputData', value: null, matchingColumns: [], schema: [] };
	return { id: name, name, type, typeVersion, position: [400, 0], parameters: { columns, ...parameters } };
}

function dataTableNode(id: string): N8nNode {
	const parameters = { resource: 'row', operation: 'insert', dataTableId: byId(id) };
	return storingNode('Data Table', 'n8n-nodes-base.dataTable', 1.1, parameters);
}

function postgresNode(table: string): N8nNode {
	const parameters = { operation: 'insert', schema: named('public'), table: named(table), options: {} };
	const node = storingNode('PostgreSQL', 'n8n-nodes-base.postgres', 2.6, parameters);
	return { ...node, credentials: { postgres: postgresCredential } };
}

function googleSheetsNode(spreadsheet: string): N8nNode {
	const where = { documentId: byId(spreadsheet), sheetName: named('Rows') };
	const parameters = { operation: 'append', ...where, options: { cellFormat: 'RAW' } };
	const node = storingNode('Google Sheets', 'n8n-nodes-base.googleSheets', 4.5, parameters);
	return { ...node, credentials: { googleSheetsOAuth2Api: googleCredential } };
}

/** A sheet has no empty text: it is an empty cell. */
const asInSheet = (row: Row): Row =>
	Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === '' ? null : value]));

const inAnyOrder = (rows: readonly Row[]) =>
	rows.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));

const SQL_TYPES = { string: 'text', number: 'double precision', boolean: 'boolean' } as const;

describe.each(BOTH_LOGINS)('rows with %s go unedited into tables', (login) => {
	test.each([
		'accounts',
		'profile',
		'totals',
		'days',
		'parts',
		'audience',
		'online',
		'compared',
		'post',
		'posts',
		'post_insights',
		'stories',
		'metrics',
	])('%s', async (name) => {
		const parameters = questions()[name] ?? {};
		const rows = await bench.rows(login, parameters, { account: 'large' });
		expect(rows.length).toBeGreaterThan(0);
		const columns = columnsOf(rows);
		const table = `${name}_${login.toLowerCase()}`;
		// A Data Table has its own column "id" and refuses one from rows.
		const kept = columns.filter((column) => column.name !== 'id');
		const made = await bench.n8n.rest<{ id: string }>('POST', tables, { name: table, columns: kept });
		const sql = columns.map((column) => `"${column.name}" ${SQL_TYPES[column.type]}`).join(', ');
		await postgres.query(`CREATE TABLE "${table}" (${sql})`);
		const googleSheets = inject('googleSheetsUrl');
		const spreadsheet = await createSpreadsheet(
			googleSheets,
			'Rows',
			columns.map((column) => column.name),
		);

		const credential = await bench.credential(login, 'large');
		const insights: N8nNode = {
			id: 'insights',
			name: 'Insights',
			type: INSIGHTS_NODE,
			typeVersion: 1,
			position: [200, 0],
			parameters: { authentication: login, ...parameters },
			credentials: { [LOGINS[login].type]: credential },
		};
		const base = behindManualTrigger(insights);
		const into = (node: string) => ({ node, type: 'main', index: 0 });
		const workflow = await bench.n8n.createWorkflow({
			...base,
			nodes: [...base.nodes, dataTableNode(made.id), postgresNode(table), googleSheetsNode(spreadsheet)],
			connections: {
				...base.connections,
				Insights: { main: [[into('Data Table'), into('PostgreSQL'), into('Google Sheets')]] },
			},
		});
		const run = await bench.n8n.run(workflow, START_NAME);
		expect(run.error).toBeUndefined();

		const stored = await bench.n8n.rest<{ data: Row[] }>('GET', `${tables}/${made.id}/rows?take=250&sortBy=id:asc`);
		const names = kept.map((column) => column.name);
		const only = (row: Row) => Object.fromEntries(names.map((column) => [column, row[column]]));
		const expected = run.items('Insights').map(({ json }) => json);
		expect(stored.data.map(only)).toEqual(expected.slice(0, 250).map(only));
		// A table has no order of its own.
		expect(inAnyOrder(await postgres.query(`SELECT * FROM "${table}"`))).toEqual(inAnyOrder(expected));
		expect(await sheetRows(googleSheets, spreadsheet, 'Rows')).toEqual(expected.map(asInSheet));
	});
});
