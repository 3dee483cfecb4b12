import { ACCOUNT_METRICS, HOSTS, limitsOn, MEDIA_METRICS, RETIRED_METRICS } from '@instagram-insights/core/internal';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { readChoice, readSwitch } from '../../panel/wrongSetting';
import { readLimit, resultCountParameters } from '../descriptions/listParameters';
import { agentOutputParameters } from '../descriptions/output';
import type { Operation } from './operation';

const filters: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'All Columns',
			name: 'allColumns',
			type: 'boolean',
			default: true,
			description:
				'Whether to return all columns for each metric. When off, and by default when a level is chosen, the rows are short: name, meaning, breakdowns and replacement.',
		},
		{
			displayName: 'Host',
			name: 'host',
			type: 'options',
			options: Object.entries(HOSTS).map(([value, { title }]) => ({ name: title, value })),
			default: 'graph.instagram.com',
			description: 'Only return metrics that this API supports',
		},
		{
			displayName: 'Include Removed',
			name: 'includeRemoved',
			type: 'boolean',
			default: true,
			description: 'Whether to also return metrics that Meta has removed, with their replacements',
		},
		{
			displayName: 'Level',
			name: 'level',
			type: 'options',
			options: [
				{ name: 'Account', value: 'account' },
				{ name: 'Media', value: 'media', description: 'Posts, reels and stories' },
			],
			default: 'account',
			description: 'Only return metrics of accounts or of media, in short rows that fit the context of an AI agent',
		},
	],
};

/** The catalog of metrics. Sends nothing to Meta and needs no credential. */
export const getMany: Operation = {
	value: 'getMany',
	name: 'Get Many',
	action: 'Get many metrics',
	description:
		"Retrieve the list of metrics: Meta's name, the meaning, the logins, kinds of media and breakdowns it supports, and the replacement if Meta removed it. Sends nothing to Meta.",
	builderHint:
		'Use to get the exact names before you set metrics. Set options.level to account or media to keep the list short.',
	fields: [...resultCountParameters, ...agentOutputParameters(), filters],
	ofNoAccount: true,
	async *run(item) {
		const { level, host, includeRemoved, allColumns } = item.options;
		const rows = catalogRows({
			level: readChoice('level', level, ['account', 'media']),
			host: readChoice('host', host, Object.keys(HOSTS)),
			withRemoved: readSwitch('includeRemoved', includeRemoved, true),
		});
		const found = rows.slice(0, readLimit(item));
		yield* readSwitch('allColumns', allColumns, level === undefined) ? found : found.map(shortRow);
	},
};

export type CatalogFilter = {
	/** 'account' or 'media'. @default both */
	readonly level?: string | undefined;
	/** Only metrics that this host has. */
	readonly host?: string | undefined;
	readonly withRemoved: boolean;
};

/** The catalog as items: what each metric means, where it works, and what replaces it if Meta removed it. */
export function catalogRows({ level, host, withRemoved }: CatalogFilter): IDataObject[] {
	const rows = [...accountRows(), ...mediaRows(), ...(withRemoved ? removedRows() : [])];
	return rows.filter(
		(row) =>
			(level === undefined || row.level === level) &&
			(host === undefined || row.hosts === '' || String(row.hosts).includes(host)),
	);
}

/** The few columns needed to choose a metric. Short, because a language model reads all rows at once. */
export function shortRow({ metric, level, meaning, status, breakdowns, replacement }: IDataObject): IDataObject {
	if (status === 'removed') {
		const instead = replacement === null ? 'Removed.' : `Removed. Use ${String(replacement)}.`;
		return { metric, level, meaning: instead };
	}
	const split = breakdowns === '' ? '' : ` Breakdowns: ${String(breakdowns)}.`;
	return { metric, level, meaning: `${String(meaning)}${split}` };
}

function accountRows(): IDataObject[] {
	return Object.entries(ACCOUNT_METRICS).map(([metric, row]) => ({
		metric,
		level: 'account',
		title: row.title,
		meaning: row.meaning,
		status: row.status,
		hosts: row.hosts.join(', '),
		productTypes: '',
		breakdowns: row.breakdowns.join(', '),
		requiresBreakdown: row.requiresBreakdown,
		daily: row.periods.includes('day'),
		unit: row.unit,
		addsUp: row.aggregation === 'sum',
		minFollowers: Math.max(...row.hosts.map((host) => limitsOn(host, row.limits).minFollowers ?? 0)) || null,
		removedOn: null,
		replacement: null,
		note: row.note,
		readOn: row.readOn,
	}));
}

function mediaRows(): IDataObject[] {
	return Object.entries(MEDIA_METRICS).map(([metric, row]) => ({
		metric,
		level: 'media',
		title: row.title,
		meaning: row.meaning,
		status: row.status,
		hosts: row.hosts.join(', '),
		productTypes: row.products.join(', '),
		breakdowns: row.breakdowns.join(', '),
		requiresBreakdown: false,
		daily: false,
		unit: row.unit,
		addsUp: null,
		minFollowers: null,
		removedOn: null,
		replacement: null,
		note: row.note,
		readOn: row.readOn,
	}));
}

function removedRows(): IDataObject[] {
	return Object.entries(RETIRED_METRICS).flatMap(([level, table]) =>
		Object.entries(table).map(([metric, row]) => ({
			metric,
			level,
			title: row.title,
			meaning: row.meaning,
			status: 'removed',
			hosts: '',
			productTypes: '',
			breakdowns: '',
			requiresBreakdown: false,
			daily: false,
			unit: null,
			addsUp: null,
			minFollowers: null,
			removedOn: row.removedOn,
			replacement: row.replacement,
			note: row.advice,
			readOn: row.readOn,
		})),
	);
}
