import { accountMetricRow } from '../catalog/account-metric.ts';
import type { InsightsItem } from '../graph/insights-answer.ts';
import { pacificDay } from '../query/calendar-day.ts';
import { type AbsentReason, absent, type Bucket, type HoursOfDay, type Insight, type Point } from './insight.ts';

/** What was asked, so that missing metrics can be reported. */
export type Asked = {
	readonly metrics: readonly string[];
	/** A breakdown was asked for. */
	readonly withBreakdown?: boolean;
};

/**
 * What an answer says about each metric asked for, in the order asked; other metrics follow in the order
 * of the answer. A metric that is missing, or has no value, is `absent`, never 0.
 */
export function readInsights(items: readonly InsightsItem[], asked: Asked): Insight[] {
	const insights: Insight[] = [];
	if (isAsAsked(items, asked.metrics)) return items.map((item) => readItem(item, asked));
	for (const [index, metric] of asked.metrics.entries()) {
		if (asked.metrics.indexOf(metric) < index) continue;
		const before = insights.length;
		for (const item of items) if (item.name === metric) insights.push(readItem(item, asked));
		if (insights.length > before) continue;
		const nameless = items.find(({ name, unreadable }) => name === '' && unreadable !== undefined);
		insights.push(nameless ? unreadable(metric, nameless) : absent(metric, { reason: 'no-data' }));
	}
	for (const item of items) {
		if (item.name !== '' && !asked.metrics.includes(item.name)) insights.push(readItem(item, asked));
	}
	return insights;
}

/** Usually there is one item per metric, in the order asked. */
function isAsAsked(items: readonly InsightsItem[], metrics: readonly string[]): boolean {
	return items.length === metrics.length && items.every(({ name }, index) => name === metrics[index]);
}

function readItem(item: InsightsItem, asked: Asked): Insight {
	const { name: metric, values, total_value: total } = item;
	if (item.unreadable !== undefined) return unreadable(metric, item);
	const lifetime = values?.length === 1 && !values[0]?.end_time ? values[0]?.value : undefined;
	if (total?.breakdowns) {
		// A media with a breakdown says its total twice, an account's breakdown once or not at all.
		const value = total.value ?? (typeof lifetime === 'number' ? lifetime : null);
		const buckets = total.breakdowns.flatMap(readBuckets);
		if (value === null && buckets.length === 0) return absent(metric, { reason: 'no-data' });
		return { shape: 'breakdown', metric, value, buckets };
	}
	if (typeof total?.value === 'number') return { shape: 'total', metric, value: total.value };
	if (typeof lifetime === 'number') return { shape: 'total', metric, value: lifetime };
	if (!values || values.length === 0) return absent(metric, { reason: reasonOfNothing(metric, asked) });
	return readMaps(metric, values) ?? readSeries(metric, values);
}

type Values = NonNullable<InsightsItem['values']>;
type Breakdowns = NonNullable<NonNullable<InsightsItem['total_value']>['breakdowns']>;

function readSeries(metric: string, values: Values): Insight {
	const points = values.flatMap(({ value, end_time: endTime }): Point[] => {
		const date = endTime ? closingDay(endTime) : null;
		if (!endTime || date === null) return [];
		return [typeof value === 'number' ? { date, endTime, value } : { date, endTime, value: null, reason: 'no-data' }];
	});
	if (points.length > 0) return { shape: 'series', metric, points };
	if (values.every(({ value }) => typeof value !== 'number')) return absent(metric, { reason: 'no-data' });
	return unreadable(metric, { unreadable: 'values without a day' });
}

/** Read by the index of each key: a demographic with a timeframe has that as its first key, one without has not. */
function readBuckets({ dimension_keys: keys, results }: Breakdowns[number]): Bucket[] {
	const at = keys.flatMap((key, index) => (key === 'timeframe' ? [] : [index]));
	const dimensions = at.map((index) => keys[index] ?? '');
	const dimension = dimensions.join(',');
	return (results ?? []).flatMap(({ dimension_values: all, value }): Bucket[] => {
		if (typeof value !== 'number') return [];
		const buckets = at.map((index) => all[index] ?? '');
		return [{ dimension, bucket: buckets.join(','), value, dimensions, buckets }];
	});
}

