import type { AbsentReason, Insight } from '@instagram-insights/core';
import type { IDataObject } from 'n8n-workflow';

/** Why metrics of an item have no value, by metric. */
export type Unavailable = Record<string, AbsentReason>;

/** What a flat item needs of an answer: a column for each metric, null where there is no value, and why. */
export type MetricColumns = {
	readonly values: Readonly<Record<string, number | null>>;
	readonly unavailable: Unavailable;
};

/** One number for each metric. Metrics that came in parts only have no single number. */
export function metricColumns(insights: readonly Insight[]): MetricColumns {
	const values: Record<string, number | null> = {};
	const unavailable: Unavailable = {};
	for (const insight of insights) {
		const { metric } = insight;
		const found = singleValue(insight);
		values[metric] = found.value;
		if (found.value === null) unavailable[metric] = found.reason;
	}
	return { values, unavailable };
}

/** An item with metric columns at its top level; `unavailable` only when something is missing. */
export function withMetrics(head: IDataObject, { values, unavailable }: MetricColumns): IDataObject {
	const row: IDataObject = { ...head, ...values };
	if (Object.keys(unavailable).length > 0) row.unavailable = unavailable;
	return row;
}

type Single = { readonly value: number } | { readonly value: null; readonly reason: AbsentReason };

function singleValue(insight: Insight): Single {
	switch (insight.shape) {
		case 'total':
			return { value: insight.value };
		case 'breakdown':
			return insight.value === null ? { value: null, reason: 'needs-breakdown' } : { value: insight.value };
		case 'absent':
			return { value: null, reason: insight.reason };
		case 'series':
		case 'hours':
			return { value: null, reason: 'no-data' };
		default:
			return insight satisfies never;
	}
}
