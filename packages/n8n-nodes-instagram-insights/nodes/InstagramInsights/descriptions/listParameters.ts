import {
	COMPUTED_MEDIA_METRICS,
	COMPUTED_STORY_METRICS,
	type Host,
	type KnownProductType,
	pacificDay,
	type QueryProblem,
	type SortDirection,
} from '@instagram-insights/core/internal';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { authenticationsOf } from '../../graph/authentication';
import { byName, mediaMetricOptions } from '../../panel/metricOptions';
import { readNames } from '../../panel/metrics';
import { readSwitch, readWholeNumber, wrongSetting } from '../../panel/wrongSetting';
import type { Item } from '../actions/item';
import { computedOptions } from './computed';
import { ANY_TIME, chosenDays, DATE_RANGES, inDateRange } from './dateRange';

/** Return All, and Limit when it is off. */
export const resultCountParameters: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
];

/**
 * How many results to return; undefined for all.
 *
 * @throws {InsightsError} `invalid-query`: not a whole number from 1 up
 */
export function readLimit(item: { parameter(name: string, fallback?: unknown): unknown }): number | undefined {
	if (readSwitch('returnAll', item.parameter('returnAll', false), false)) return undefined;
	return readWholeNumber('limit', item.parameter('limit', 50), { from: 1, orElse: 'turn on Return All' });
}

export const NEWEST = 'newest';

const HOSTS: readonly Host[] = ['graph.instagram.com', 'graph.facebook.com'];

const FIELDS: readonly INodePropertyOptions[] = [
	{ name: 'Newest', value: NEWEST, description: 'By publishing time' },
	{ name: 'Field: Caption', value: 'caption' },
	{ name: 'Field: Comment Count', value: 'comments_count' },
	{ name: 'Field: Format', value: 'format', description: 'Reel, Carousel, Photo, Video or Story' },
	{ name: 'Field: Hour', value: 'hour', description: "Hour of publishing in the workflow's time zone" },
	{ name: 'Field: Like Count', value: 'like_count' },
	{ name: 'Field: Weekday', value: 'weekday', description: 'Weekday of publishing, starting with Monday' },
];

/** The parameters `sortBy`, once for each host, and `sortDirection`. */
export function sortParameters(products: readonly KnownProductType[]): INodeProperties[] {
	const lists = HOSTS.map((host): INodeProperties => {
		const computed = computedOptions(
			products.includes('STORY') ? COMPUTED_STORY_METRICS : COMPUTED_MEDIA_METRICS,
			host,
		);
		const options = [
			...FIELDS,
			...mediaMetricOptions(host, products),
			...computed.map((option) => ({ ...option, name: `Computed: ${option.name}` })),
		];
		return {
			displayName: 'Sort By',
			name: 'sortBy',
			type: 'options',
			options: options.sort(byName),
			default: NEWEST,
			description:
				'What to sort by. Limit applies after sorting. Except with Newest, the whole range is read first: one call per 100 posts. Items without a value come last.',
			displayOptions: { show: { authentication: authenticationsOf(host) } },
		};
	});
	return [
		...lists,
		{
			displayName: 'Sort Direction',
			name: 'sortDirection',
			type: 'options',
			options: [
				{ name: 'Ascending', value: 'asc', description: 'Lowest or oldest first' },
				{ name: 'Descending', value: 'desc', description: 'Highest or newest first' },
			],
			default: 'desc',
		},
	];
}

/**
 * @throws {InsightsError} `invalid-query`: an expression returned another direction
 */
export function readSort(item: { parameter(name: string, fallback?: unknown): unknown }): {
	readonly by: string;
	readonly direction: SortDirection;
} {
	const by = String(item.parameter('sortBy', NEWEST) ?? '').trim();
	const direction = item.parameter('sortDirection', 'desc');
	if (direction === 'asc' || direction === 'desc') return { by: by === '' ? NEWEST : by, direction };
	const message = `The direction must be "asc" or "desc", not "${String(direction)}".`;
	throw wrongSetting('sortDirection', direction, message);
}

const PRODUCT_TYPES = ['FEED', 'REELS'];

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

/** The filter of an item, without what was not chosen. */
export function readFilter(item: Item): MediaFilter {
	const isAnyTime = item.parameter('dateRange', ANY_TIME) === ANY_TIME;
	const days = isAnyTime ? null : chosenDays(item, [ANY_TIME, ...DATE_RANGES]);
	if (days !== null && days.until > pacificDay(item.now)) item.hint('not-begun');
	return {
		...readProductTypes(item),
		...(days === null ? {} : { since: days.since, until: days.until }),
	};
}

/** The chosen kinds of media; an empty object for all. */
export function readProductTypes(item: Item): Pick<MediaFilter, 'productTypes'> {
	const productTypes = readNames(item.options.productTypes).map(inCapitals);
	return productTypes.length === 0 ? {} : { productTypes };
}

/** Meta's types are in capitals. Any other text stays as given, and core refuses it. */
function inCapitals(type: string): string {
	const capitals = type.toUpperCase();
	return PRODUCT_TYPES.includes(capitals) ? capitals : type;
}

/** A problem of the date range, which is called *Published* in these operations. */
export function inFilter(problem: QueryProblem, item: Item): QueryProblem {
	const found = inDateRange(problem, item);
	return found.field === 'dateRange' ? { ...found, field: 'published' } : found;
}
