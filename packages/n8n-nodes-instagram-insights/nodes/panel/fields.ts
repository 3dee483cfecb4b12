import { HOSTS, type Host } from '@instagram-insights/core/internal';
import type { INodeProperties } from 'n8n-workflow';
import { authenticationsOf } from '../graph/authentication';
import { readNames } from './metrics';

/** The option `fields`, once for each host: node fields by Graph's own names, those that answer without conditions. */
export function fieldsOptions(node: 'account' | 'media'): INodeProperties[] {
	return (Object.keys(HOSTS) as Host[]).map((host) => {
		const { userFields, mediaFields, riskyFields } = HOSTS[host];
		const names = (node === 'account' ? userFields : mediaFields).filter((name) => !(name in riskyFields));
		return {
			displayName: 'Fields',
			name: 'fields',
			type: 'multiOptions',
			options: names.map((name) => ({ name, value: name })).sort((a, b) => a.name.localeCompare(b.name, 'en')),
			default: [],
			allowArbitraryValues: true,
			description: `Which ${node} fields to return instead of the usual ones. The names are Meta's.`,
			displayOptions: { show: { '/authentication': authenticationsOf(host) } },
		};
	});
}

/** The fields chosen; undefined for the usual ones. */
export function readFields(value: unknown): string[] | undefined {
	const fields = readNames(value);
	return fields.length === 0 ? undefined : fields;
}
