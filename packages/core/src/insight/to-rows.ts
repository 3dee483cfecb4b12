import { accountMetricRow } from '../catalog/account-metric.ts';
import { mediaMetricRow } from '../catalog/media-metric.ts';
import type { MetricUnit } from '../catalog/metric-row.ts';
import type { Insight, Row } from './insight.ts';

/** Whose numbers they are. */
export type Owner = { readonly accountId: string } | { readonly mediaId: string };

/** The unit of a metric; `count` for names the catalog does not know. */
export function unitOf(metric: string, level: 'account' | 'media'): MetricUnit {
	const row = level === 'account' ? accountMetricRow(metric) : mediaMetricRow(metric);
	return row?.unit ?? 'count';
}

/**
 * One row per number, in a stable order: insights as given, points and buckets in the order of the answer, a total before
 * its buckets. What has no number gets one row with `value: null` and the reason. A metric asked by several breakdowns has
 * its total once.
 */
export function toRows(insights: readonly Insight[], owner: Owner): Row[] {
	const level = 'mediaId' in owner ? 'media' : 'account';
	const totals = new Map<string, number>();
	return insights.flatMap((insight) => {
		const rows = rowsOf(insight, owner, unitOf(insight.metric, level));
		if (insight.shape !== 'breakdown' || insight.value === null) return rows;
		if (totals.get(insight.metric) === insight.value) return rows.slice(1);
		totals.set(insight.metric, insight.value);
		return rows;
	});
}

function rowsOf(insight: Insight, owner: Owner, unit: MetricUnit): Row[] {
	const { metric } = insight;
	const plain = { ...owner, metric, dimension: null, bucket: null, date: null } as const;
	switch (insight.shape) {
		case 'total':
			return [{ ...plain, value: insight.value, unit }];
		case 'absent':
			return [{ ...plain, value: null, unit, reason: insight.reason, ...wordsOf(insight) }];
		case 'series':
			return insight.points.map(({ date, endTime, value, reason, message }) => ({
				...plain,
				date,
				endTime,
				value,
				unit,
				...(reason === undefined ? {} : { reason }),
				...wordsOf({ message }),
			}));
		case 'breakdown': {
			const total: Row[] = insight.value === null ? [] : [{ ...plain, value: insight.value, unit }];
			const buckets = insight.buckets.map(({ dimension, bucket, value }) => ({
				...plain,
				dimension,
				bucket,
				value,
				unit,
			}));
			return [...total, ...buckets];
		}
		case 'hours':
			return insight.points.flatMap(({ date, endTime, hours }): Row[] => {
				const day = { ...plain, dimension: 'hour', date, endTime } as const;
				if (hours.length === 0) return [{ ...day, value: null, unit, reason: 'no-data' }];
				return hours.map(({ hour, value }) => ({ ...day, bucket: String(hour), value, unit }));
			});
		default:
			return insight satisfies never;
	}
}

function wordsOf({ message }: { readonly message?: string | undefined }): Pick<Row, 'message'> {
	return message === undefined ? {} : { message };
}
