import {
	ACCOUNT_METRICS,
	addDays,
	type Comparison,
	type HoursOfDay,
	type Insight,
} from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';
import { columnOf, type Gap, inColumn, metricColumns, withReasons } from '../../rows/columns';

type Range = { readonly since: string; readonly until: string };

/** One row for the whole range, with a column for each metric. */
export function totalRow(metrics: readonly string[], insights: readonly Insight[], { since, until }: Range) {
	const { values, gaps } = metricColumns(metrics, insights);
	return withReasons({ since, until, ...values }, gaps);
}

/**
 * One row per day of the range, oldest first, with one column per metric. A day that Instagram left out has a row too, so
 * that a chart shows the gap.
 */
export function dailyRows(
	metrics: readonly string[],
	insights: readonly Insight[],
	{ since, until }: Range,
): IDataObject[] {
	const columns = [...new Set(metrics)].map((metric) => cellsOf(metric, insights));
	const rows: IDataObject[] = [];
	for (let date = since; date <= until; date = addDays(date, 1)) {
		const cells = columns.map(({ column, cellOn }) => ({ column, ...cellOn(date) }));
		const values = Object.fromEntries(cells.map(({ column, value }) => [column, value]));
		rows.push(withReasons({ date, ...values }, cells.flatMap(gapOf)));
	}
	return rows;
}

type Cell = { readonly value: number | null; readonly gap?: Omit<Gap, 'column'> };

function cellsOf(metric: string, insights: readonly Insight[]): { column: string; cellOn: (date: string) => Cell } {
	const column = columnOf(metric);
	const insight = insights.find((one) => one.metric === metric);
	if (insight?.shape !== 'series') {
		const reason = insight?.shape === 'absent' ? insight : { reason: 'no-data' as const };
		return { column, cellOn: () => ({ value: null, gap: reason }) };
	}
	const byDate = new Map(insight.points.map((point) => [point.date, point]));
	return {
		column,
		cellOn(date) {
			const { value = null, reason = 'no-data', message } = byDate.get(date) ?? {};
			return value === null ? { value, gap: { reason, message } } : { value: inColumn(metric, value) };
		},
	};
}

function gapOf({ column, gap }: { readonly column: string } & Cell): Gap[] {
	return gap === undefined ? [] : [{ column, reason: gap.reason, message: gap.message }];
}

/**
 * One row per bucket: `value` names the bucket, `count` is its number. A metric without buckets has one row with the
 * reason, so that it is never missing silently.
 *
 * @param head columns in front of each row
 */
export function bucketRows(insights: readonly Insight[], breakdown: string, head: IDataObject = {}): IDataObject[] {
	return insights.flatMap((insight): IDataObject[] => {
		const { metric } = insight;
		if (insight.shape === 'breakdown' && insight.buckets.length > 0) {
			return insight.buckets.map(({ dimension, bucket: value, value: count }) =>
				withReasons({ ...head, metric, dimension, value, count }, []),
			);
		}
		const gap = insight.shape === 'absent' ? insight : { reason: 'no-data' as const };
		const row = { ...head, metric, dimension: breakdown, value: null, count: null };
		return [withReasons(row, [{ ...gap, column: metric }])];
	});
}

/** The time zone of the hours, for people who do not see the hint. */
const timezone = ACCOUNT_METRICS.online_followers.hourZone ?? 'not known';

/** One row per hour and day, oldest first. A day or a metric without hours has one row with the reason. */
export function hourRows(insights: readonly Insight[]): IDataObject[] {
	return insights.flatMap((insight): IDataObject[] => {
		const { metric } = insight;
		if (insight.shape === 'hours' && insight.points.some(({ hours }) => hours.length > 0)) {
			return insight.points.flatMap((day) => rowsOfDay(metric, day));
		}
		const gap = insight.shape === 'absent' ? insight : { reason: 'no-data' as const };
		return [withReasons({ date: null, hour: null, timezone, [metric]: null }, [{ ...gap, column: metric }])];
	});
}

function rowsOfDay(metric: string, { date, hours }: HoursOfDay): IDataObject[] {
	if (hours.length === 0) {
		return [withReasons({ date, hour: null, timezone, [metric]: null }, [{ column: metric, reason: 'no-data' }])];
	}
	return hours.map(({ hour, value }) => withReasons({ date, hour, timezone, [metric]: value }, []));
}

/** One metric of two periods: the days of both, then the numbers. */
export function comparisonRow(comparison: Comparison): IDataObject {
	const { metric, reason, message, since, until, previousSince, previousUntil } = comparison;
	const { current, previous, change, changePercent } = comparison;
	const row = { metric, since, until, previousSince, previousUntil, current, previous, change, changePercent };
	return withReasons(row, reason === undefined ? [] : [{ column: metric, reason, message }]);
}
