import type { HoursOfDay, Insight } from '@instagram-insights/core';
import type { IDataObject } from 'n8n-workflow';

/** One row an hour and day, oldest first; a day or a metric without hours has one row with the reason. */
export function hourRows(insights: readonly Insight[]): IDataObject[] {
	return insights.flatMap((insight): IDataObject[] => {
		const { metric } = insight;
		if (insight.shape === 'hours' && insight.points.some(({ hours }) => hours.length > 0)) {
			return insight.points.flatMap((day) => rowsOfDay(metric, day));
		}
		const reason = insight.shape === 'absent' ? insight.reason : 'no-data';
		return [{ date: null, endTime: null, hour: null, [metric]: null, unavailable: { [metric]: reason } }];
	});
}

function rowsOfDay(metric: string, { date, endTime, hours }: HoursOfDay): IDataObject[] {
	if (hours.length === 0) {
		return [{ date, endTime, hour: null, [metric]: null, unavailable: { [metric]: 'no-data' } }];
	}
	return hours.map(({ hour, value }) => ({ date, endTime, hour, [metric]: value }));
}
