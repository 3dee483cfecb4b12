import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { N8nWorkflow } from './n8n/n8n-api.ts';

const FOLDER = fileURLToPath(new URL('../workflows', import.meta.url));

export type ExampleWorkflow = {
	/** File name without its ending; under it the playground remembers the workflow. */
	readonly key: string;
	readonly workflow: N8nWorkflow;
};

/** The example workflows in the order of their file names. */
export function readExampleWorkflows(): ExampleWorkflow[] {
	return readdirSync(FOLDER)
		.filter((name) => name.endsWith('.json'))
		.sort()
		.map((name) => ({
			key: path.basename(name, '.json'),
			workflow: JSON.parse(readFileSync(path.join(FOLDER, name), 'utf8')) as N8nWorkflow,
		}));
}

/** The workflow with this instance's credential ids in the place of the examples' names. */
export function withCredentials(workflow: N8nWorkflow, ids: ReadonlyMap<string, string>): N8nWorkflow {
	return {
		...workflow,
		nodes: workflow.nodes.map((node) => {
			if (node.credentials === undefined) return node;
			const credentials = Object.fromEntries(
				Object.entries(node.credentials).map(([type, { name }]) => [type, { id: ids.get(type) ?? '', name }]),
			);
			return { ...node, credentials };
		}),
	};
}
