import {
	COMPUTED_MEDIA_METRICS,
	COMPUTED_STORY_METRICS,
	type Host,
	type KnownProductType,
	type SortDirection,
} from '@instagram-insights/core/internal';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { authenticationsOf } from '../../graph/authentication';
import { mediaMetricOptions } from '../../panel/metricOptions';
import { wrongSetting } from '../../panel/wrongSetting';
import { computedOptions } from './computed';

export const NEWEST = 'newest';

const HOSTS: readonly Host[] = ['graph.instagram.com', 'graph.facebook.com'];

const FIELDS: readonly INodePropertyOptions[] = [
	{ name: 'Newest', value: NEWEST, description: 'By the time of publishing' },
	{ name: 'Field: Caption', value: 'caption' },
	{ name: 'Field: Comment Count', value: 'comments_count' },
	{ name: 'Field: Format', value: 'format', description: 'Reel, Carousel, Photo, Video or Story' },
	{ name: 'Field: Hour', value: 'hour', description: "Hour of publishing in the workflow's time zone" },
	{ name: 'Field: Like Count', value: 'like_count' },
	{ name: 'Field: Weekday', value: 'weekday', description: 'Weekday of publishing, from Monday on' },
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
			options: options.sort((a, b) => a.name.localeCompare(b.name, 'en')),
			default: NEWEST,
			description:
				'What to order by. With a Limit, the first of the whole range come out. Anything but Newest reads the whole range first: one call for each 100 posts. What has no value comes last.',
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
 * @throws {InsightsError} `invalid-query`: an expression gave another direction
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
