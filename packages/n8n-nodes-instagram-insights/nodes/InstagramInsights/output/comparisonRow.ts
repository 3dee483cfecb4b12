import type { InsightsClient } from '@instagram-insights/core';
import type { IDataObject } from 'n8n-workflow';

type Comparison = Awaited<ReturnType<InsightsClient['compare']>>[number];

/** One metric of two periods as an item. */
export function comparisonRow({ metric, current, previous, change, changePercent, reason }: Comparison): IDataObject {
	const row: IDataObject = { metric, current, previous, change, changePercent };
	if (reason !== undefined) row.unavailable = { [metric]: reason };
	return row;
}
