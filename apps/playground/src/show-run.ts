import type { Execution } from './n8n/n8n-api.ts';

const COLUMNS_MAX = 6;
const TEXT_MAX = 24;

/** What a run pulled, in a few lines for the terminal: the number of items and the first ones. */
export function showRun(name: string, node: string, execution: Execution): string {
	if (execution.status !== 'success') {
		const message = String(execution.error?.message ?? 'no message');
		return `  ${name}: ${execution.status}: ${message}`;
	}
	const items = execution.items(node).map(({ json }) => json);
	const rows = items.slice(0, 3).map((item) => `      ${showItem(item)}`);
	return [`  ${name}: ${items.length} ${items.length === 1 ? 'item' : 'items'}`, ...rows].join('\n');
}

/** Numbers first, for they are what was asked for. */
function showItem(item: Readonly<Record<string, unknown>>): string {
	const shown = Object.entries(item).filter(([, value]) => value !== null && typeof value !== 'object');
	const numbersFirst = shown.sort(([, a], [, b]) => Number(typeof b === 'number') - Number(typeof a === 'number'));
	return numbersFirst
		.slice(0, COLUMNS_MAX)
		.map(([name, value]) => `${name} ${shorten(String(value))}`)
		.join(' · ');
}

function shorten(text: string): string {
	return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX - 1)}…` : text;
}
