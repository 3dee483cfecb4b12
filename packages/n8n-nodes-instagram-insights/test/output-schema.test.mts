import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WEBHOOK_FIELDS } from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { OPERATIONS, useSandbox, worksWith } from './ask-sandbox.mts';
import { pollingWorkflow } from './InstagramInsightsPollingTrigger/polling-workflow.mts';
import { changes, post } from './InstagramInsightsTrigger/receive/fake-webhook.mts';

const FOLDER = join(import.meta.dirname, '../nodes/InstagramInsights/__schema__/v1.0.0');
const TRIGGERS = ['InstagramInsightsTrigger', 'InstagramInsightsPollingTrigger'] as const;

type Schema = { type: string; properties: Record<string, { type: string }>; version: number };

function schemaOf(resource: string, operation: string): Schema {
	return JSON.parse(readFileSync(join(FOLDER, resource, `${operation}.json`), 'utf8')) as Schema;
}

/** Where n8n looks for the output of a node without resource and operation. */
function triggerSchema(node: (typeof TRIGGERS)[number]): Schema {
	const file = join(import.meta.dirname, `../nodes/${node}/__schema__/v1.0.0/output.json`);
	return JSON.parse(readFileSync(file, 'utf8')) as Schema;
}

function typeOf(value: unknown): string {
	if (Array.isArray(value)) return 'array';
	return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value;
}

describe('the output schemas', () => {
	const { required, ask } = useSandbox();

	test('exist for every operation, and for nothing else', () => {
		const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
		const expected = OPERATIONS.map(({ resource, operation }) => join(resource, `${operation}.json`));
		expect(files.sort()).toEqual(expected.sort());
	});

	test.each(OPERATIONS)(
		'name the columns of every row of $resource: $operation in their order, each a plain value of its type',
		async ({ resource, operation, row }) => {
			const { properties } = schemaOf(resource, operation);
			const login = worksWith('instagramLogin', row) ? 'instagramLogin' : 'facebookLogin';
			const { rows } = await ask(login, { resource, operation, ...required(resource, row) });
			expect(rows.length).toBeGreaterThan(0);
			for (const row of rows) {
				expect(Object.keys(row)).toEqual(Object.keys(properties));
				for (const [name, value] of Object.entries(row)) {
					if (value === null) continue;
					const type = properties[name]?.type;
					expect(type === 'number' ? ['number', 'integer'] : [type], name).toContain(typeOf(value));
				}
			}
		},
	);
});

describe('the output schemas of the triggers', () => {
	const { sandbox } = useSandbox();

	test('name the columns of comments, mentions, messages and story insights, with their types', async () => {
		const { properties } = triggerSchema('InstagramInsightsTrigger');
		const found = new Map<string, string>();
		for (const field of ['comments', 'mentions', 'messages', 'story_insights'] as const) {
			const { items } = await post(changes({ field, value: WEBHOOK_FIELDS[field].sample as IDataObject }));
			for (const [name, value] of Object.entries(items[0]?.json ?? {})) {
				if (value !== null || !found.has(name)) found.set(name, value === null ? 'string' : typeOf(value));
			}
		}
		expect(found.size).toBeGreaterThan(5);
		const named = Object.entries(properties).map(([name, { type }]) => [name, type]);
		expect(Object.fromEntries(named)).toEqual(Object.fromEntries(found));
	});

	test('name the columns of the event preselected in the polling trigger', async () => {
		const { properties } = triggerSchema('InstagramInsightsPollingTrigger');
		const [row = {}] = await pollingWorkflow(sandbox(), {}).test();
		expect(Object.keys(row)).toEqual(Object.keys(properties));
		for (const [name, value] of Object.entries(row)) expect(typeOf(value), name).toBe(properties[name]?.type);
	});
});
