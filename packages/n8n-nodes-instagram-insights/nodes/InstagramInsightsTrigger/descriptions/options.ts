import { DEFAULT_GRAPH_VERSION } from '@instagram-insights/core/internal';
import type { INodeProperties } from 'n8n-workflow';
import { GRAPH_VERSION_OPTIONS } from '../../panel/options';

export const triggerOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Account IDs',
			name: 'accountIds',
			type: 'string',
			default: '',
			placeholder: 'e.g. 17841400000000001',
			description:
				'Only start for events of these accounts, and for samples of the Test button. Several IDs are separated by commas. Meta sends an app the events of all its accounts.',
		},
		{
			displayName: 'Drop Duplicates',
			name: 'dropDuplicates',
			type: 'boolean',
			default: true,
			description:
				'Whether to leave out events that came before. Meta repeats an event for up to 36 hours until it is sure that it arrived. Samples of the Test button and events replayed from the relay always start the workflow, except those of a subscriber in mode passthrough.',
		},
		{
			displayName: 'Graph API Version',
			name: 'graphVersion',
			type: 'options',
			options: GRAPH_VERSION_OPTIONS,
			default: DEFAULT_GRAPH_VERSION,
			description: 'Version of the Graph API to register with',
			displayOptions: { show: { '/mode': ['direct'], '/registration': ['automatic'] } },
		},
		{
			displayName: 'Replace Callback URL',
			name: 'replaceCallback',
			type: 'boolean',
			default: false,
			description:
				"Whether to take the app's events over when Meta sends them to another address. The receiver at that address gets nothing any more. Listening for a test event never takes them from this published workflow.",
			displayOptions: { show: { '/mode': ['direct'], '/registration': ['automatic'] } },
		},
		{
			displayName: 'Tolerance (Seconds)',
			name: 'toleranceSeconds',
			type: 'number',
			typeOptions: { minValue: 0 },
			default: 300,
			description:
				'How far the time of a delivery may be from the clock of this machine. Others are refused, so that nobody can repeat a delivery they have seen.',
			displayOptions: { show: { '/mode': ['relay'] } },
		},
	],
};
