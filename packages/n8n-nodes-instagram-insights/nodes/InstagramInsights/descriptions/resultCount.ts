import type { INodeProperties } from 'n8n-workflow';
import { wrongSetting } from '../../panel/wrongSetting';

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
 * A limit that core does not see.
 *
 * @throws {InsightsError} `invalid-query`: not a whole number from 1 up
 */
export function checkedLimit(limit: number | undefined): number | undefined {
	if (limit === undefined || (Number.isInteger(limit) && limit > 0)) return limit;
	throw wrongSetting('limit', limit, 'Limit must be a whole number from 1 up.');
}

/** How many results to return; undefined for all. A limit that is not a number is left for core's check to name. */
export function readLimit(item: { parameter(name: string, fallback?: unknown): unknown }): number | undefined {
	return item.parameter('returnAll', false) === true ? undefined : Number(item.parameter('limit', 50));
}
