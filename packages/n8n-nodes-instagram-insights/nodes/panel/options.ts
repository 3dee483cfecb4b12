import { DEFAULT_GRAPH_VERSION, HOSTS, type Host, usableGraphVersions } from '@instagram-insights/core/internal';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { authenticationsOf } from '../graph/authentication';
import { byName } from './metricOptions';
import { readNames } from './metrics';
import { readSwitch, readWholeNumber, wrongSetting } from './wrongSetting';

export const simplifyParameter: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** The versions that Meta serves when n8n starts, oldest first. */
export const GRAPH_VERSION_OPTIONS: INodePropertyOptions[] = usableGraphVersions(new Date())
	.map((version) => ({ name: version, value: version }))
	.reverse();

const GRAPH_VERSION: INodeProperties = {
	displayName: 'Graph API Version',
	name: 'graphVersion',
	type: 'options',
	options: GRAPH_VERSION_OPTIONS,
	default: DEFAULT_GRAPH_VERSION,
	description: 'The Graph API version to call. Removed metrics are not available in any version.',
};

const MAX_WAIT: INodeProperties = {
	displayName: 'Max Wait (Seconds)',
	name: 'maxWaitSeconds',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 0,
	description:
		'How long to wait when Meta limits the number of calls. After that, the node fails and says when to try again. With 0 it fails at once.',
};

const UNLISTED: INodeProperties = {
	displayName: 'Allow Unlisted Metrics',
	name: 'allowUnlisted',
	type: 'boolean',
	default: false,
	description:
		'Whether to send metric names that this node does not know. If Meta does not know one either, its column is empty with a reason.',
};

/** The collection at the end of the panel: options of every call, and those that one operation adds. */
export function optionsParameter(
	added: readonly INodeProperties[] = [],
	{ metrics = false }: { metrics?: boolean } = {},
): INodeProperties {
	const options = [GRAPH_VERSION, MAX_WAIT, ...(metrics ? [UNLISTED] : []), ...added];
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: options.sort(byName),
	};
}

/** The options of every call. */
export type CallOptions = {
	readonly graphVersion: string;
	readonly patienceMs: number;
	readonly allowUnlisted: boolean;
};

/** @throws {InsightsError} `invalid-query`: an expression returned something other than a version */
function readGraphVersion(value: unknown): string {
	const text = value === undefined || value === null ? '' : String(value).trim();
	if (text === '') return DEFAULT_GRAPH_VERSION;
	if (/^v\d+\.\d+$/.test(text)) return text;
	throw wrongSetting(
		'graphVersion',
		text,
		`"${text}" is not a version of the Graph API. Give one such as ${DEFAULT_GRAPH_VERSION}.`,
	);
}

/** @throws {InsightsError} `invalid-query`: no such version */
export function readCallOptions(options: Readonly<Record<string, unknown>>): CallOptions {
	const { graphVersion, maxWaitSeconds, allowUnlisted } = options;
	return {
		graphVersion: readGraphVersion(graphVersion),
		patienceMs: readWholeNumber('maxWaitSeconds', maxWaitSeconds ?? MAX_WAIT.default) * 1000,
		allowUnlisted: readSwitch('allowUnlisted', allowUnlisted, false),
	};
}

/** The option `fields`, once for each host: the fields under Graph's names, without those that fail under some conditions. */
export function fieldsOptions(node: 'account' | 'media'): INodeProperties[] {
	return (Object.keys(HOSTS) as Host[]).map((host) => {
		const { userFields, mediaFields, riskyFields } = HOSTS[host];
		const names = (node === 'account' ? userFields : mediaFields).filter((name) => !(name in riskyFields));
		return {
			displayName: 'Fields',
			name: 'fields',
			type: 'multiOptions',
			options: names.map((name) => ({ name, value: name })).sort(byName),
			default: [],
			allowArbitraryValues: true,
			description: `The ${node} fields to return instead of the default ones, under Meta's names`,
			displayOptions: { show: { '/authentication': authenticationsOf(host) } },
		};
	});
}

/** The chosen fields; undefined for the default ones. */
export function readFields(value: unknown): string[] | undefined {
	const fields = readNames(value);
	return fields.length === 0 ? undefined : fields;
}
