import type { INodeProperties } from 'n8n-workflow';
import { readDay } from '../../descriptions/dateRange';
import type { Item } from '../item';

/** Options that narrow a list to posts of certain days. */
export const publishedParameters: INodeProperties[] = [
	{
		displayName: 'Published Since',
		name: 'since',
		type: 'dateTime',
		default: '',
		description: 'Only return media published on this Pacific day or later',
	},
	{
		displayName: 'Published Until',
		name: 'until',
		type: 'dateTime',
		default: '',
		description: 'Only return media published on this Pacific day or earlier',
	},
];

export function readPublished({ options, timeZone }: Item): { since?: string; until?: string } {
	const since = readDay(options.since, timeZone);
	const until = readDay(options.until, timeZone);
	return { ...(since === '' ? {} : { since }), ...(until === '' ? {} : { until }) };
}