/** An item without any value: some metrics answer like this if their breakdown was not requested. */
function reasonOfNothing(metric: string, asked: Asked): AbsentReason {
	return accountMetricRow(metric)?.requiresBreakdown && !asked.withBreakdown ? 'needs-breakdown' : 'no-data';
}

/** The metric has an unknown shape: no number is read from it. */
function unreadable(metric: string, { unreadable: why }: Pick<InsightsItem, 'unreadable'>): Insight {
	return absent(metric, { reason: 'failed', message: `Instagram's value could not be read (${why})` });
}

type CountMap = Readonly<Record<string, number | null | undefined>>;

/**
 * Values that are maps, by what their keys are: hours of the day `{"0":159,…,"23":201}`, one map a day, or names
 * `{"en_US":786,"de_DE":31}`, of which the newest map counts, because each describes the whole audience. Days with an
 * empty map keep their place without hours; when no map has any number, the metric is absent: that is how Graph mostly
 * answers for hours in 2026 (S06).
 *
 * @returns null when the values are not maps
 */
function readMaps(metric: string, values: Values): Insight | null {
	const maps = values.flatMap(({ value, end_time: endTime }) => (isMap(value) ? [{ map: value, endTime }] : []));
	if (maps.length === 0) return null;
	const filled = maps.filter(({ map }) => countsOf(map).length > 0);
	const newest = filled.at(-1);
	if (newest === undefined) return absent(metric, { reason: 'no-data' });
	if (!filled.every(({ map }) => Object.keys(map).every(isHour))) return readNames(metric, newest.map);
	const points = values.flatMap(({ value, end_time: endTime }): HoursOfDay[] => {
		const date = endTime ? closingDay(endTime) : null;
		return !endTime || date === null ? [] : [{ date, endTime, hours: isMap(value) ? readHours(value) : [] }];
	});
	if (points.every(({ hours }) => hours.length === 0)) return absent(metric, { reason: 'no-data' });
	return { shape: 'hours', metric, points };
}

/** Graph does not name the dimension of such a map: it is what the metric itself counts by. */
function readNames(metric: string, map: CountMap): Insight {
	const buckets = countsOf(map).map(([bucket, value]) => ({
		dimension: metric,
		bucket,
		value,
		dimensions: [metric],
		buckets: [bucket],
	}));
	return { shape: 'breakdown', metric, value: null, buckets };
}

/** The hours of one map in order. */
function readHours(map: CountMap): HoursOfDay['hours'] {
	return countsOf(map)
		.map(([hour, value]) => ({ hour: Number(hour), value }))
		.sort((one, other) => one.hour - other.hour);
}

function countsOf(map: CountMap): [string, number][] {
	return Object.entries(map).flatMap(([key, value]) => (typeof value === 'number' ? [[key, value]] : []));
}

function isHour(key: string): boolean {
	return /^\d{1,2}$/.test(key) && Number(key) < 24;
}

function isMap(value: Values[number]['value']): value is CountMap {
	return typeof value === 'object' && value !== null;
}

/** `2026-11-20T08:00:00+0000`: Graph writes the zone without a colon, which ISO 8601 readers may refuse. */
const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?)(Z|[+-]\d{2}:?\d{2})$/;

/**
 * The Pacific day that closes at an `end_time`: the day of the second before it. `2018-01-11T08:00:00+0000` is midnight
 * in Los Angeles and closes 2018-01-10.
 *
 * @returns `YYYY-MM-DD`, or null when the text is not an instant
 */
export function closingDay(endTime: string): string | null {
	const parts = INSTANT.exec(endTime);
	if (!parts) return null;
	const [, clock, zone = 'Z'] = parts;
	const instant = Date.parse(`${clock}${zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
	return Number.isNaN(instant) ? null : pacificDay(new Date(instant - 1000));
}
