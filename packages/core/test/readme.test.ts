import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { describe, expect, test } from 'vitest';
import * as core from '../src/index.ts';
import type { Row } from '../src/insight/insight.ts';
import { type ScriptedAnswer, scriptedTransport } from '../src/testing/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');

/** Run an example as it stands, with a script where it would reach the network and the date of the fixtures as today. */
async function run(example: string, script: Record<string, ScriptedAnswer>) {
	const transport = scriptedTransport((request) => script[request.path] ?? new Error(`nothing at ${request.path}`));
	const modules: Record<string, unknown> = {
		'node:timers/promises': await import('node:timers/promises'),
		'@instagram-insights/core': core,
		'@instagram-insights/core/undici': { createUndiciTransport: () => transport },
	};
	const tables: Row[][] = [];
	const code = stripTypeScriptTypes(example).replace(/^import (\{.*\}) from ('.*');$/gm, 'const $1 = modules[$2];');
	const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor;
	await new AsyncFunction('modules', 'console', code)(modules, { table: (rows: Row[]) => tables.push(rows) });
	return { tables, requests: transport.requests };
}

const value = (name: string, number: number) => ({ name, period: 'day', total_value: { value: number } });

describe('README.md', () => {
	test('has an example of about ten lines for each host', () => {
		expect(examples).toHaveLength(2);
		for (const example of examples)
			expect(example.split('\n').filter((line) => line.trim()).length).toBeLessThanOrEqual(11);
	});

	test('shows account totals on graph.instagram.com in one request', async () => {
		const data = [value('reach', 6742), value('views', 48213), value('total_interactions', 371)];
		const { tables, requests } = await run(examples[0] ?? '', { '/me/insights': { body: { data } } });
		expect(requests).toHaveLength(1);
		expect(requests[0]).toMatchObject({ host: 'graph.instagram.com', query: { metric_type: 'total_value' } });
		expect(tables).toHaveLength(1);
		expect(tables[0]?.map((row) => [row.metric, row.value, row.unit])).toEqual([
			['reach', 6742, 'people'],
			['views', 48213, 'count'],
			['total_interactions', 371, 'count'],
		]);
	});

	test('shows posts with their numbers on graph.facebook.com, after finding the account', async () => {
		const account = { id: '17841400000000001', username: 'fixture.bakery' };
		const metric = (name: string, number: number) => ({ name, period: 'lifetime', values: [{ value: number }] });
		const post = {
			id: '18000000000000001',
			media_type: 'IMAGE',
			media_product_type: 'FEED',
			timestamp: '2026-11-20T08:00:00+0000',
			insights: { data: [metric('reach', 763), metric('saved', 12), metric('shares', 0)] },
		};
		const { tables, requests } = await run(examples[1] ?? '', {
			'/me/accounts': { body: { data: [{ id: '100', name: 'Fixture Bakery', instagram_business_account: account }] } },
			'/17841400000000001/media': { body: { data: [post] } },
		});
		expect(requests.map((request) => request.path)).toEqual(['/me/accounts', '/17841400000000001/media']);
		expect(tables[0]?.map((row) => [row.mediaId, row.metric, row.value])).toEqual([
			[post.id, 'reach', 763],
			[post.id, 'saved', 12],
			[post.id, 'shares', 0],
		]);
	});

	test('lists every kind of error', () => {
		for (const kind of core.INSIGHTS_ERROR_KINDS) expect(readme).toContain(`\`${kind}\``);
	});

	test('lists every method of the client', () => {
		const client = core.createInsightsClient({
			host: 'graph.instagram.com',
			transport: scriptedTransport([]),
			clock: { now: () => new Date(0), sleep: async () => undefined },
		});
		for (const method of Object.keys(client)) expect(readme).toContain(`\`${method}(`);
	});

	test('names only functions that the package has', () => {
		for (const name of [
			'checkQuery',
			'planRequests',
			'readAnswer',
			'readInsights',
			'classifyError',
			'toRows',
			'isInsightsError',
			'createTokenClient',
			'refreshDue',
			'verifySignature',
			'answerHandshake',
			'splitEvents',
		]) {
			expect(readme).toContain(name);
			expect(core).toHaveProperty(name);
		}
	});
});
