import type { QueryProblem } from '@instagram-insights/core';
import type { INodeProperties } from 'n8n-workflow';
import { readDay } from '../../descriptions/dateRange';
import { readNames } from '../../descriptions/metrics';
import type { Item } from '../item';

/** Options that narrow a list of posts and reels. */
export const filterOptions: INodeProperties[] = [
	{
		displayName: 'Product Types',
		name: 'productTypes',
		type: 'multiOptions',
		options: [
			{ name: 'Posts', value: 'FEED', description: 'Photos, albums and older videos' },
			{ name: 'Reels', value: 'REELS' },
		],
		default: [],
		description: 'Only return media of these kinds',
	},
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

export type MediaFilter = { readonly productTypes?: string[]; readonly since?: string; readonly until?: string };

/** The filter an item chose; what was not chosen is left out. */
export function readFilter({ options, timeZone }: Item): MediaFilter {
	const productTypes = readNames(options.productTypes).map((type) => type.toUpperCase());
	const since = readDay(options.since, timeZone);
	const until = readDay(options.until, timeZone);
	return {
		...(productTypes.length === 0 ? {} : { productTypes }),
		...(since === '' ? {} : { since }),
		...(until === '' ? {} : { until }),
	};
}

/** A problem of the filter's days, which the panel calls otherwise than core. */
export function inFilter(problem: QueryProblem): QueryProblem {
	if (problem.field === 'since') return { ...problem, field: 'publishedSince' };
	if (problem.field === 'until') return { ...problem, field: 'publishedUntil' };
	return problem;
}
