import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createInsightsClient } from '../src/client/insights-client.ts';
import * as core from '../src/index.ts';
import type { Row } from '../src/insight/insight.ts';
import { INSIGHTS_ERROR_KINDS } from '../src/insights-error.ts';
import * as testing from '../src/testing/index.ts';
import * as undici from '../src/undici/index.ts';
import * as webhook from '../src/webhook/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
});
beforeEach(() => sandbox.resetRequests());
afterAll(() => sandbox.stop());

/** Run an example as it is, with the sandbox in place of Meta's hosts. */
async function run(example: string, env: Record<string, string>): Promise<Row[][]> {
	const open: core.Connection[] = [];
	const connect = (options: core.ConnectOptions) => {
		const isFacebook = core.hostOfToken(String(options.accessToken)) === 'graph.facebook.com';
		const connection = core.connect({ ...options, baseUrl: isFacebook ? sandbox.facebookUrl : sandbox.instagramUrl });
		open.push(connection);
		return connection;
	};
	const tables: Row[][] = [];
	const code = stripTypeScriptTypes(example).replace(/^import (\{.*\}) from '.*';$/gm, 'const $1 = core;');
	const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor;
	const print = { table: (rows: Row[]) => tables.push(rows) };
	await new AsyncFunction('core', 'console', 'process', code)({ ...core, connect }, print, { env });
	for (const connection of open) await connection.close();
	return tables;
}

describe('README.md', () => {
	test('prints numbers with the first five lines', async () => {
		const lines = (examples[0] ?? '').split('\n').filter((line) => line.trim() !== '');
		expect(lines).toHaveLength(5);
		const [table] = await run(examples[0] ?? '', { INSTAGRAM_TOKEN: 'IGAA-sandbox-large' });
		expect(sandbox.requests()).toHaveLength(1);
		expect(sandbox.requests()[0]).toMatchObject({ host: 'graph.instagram.com', query: { metric_type: 'total_value' } });
		expect(table?.map((row) => [row.accountId, row.metric, row.unit])).toEqual([
			[sandbox.world.accounts.large?.id, 'reach', 'people'],
			[sandbox.world.accounts.large?.id, 'views', 'count'],
		]);
		for (const { value } of table ?? []) expect(value).toBeGreaterThan(0);
	});

	test('shows posts with their numbers on graph.facebook.com, after finding the account', async () => {
		const tables = await run(examples[1] ?? '', { FACEBOOK_TOKEN: 'EAA-sandbox-large' });
		expect(tables).toHaveLength(300);
		for (const table of tables) expect(table.map((row) => row.metric)).toEqual(['reach', 'saved', 'shares']);
		expect(sandbox.requests()[0]).toMatchObject({ host: 'graph.facebook.com', path: '/me/accounts' });
	});

	test('lists every kind of error', () => {
		for (const kind of INSIGHTS_ERROR_KINDS) expect(readme).toContain(`\`${kind}\``);
	});

	test('lists every method of the client', () => {
		const client = createInsightsClient({
			host: 'graph.instagram.com',
			transport: testing.scriptedTransport([]),
			clock: { now: () => new Date(0), sleep: async () => undefined },
		});
		for (const method of Object.keys(client)) expect(readme).toContain(`\`${method}(`);
	});

	test('names only functions that the package exports', () => {
		const exported = new Set([core, webhook, undici, testing].flatMap((entry) => Object.keys(entry)));
		const methods = new Set(readme.match(/(?<=`)\w+(?=\()/g));
		const options = new Set(readme.match(/(?<=^\| `)\w+(?=` \|)/gm));
		const names = [...readme.matchAll(/`([a-z]+[A-Z]\w*)`/g)].map((match) => match[1] ?? '');
		expect(names.length).toBeGreaterThan(20);
		expect(names.filter((name) => !exported.has(name) && !methods.has(name) && !options.has(name))).toEqual([]);
	});
});
