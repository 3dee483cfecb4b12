import type { InsightsItem } from '../graph/insights-answer.ts';
import { closingDay } from './closing-day.ts';
import type { HourCount, HoursOfDay, Insight } from './insight.ts';

type Values = NonNullable<InsightsItem['values']>;

/**
 * Hour maps `{"0":159,…,"23":201}`, one a day. Days with an empty map keep their place without hours; when no day has
 * any, the metric is absent: that is how Graph mostly answers in 2026 (S06).
 *
 * @returns null when the values are not maps
 */
export function readHours(metric: string, values: Values): Insight | null {
	if (!values.some(({ value }) => typeof value === 'object' && value !== null)) return null;
	const points = values.flatMap(({ value, end_time: endTime }): HoursOfDay[] => {
		const date = endTime ? closingDay(endTime) : null;
		if (!endTime || date === null) return [];
		return [{ date, endTime, hours: typeof value === 'object' && value !== null ? readMap(value) : [] }];
	});
	if (points.every(({ hours }) => hours.length === 0)) return { shape: 'absent', metric, reason: 'no-data' };
	return { shape: 'hours', metric, points };
}

/** The hours of one map in order of the clock; what is not an hour is left out. */
function readMap(map: Readonly<Record<string, number | null | undefined>>): HourCount[] {
	return Object.entries(map)
		.flatMap(([key, value]): HourCount[] => {
			const hour = Number(key);
			const isHour = /^\d{1,2}$/.test(key) && hour < 24;
			return isHour && typeof value === 'number' ? [{ hour, value }] : [];
		})
		.sort((one, other) => one.hour - other.hour);
}
