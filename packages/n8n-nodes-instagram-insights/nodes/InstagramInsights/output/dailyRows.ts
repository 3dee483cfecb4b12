import { type AbsentReason, addDays, type Insight, pacificMidnight } from '@instagram-insights/core';
import type { IDataObject } from 'n8n-workflow';
import { withMetrics } from './metricColumns';

type Range = { readonly since: string; readonly until: string };
type Cell = { readonly value: number | null; readonly reason?: AbsentReason | undefined; readonly endTime?: string };

/**
 * One row for every day of the range, oldest first, with a column for each metric. A day that Instagram left out has
 * its row too, so that a chart shows the gap.
 */
export function dailyRows(insights: readonly Insight[], { since, until }: Range): IDataObject[] {
	const columns = insights.map((insight) => ({ metric: insight.metric, cellOf: cellsOf(insight) }));
	const rows: IDataObject[] = [];
	for (let date = since; date <= until; date = addDays(date, 1)) {
		const values: Record<string, number | null> = {};
		const unavailable: Record<string, AbsentReason> = {};
		let endTime = endOfDay(date);
		for (const { metric, cellOf } of columns) {
			const cell = cellOf(date);
			values[metric] = cell.value;
			if (cell.value === null) unavailable[metric] = cell.reason ?? 'no-data';
			if (cell.endTime !== undefined) endTime = cell.endTime;
		}
		rows.push(withMetrics({ date, endTime }, { values, unavailable }));
	}
	return rows;
}

function cellsOf(insight: Insight): (date: string) => Cell {
	if (insight.shape === 'series') {
		const byDate = new Map(insight.points.map((point) => [point.date, point]));
		return (date) => byDate.get(date) ?? { value: null };
	}
	const reason = insight.shape === 'absent' ? insight.reason : 'no-data';
	return () => ({ value: null, reason });
}

/** When a Pacific day closes, written as Meta writes it. */
function endOfDay(date: string): string {
	return pacificMidnight(addDays(date, 1)).toISOString().replace('.000Z', '+0000');
}
