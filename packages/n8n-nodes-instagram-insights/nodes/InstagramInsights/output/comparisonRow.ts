import type { InsightsClient } from '@instagram-insights/core';
import type { IDataObject } from 'n8n-workflow';

type Comparison = Awaited<ReturnType<InsightsClient['compare']>>[number];

/** One metric of two periods as an item. */
export function comparisonRow({ reason, ...comparison }: Comparison): IDataObject {
	const { metric, current, previous, change, changePercent, since, until, previousSince, previousUntil } = comparison;
	const periods = { since, until, previousSince, previousUntil };
	const row: IDataObject = { metric, current, previous, change, changePercent, ...periods };
	if (reason !== undefined) row.unavailable = { [metric]: reason };
	return row;
}
