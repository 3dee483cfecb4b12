import { BREAKDOWNS, type Breakdown } from '@instagram-insights/core';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** Value of the choice that asks for plain numbers. */
export const NO_BREAKDOWN = 'none';

/**
 * The parameter `breakdown` with the given dimensions; a pair such as 'age,gender' crosses two.
 *
 * @param optional offers "None" and preselects it
 */
export function breakdownParameter(
	choices: readonly string[],
	{ optional, preselected, description }: { optional: boolean; preselected: string; description: string },
): INodeProperties {
	const none: INodePropertyOptions = { name: 'None', value: NO_BREAKDOWN, description: 'One number for each metric' };
	const options = [...(optional ? [none] : []), ...choices.map(choice)];
	return {
		displayName: 'Breakdown',
		name: 'breakdown',
		type: 'options',
		options: options.sort((a, b) => a.name.localeCompare(b.name, 'en')),
		default: preselected,
		description,
	};
}

function choice(value: string): INodePropertyOptions {
	const rows = value.split(',').map((name) => BREAKDOWNS[name as Breakdown]);
	const name = rows.map(({ title }) => title).join(' and ');
	const [only] = rows;
	return rows.length === 1 && only !== undefined
		? { name, value, description: only.meaning.replace(/\.$/, '') }
		: { name, value, description: 'Both at once, one row for each pair' };
}

/** What to ask of core: undefined for plain numbers. */
export function readBreakdown(value: unknown): string | string[] | undefined {
	if (Array.isArray(value)) return value.map(String);
	return value === undefined || value === null || value === '' || value === NO_BREAKDOWN ? undefined : String(value);
}
