import { pacificDay, type QueryProblem } from '@instagram-insights/core/internal';
import type { INodeProperties } from 'n8n-workflow';
import { readNames } from '../../../panel/metrics';
import { ANY_TIME, DATE_RANGES } from '../../descriptions/dateRange';
import { chosenDays, inDateRange } from '../account/chosenDays';
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
];

export type MediaFilter = { readonly productTypes?: string[]; readonly since?: string; readonly until?: string };

/** The filter an item chose; what was not chosen is left out. */
export function readFilter(item: Item): MediaFilter {
	const productTypes = readNames(item.options.productTypes).map((type) => type.toUpperCase());
	const isAnyTime = item.parameter('dateRange', ANY_TIME) === ANY_TIME;
	const days = isAnyTime ? null : chosenDays(item, [ANY_TIME, ...DATE_RANGES]);
	if (days !== null && days.until > pacificDay(item.now)) item.hint('not-begun');
	return {
		...(productTypes.length === 0 ? {} : { productTypes }),
		...(days === null ? {} : { since: days.since, until: days.until }),
	};
}

/** A problem of the days, which are those of publishing here. */
export function inFilter(problem: QueryProblem, item: Item): QueryProblem {
	const found = inDateRange(problem, item);
	return found.field === 'dateRange' ? { ...found, field: 'published' } : found;
}
