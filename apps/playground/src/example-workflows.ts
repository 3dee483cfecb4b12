import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Execution, N8nWorkflow } from './n8n/n8n-api.ts';

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

const COLUMNS_MAX = 6;
/** Columns that say nothing about the result. */
const LEFT_OUT: readonly string[] = ['account_id', 'username', 'weekday', 'hour'];
const TEXT_MAX = 24;

/** The result of a run in a few lines for the terminal: the number of items and the first three. */
export function showRun(name: string, node: string, execution: Execution): string {
	if (execution.status !== 'success') {
		const message = String(execution.error?.message ?? 'no message');
		return `  ${name}: ${execution.status}: ${message}`;
	}
	const items = execution.items(node).map(({ json }) => json);
	const rows = items.slice(0, 3).map((item) => `      ${showItem(item)}`);
	return [`  ${name}: ${items.length} ${items.length === 1 ? 'item' : 'items'}`, ...rows].join('\n');
}

/** Numbers first: they are the result. */
function showItem(item: Readonly<Record<string, unknown>>): string {
	const shown = Object.entries(item).filter(
		([name, value]) => !LEFT_OUT.includes(name) && value !== null && value !== '' && typeof value !== 'object',
	);
	const numbersFirst = shown.sort(([, a], [, b]) => Number(typeof b === 'number') - Number(typeof a === 'number'));
	return numbersFirst
		.slice(0, COLUMNS_MAX)
		.map(([name, value]) => `${name} ${shorten(String(value))}`)
		.join(' · ');
}

function shorten(text: string): string {
	return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX - 1)}…` : text;
}
