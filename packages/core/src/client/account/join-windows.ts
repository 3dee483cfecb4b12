import { accountMetricRow } from '../../catalog/account-metric.ts';
import type { Bucket, Insight } from '../../insight/insight.ts';
import { listDays } from '../../query/calendar-day.ts';
import { absent } from '../absence.ts';

/** What one metric answered in one window. */
export type WindowInsight = { readonly since: string; readonly until: string; readonly insight: Insight };

/**
 * One insight for the whole range out of those of its windows, in time order.
 *
 * Additive metrics are added, totals and buckets alike; unique people never are (`not-additive`), and neither are
 * metrics the catalog does not know. A window without a number leaves the whole range without one, because a sum that
 * lacks a part is a wrong number; so does a day that a series lacks. Where one window has a number and no buckets, the
 * range has a total alone. Only windows in `mayLack` (days Meta has not yet counted) may be missing. Days of a series
 * outside its window are not of the range and never count.
 */
export function joinWindows(
	metric: string,
	parts: readonly WindowInsight[],
	mayLack: (window: { since: string; until: string }) => boolean = () => false,
): Insight {
	const [only] = parts;
	if (only && parts.length === 1) return asTotal(only);
	const read = parts.map((part) => ({ ...part, insight: asTotal(part) }));
	if (read.every(({ insight }) => insight.shape === 'absent')) return read[0]?.insight ?? absent(metric, NO_DATA);
	const row = accountMetricRow(metric);
	if (row?.aggregation !== 'sum') {
		const message = row
			? 'People of several windows cannot be added up: someone seen in two would count twice.'
			: `Whether the windows of "${metric}" may be added up is not known.`;
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

/** A series as the total of the days of its window, where the metric is additive and each day has one number. */
function asTotal({ since, until, insight }: WindowInsight): Insight {
	if (insight.shape !== 'series') return insight;
	const { metric, points } = insight;
	if (accountMetricRow(metric)?.aggregation !== 'sum') {
		const message = 'Instagram gives this metric day by day, and days of it cannot be added up: ask for it daily.';
		return absent(metric, { reason: 'not-additive', message });
	}
	let sum = 0;
	for (const day of listDays(since, until)) {
		const [value, ...others] = points.flatMap((point) =>
			point.date === day && point.value !== null ? point.value : [],
		);
		if (value === undefined || others.length > 0) {
			const found = value === undefined ? 'No number' : 'More than one number';
			return absent(metric, { ...NO_DATA, message: `${found} for ${day}, so none for the whole range.` });
		}
		sum += value;
	}
	return { shape: 'total', metric, value: sum };
}

function addUp(metric: string, insights: readonly Insight[]): Insight {
	let value: number | null = 0;
	const buckets = new Map<string, Bucket>();
	let split = false;
	let bucketsLack = false;
	for (const insight of insights) {
		const hasBuckets = insight.shape === 'breakdown' && insight.buckets.length > 0;
		if (!hasBuckets && 'value' in insight && insight.value !== 0) bucketsLack = true;
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
	// Buckets of a part of the range would pass for those of the whole.
	if (split && !bucketsLack) return { shape: 'breakdown', metric, value, buckets: [...buckets.values()] };
	return value === null ? absent(metric, NO_DATA) : { shape: 'total', metric, value };
}
