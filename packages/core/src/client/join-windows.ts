import { accountMetricRow } from '../catalog/account-metric.ts';
import type { Bucket, Insight } from '../insight/insight.ts';
import { absent } from './absence.ts';

/** What one metric answered in one window. */
export type WindowInsight = { readonly since: string; readonly until: string; readonly insight: Insight };

/**
 * One insight for the whole range out of those of its windows, in time order.
 *
 * Additive metrics are added, totals and buckets alike; unique people never are (`not-additive`), and neither are
 * metrics the catalog does not know. A window without a number leaves the whole range without one, because a sum that
 * lacks a part is a wrong number; only windows in `mayLack` (days Meta has not yet counted) may be missing.
 */
export function joinWindows(
	metric: string,
	parts: readonly WindowInsight[],
	mayLack: (window: { since: string; until: string }) => boolean = () => false,
): Insight {
	const [only] = parts;
	if (only && parts.length === 1) return asTotal(only.insight);
	const read = parts.map((part) => ({ ...part, insight: asTotal(part.insight) }));
	if (read.every(({ insight }) => insight.shape === 'absent')) return read[0]?.insight ?? absent(metric, NO_DATA);
	if (accountMetricRow(metric)?.aggregation !== 'sum') {
		const message = 'People of several windows cannot be added up: someone seen in two would count twice.';
		return absent(metric, { reason: 'not-additive', message });
	}
	const present = read.filter(({ insight }) => insight.shape !== 'absent');
	const missing = read.find((part) => part.insight.shape === 'absent' && !mayLack(part));
	if (missing?.insight.shape === 'absent') {
		const message = `No number for ${missing.since} to ${missing.until}, so none for the whole range.`;
		return absent(metric, { reason: missing.insight.reason, message });
	}
	return addUp(
		metric,
		present.map(({ insight }) => insight),
	);
}

const NO_DATA = { reason: 'no-data' } as const;

/** A series as the total of its days, where the metric is additive and no day is missing. */
function asTotal(insight: Insight): Insight {
	if (insight.shape !== 'series') return insight;
	const { metric, points } = insight;
	if (accountMetricRow(metric)?.aggregation !== 'sum') return absent(metric, { reason: 'not-additive' });
	let sum = 0;
	for (const { date, value } of points) {
		if (value === null) {
			return absent(metric, { reason: 'no-data', message: `No number for ${date}, so none for the whole range.` });
		}
		sum += value;
	}
	return { shape: 'total', metric, value: sum };
}

function addUp(metric: string, insights: readonly Insight[]): Insight {
	let value: number | null = 0;
	const buckets = new Map<string, Bucket>();
	let split = false;
	for (const insight of insights) {
		if (insight.shape === 'total') value = value === null ? null : value + insight.value;
		if (insight.shape !== 'breakdown') continue;
		split = true;
		value = value === null || insight.value === null ? null : value + insight.value;
		for (const bucket of insight.buckets) {
			const key = JSON.stringify([bucket.dimension, bucket.bucket]);
			const sum = (buckets.get(key)?.value ?? 0) + bucket.value;
			buckets.set(key, { ...bucket, value: sum });
		}
	}
	if (split) return { shape: 'breakdown', metric, value, buckets: [...buckets.values()] };
	return value === null ? absent(metric, NO_DATA) : { shape: 'total', metric, value };
}
