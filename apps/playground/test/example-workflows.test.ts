import { describe, expect, test } from 'vitest';
import { readExampleWorkflows, withCredentials } from '../src/example-workflows.ts';

const examples = readExampleWorkflows();

describe('readExampleWorkflows', () => {
	test('gives the account, posts and audience examples first', () => {
		expect(examples.slice(0, 3).map(({ key }) => key)).toEqual([
			'1-account-last-28-days',
			'2-latest-posts-with-insights',
			'3-audience-by-country',
		]);
	});

	test.each(examples.map(({ key, workflow }) => [key, workflow] as const))(
		'%s holds a node of the package, connections between nodes that exist, and no id of a credential',
		(_key, { nodes, connections }) => {
			const names = nodes.map(({ name }) => name);
			expect(new Set(names).size).toBe(names.length);
			expect(nodes.some(({ type }) => type.startsWith('n8n-nodes-instagram-insights.'))).toBe(true);
			const targets = [...JSON.stringify(connections).matchAll(/"node":"([^"]+)"/g)].map(([, name]) => name);
			expect(names).toEqual(expect.arrayContaining([...Object.keys(connections), ...targets]));
			const ids = nodes.flatMap(({ credentials = {} }) => Object.values(credentials).map(({ id }) => id));
			expect(ids.every((id) => id === '')).toBe(true);
		},
	);
});

describe('withCredentials', () => {
	test('puts ids in by credential type and leaves the rest as it is', () => {
		const [example] = examples;
		if (example === undefined) throw new Error('no examples');
		const filled = withCredentials(example.workflow, new Map([['instagramInsightsApi', 'c1']]));
		const credentials = filled.nodes.flatMap((node) => (node.credentials ? [node.credentials] : []));
		expect(credentials).toEqual([{ instagramInsightsApi: { id: 'c1', name: 'Instagram Login (sandbox)' } }]);
		expect({ ...filled, nodes: [] }).toEqual({ ...example.workflow, nodes: [] });
	});
});
