import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { INode, INodeParameters, INodeProperties, INodeType } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { choicesOf, membersOf } from './panel.mts';

const PACKAGE = join(import.meta.dirname, '..');
const EXAMPLES = join(PACKAGE, 'examples');
const PREFIX = 'n8n-nodes-instagram-insights.';

type Workflow = {
	name: string;
	nodes: (INode & { credentials?: object })[];
	connections: Record<string, Record<string, { node: string }[][]>>;
};

const examples = readdirSync(EXAMPLES)
	.filter((name) => name.endsWith('.json'))
	.map((name) => ({ name, workflow: JSON.parse(readFileSync(join(EXAMPLES, name), 'utf8')) as Workflow }));

/** The nodes of this package by the type that workflows name; those usable as tools have a second one. */
const types = new Map<string, INodeType>();
for (const path of manifest.n8n.nodes) {
	const source = path.replace(/^dist\//, '').replace(/\.js$/, '.ts');
	const module = (await import(pathToFileURL(join(PACKAGE, source)).href)) as Record<string, new () => INodeType>;
	const className = source.replace(/^.*\//, '').replace('.node.ts', '');
	const Type = module[className];
	if (Type === undefined) throw new Error(`${source} exports no ${className}`);
	const type = new Type();
	types.set(PREFIX + type.description.name, type);
	if (type.description.usableAsTool) types.set(`${PREFIX + type.description.name}Tool`, type);
}

/** What n8n itself adds to a node: the times of polling ones, and what a tool tells the model. */
function isAddedByN8n(name: string, type: string, { polling }: INodeType['description']): boolean {
	if (polling) return name === 'pollTimes';
	return type.endsWith('Tool') && ['descriptionType', 'toolDescription'].includes(name);
}

/** Whether n8n works a value out at run time. */
function isExpression(value: unknown): boolean {
	return typeof value === 'string' && value.startsWith('=');
}

function checkValue(property: INodeProperties, value: unknown, where: string): void {
	if (isExpression(value)) return;
	const values = choicesOf(property).map((choice) => choice.value);
	if (property.type === 'options') expect(values, where).toContain(value);
	if (property.type === 'multiOptions') {
		for (const one of value as unknown[]) expect(values, where).toContain(one);
	}
	if (property.type === 'boolean') expect(typeof value, where).toBe('boolean');
	if (property.type === 'number') expect(typeof value, where).toBe('number');
	if (property.type === 'collection') {
		for (const [name, inner] of Object.entries(value as object)) {
			const member = membersOf(property).find((one) => one.name === name);
			expect(member, `${where}.${name}`).toBeDefined();
			if (member !== undefined) checkValue(member, inner, `${where}.${name}`);
		}
	}
}

describe.each(examples)('examples/$name', ({ workflow }) => {
	const own = workflow.nodes.filter(({ type }) => type.startsWith(PREFIX));

	test('uses a node of this package', () => {
		expect(own.length).toBeGreaterThan(0);
		for (const { type } of own) expect([...types.keys()]).toContain(type);
	});

	test('sets only parameters that show, to values that are offered', () => {
		for (const node of own) {
			const { description } = types.get(node.type) ?? { description: undefined };
			if (description === undefined) continue;
			const given = node.parameters as INodeParameters;
			const shown = NodeHelpers.getNodeParameters(description.properties, given, true, false, node, description) ?? {};
			for (const [name, value] of Object.entries(given)) {
				if (isAddedByN8n(name, node.type, description)) continue;
				const where = `${node.name}: ${name}`;
				expect(Object.keys(shown), where).toContain(name);
				const faces = description.properties.filter((property) => property.name === name);
				const face = faces.find((property) => NodeHelpers.displayParameter(shown, property, node, description));
				expect(face, where).toBeDefined();
				if (face !== undefined) checkValue(face, value, where);
			}
		}
	});

	test('can be run: n8n finds nothing missing in the parameters', () => {
		for (const node of own) {
			const { description } = types.get(node.type) ?? { description: undefined };
			if (description === undefined) continue;
			const given = node.parameters as INodeParameters;
			const values = NodeHelpers.getNodeParameters(description.properties, given, true, false, node, description) ?? {};
			const filled = { ...node, parameters: values };
			expect(NodeHelpers.getNodeParametersIssues(description.properties, filled, description), node.name).toBeNull();
		}
	});

	test('connects nodes that exist', () => {
		const names = workflow.nodes.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
		for (const [from, outputs] of Object.entries(workflow.connections)) {
			expect(names).toContain(from);
			for (const target of Object.values(outputs).flat(2)) expect(names).toContain(target.node);
		}
	});

	test('brings no credential of anyone and says what to fill in', () => {
		expect(workflow.nodes.filter((node) => node.credentials !== undefined)).toEqual([]);
		const note = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.stickyNote');
		const [title, ...lines] = String(note?.parameters.content).split('\n');
		expect(title).toBe(`## ${workflow.name}`);
		expect(lines.map((line) => /^\*\*(.+?):\*\* \S/.exec(line)?.[1])).toEqual(['What', 'Fill in', 'Result']);
		expect(lines[1]).toMatch(/credential/);
		const names = workflow.nodes.map(({ name }) => name);
		for (const [, named = ''] of lines[1]?.replace('**Fill in:**', '').matchAll(/\*\*([^*:]+)\*\*/g) ?? []) {
			expect([...names, 'Instagram Insights Webhook API']).toContain(named);
		}
	});
});

describe('examples/', () => {
	test('has a line in the README for each file', () => {
		const readme = readFileSync(join(PACKAGE, 'README.md'), 'utf8');
		for (const { name } of examples) expect(readme).toContain(`examples/${name}`);
	});
});
