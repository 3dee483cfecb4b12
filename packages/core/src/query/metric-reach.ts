import { accountMetricRow } from '../catalog/account-metric.ts';
import { addDays, type Day } from './calendar-day.ts';
import { pacificDay } from './pacific-day.ts';

/** The oldest day that Meta keeps of a metric with a shorter memory than the others; null where the general limit holds. */
export function oldestDayOf(metric: string, now: Date): Day | null {
	const days = accountMetricRow(metric)?.maxLookbackDays;
	return days === null || days === undefined ? null : addDays(pacificDay(now), -days);
}

/** Whether a range that begins on `since` reaches further back than Meta keeps the metric. */
export function reachesBeyond(metric: string, since: Day, now: Date): boolean {
	const oldest = oldestDayOf(metric, now);
	return oldest !== null && since < oldest;
}
