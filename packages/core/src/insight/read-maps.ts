import type { InsightsItem } from '../graph/insights-answer.ts';
import { closingDay } from './closing-day.ts';
import type { HoursOfDay, Insight } from './insight.ts';

type Values = NonNullable<InsightsItem['values']>;
type CountMap = Readonly<Record<string, number | null | undefined>>;

/**
 * Values that are maps, by what their keys are: hours of the day `{"0":159,…,"23":201}`, one map a day, or names
 * `{"en_US":786,"de_DE":31}`, of which the newest map counts, because each describes the whole audience. Days with an
 * empty map keep their place without hours; when no map has any number, the metric is absent: that is how Graph mostly
 * answers for hours in 2026 (S06).
 *
 * @returns null when the values are not maps
 */
export function readMaps(metric: string, values: Values): Insight | null {
	const maps = values.flatMap(({ value, end_time: endTime }) => (isMap(value) ? [{ map: value, endTime }] : []));
	if (maps.length === 0) return null;
	const filled = maps.filter(({ map }) => countsOf(map).length > 0);
	const newest = filled.at(-1);
	if (newest === undefined) return { shape: 'absent', metric, reason: 'no-data' };
	if (!filled.every(({ map }) => Object.keys(map).every(isHour))) return readNames(metric, newest.map);
	const points = values.flatMap(({ value, end_time: endTime }): HoursOfDay[] => {
		const date = endTime ? closingDay(endTime) : null;
		return !endTime || date === null ? [] : [{ date, endTime, hours: isMap(value) ? readHours(value) : [] }];
	});
	if (points.every(({ hours }) => hours.length === 0)) return { shape: 'absent', metric, reason: 'no-data' };
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

/** The hours of one map in order of the clock. */
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
