import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { readNames } from '../../panel/metrics';
import { simplifyParameter } from '../../panel/options';
import { readSwitch, wrongSetting, wrongSettings } from '../../panel/wrongSetting';

const SELECTED = 'selectedFields';

/** What an AI agent receives. It reads every field, so it can choose a few. */
const MODES = {
	simplified: { name: 'Simplified', description: 'All columns of the simplified rows' },
	raw: { name: 'Raw', description: "Meta's own answer" },
	[SELECTED]: { name: 'Selected Fields', description: 'Only the columns named below' },
} as const;
type Mode = keyof typeof MODES;

/** For operations that can also return Meta's own answer: *Simplify* for people, *Output* for AI agents. */
export const outputParameters: INodeProperties[] = [
	{ ...simplifyParameter, displayOptions: { show: { '@tool': [false] } } },
	...agentOutputParameters({ modes: ['simplified', 'raw', SELECTED] }),
];

/** Display conditions of parameters for simplified rows only. */
export const HIDDEN_WHEN_RAW = { simplify: [false], output: ['raw'] };

/**
 * What an AI agent receives from operations with one form of rows.
 *
 * @param preselected the default columns. @default all
 */
export function agentOutputParameters({
	modes = ['simplified', SELECTED],
	preselected = [],
}: {
	readonly modes?: readonly Mode[];
	readonly preselected?: readonly string[];
} = {}): INodeProperties[] {
	const mode: Mode = preselected.length === 0 ? 'simplified' : SELECTED;
	return [
		{
			displayName: 'Output',
			name: 'output',
			type: 'options',
			options: modes.map((value) => ({ value, ...MODES[value] })),
			default: mode,
			description: 'What the AI agent receives. Fewer fields leave more of its context for the answer.',
			displayOptions: { show: { '@tool': [true] } },
		},
		{
			displayName: 'Fields to Return',
			name: 'outputFields',
			type: 'string',
			default: preselected.join(', '),
			placeholder: 'e.g. username, published, reach, permalink',
			description:
				'Column names separated by commas, in the order to return them. "unavailable", with the reasons for missing values, is always returned too.',
			displayOptions: { show: { '@tool': [true], output: [SELECTED] } },
		},
	];
}

type Parameters = (name: string, fallback: unknown) => unknown;

/** The form of an item's rows. */
export type Output = {
	readonly simplify: boolean;
	/** The columns to return; null for all. */
	readonly columns: readonly string[] | null;
};

/**
 * @throws {InsightsError} `invalid-query`: an unknown mode, or no column is named
 */
export function readOutput(parameter: Parameters): Output {
	const mode = parameter('output', null);
	if (mode === null) return { simplify: readSwitch('simplify', parameter('simplify', true), true), columns: null };
	if (typeof mode !== 'string' || !Object.hasOwn(MODES, mode)) {
		const message = `Output must be one of ${Object.keys(MODES).join(', ')}, not "${String(mode)}".`;
		throw wrongSetting('output', mode, message);
	}
	if (mode !== SELECTED) return { simplify: mode !== 'raw', columns: null };
	const columns = readNames(parameter('outputFields', ''));
	if (columns.length > 0) return { simplify: true, columns };
	throw wrongSetting('outputFields', undefined, 'No field is named. Name at least one, or set Output to Simplified.');
}

/**
 * A row cut to the chosen columns.
 *
 * @throws {InsightsError} `invalid-query`: the row has no such column
 */
export function selectColumns(row: IDataObject, columns: readonly string[]): IDataObject {
	const unknown = columns.filter((name) => !Object.hasOwn(row, name));
	if (unknown.length > 0) {
		const names = unknown.map((name) => `"${name}"`).join(', ');
		const message = `The rows have no column ${names}. Choose from ${Object.keys(row).join(', ')}.`;
		throw wrongSettings([{ field: 'outputFields', reason: 'no-such-column', message, value: unknown.join(', ') }]);
	}
	const { unavailable = '' } = row;
	return { ...Object.fromEntries(columns.map((name) => [name, row[name]])), unavailable };
}
