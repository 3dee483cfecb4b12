import { NodeHelpers } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { RESOURCES } from '../../../nodes/InstagramInsights/actions/resources';
import { InstagramInsights } from '../../../nodes/InstagramInsights/InstagramInsights.node';
import { useSandbox } from '../../ask-sandbox.mts';
import { choicesOf, shows } from '../../panel.mts';

const { description } = new InstagramInsights();
const OPERATIONS = RESOURCES.flatMap(({ value: resource, operations }) =>
	operations.map(({ value: operation }) => [resource, operation] as const),
);

function panel(resource: string, operation: string, isTool: boolean): string[] {
	const state = { resource, operation, '@tool': isTool, output: 'selectedFields', granularity: 'total' };
	return description.properties.filter((property) => shows(property, state)).map(({ name }) => name);
}

describe.each(OPERATIONS)('%s %s', (resource, operation) => {
	test('offers Output to AI agents, and Simplify to people', () => {
		const tool = panel(resource, operation, true);
		expect(tool).toEqual(expect.arrayContaining(['output', 'outputFields']));
		expect(tool).not.toContain('simplify');
		const people = panel(resource, operation, false);
		expect(people).not.toContain('output');
		expect(people).not.toContain('outputFields');
		const output = description.properties.find((property) =>
			property.name === 'output' ? shows(property, { resource, operation, '@tool': true }) : false,
		);
		const modes = choicesOf(output ?? expect.fail('no Output')).map(({ value }) => value);
		expect(modes.includes('raw')).toBe(people.includes('simplify'));
	});
});

describe('Output, as a tool', () => {
	const { ask } = useSandbox();
	const posts = { resource: 'media', operation: 'getMany', limit: 3 } as const;
	const selected = (fields: unknown) => ({ ...posts, output: 'selectedFields', outputFields: String(fields) });

	test('Simplified returns the same as Simplify', async () => {
		const people = await ask('instagramLogin', posts);
		const agent = await ask('instagramLogin', posts, { asTool: true });
		expect(agent.rows).toEqual(people.rows);
		expect(agent.rows).toHaveLength(3);
	});

	test('Raw returns the same as without Simplify', async () => {
		const people = await ask('instagramLogin', { ...posts, simplify: false });
		const agent = await ask('instagramLogin', { ...posts, output: 'raw' }, { asTool: true });
		expect(agent.rows).toEqual(people.rows);
		expect(agent.rows).toHaveLength(3);
	});

	test('Selected Fields returns these columns in this order, and why values are missing', async () => {
		const { rows } = await ask('instagramLogin', selected('permalink, username,reach'), { asTool: true });
		const people = await ask('instagramLogin', posts);
		expect(rows.map((row) => Object.keys(row))).toEqual(
			Array.from({ length: 3 }, () => ['permalink', 'username', 'reach', 'unavailable']),
		);
		expect(rows).toEqual(
			people.rows.map(({ permalink, username, reach, unavailable }) => ({ permalink, username, reach, unavailable })),
		);
	});

	test('reads the fields of an agent that writes JSON', async () => {
		const { rows } = await ask('instagramLogin', selected('["reach","id"]'), { asTool: true });
		expect(Object.keys(rows[0] ?? {})).toEqual(['reach', 'id', 'unavailable']);
	});

	test('lists the columns if an unknown one is chosen', async () => {
		const asked = ask('instagramLogin', selected('reach, followers'), { asTool: true });
		await expect(asked).rejects.toThrow(/The rows have no column "followers"\. Choose from account_id, .*reach/);
	});

	test('says it once per item, with continue on fail', async () => {
		const { rows } = await ask('instagramLogin', selected('followers'), { asTool: true, continueOnFail: true });
		expect(rows).toEqual([{ error: expect.stringContaining('no column "followers"'), message: expect.any(String) }]);
	});

	test.each([
		['outputFields', { output: 'selectedFields', outputFields: ' ' }, /No field is named/],
		['output', { output: 'tidy' }, /Output must be one of simplified, raw, selectedFields, not "tidy"/],
	])('refuses %s that mean nothing before anything is asked', async (_, given, message) => {
		await expect(ask('instagramLogin', { ...posts, ...given }, { asTool: true })).rejects.toThrow(message);
	});

	test('chooses among all accounts too', async () => {
		const parameters = {
			resource: 'account',
			operation: 'getInsights',
			account: { __rl: true, mode: 'list', value: 'all' },
			output: 'selectedFields',
			outputFields: 'username, views',
		};
		const { rows } = await ask('facebookLogin', parameters, { asTool: true, token: 'agency' });
		expect(rows.length).toBeGreaterThan(1);
		for (const row of rows) expect(Object.keys(row)).toEqual(['username', 'views', 'unavailable']);
	});

	test('a report returns its subject and text, not its HTML', async () => {
		const { rows } = await ask('instagramLogin', { resource: 'report', operation: 'create' }, { asTool: true });
		expect(rows.map((row) => Object.keys(row))).toEqual([['subject', 'markdown', 'unavailable']]);
	});

	test('keeps computed metrics although Simplify is not shown', () => {
		const given = { resource: 'account', operation: 'getInsights' };
		const tool = { ...description, name: `${description.name}Tool` };
		const names = (mode: object) =>
			Object.keys(NodeHelpers.getNodeParameters(tool.properties, { ...given, ...mode }, true, false, null, tool) ?? {});
		expect(names({})).toContain('computed');
		expect(names({ output: 'raw' })).not.toContain('computed');
	});
});
