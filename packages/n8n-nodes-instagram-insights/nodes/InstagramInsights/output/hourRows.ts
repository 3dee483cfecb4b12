import type { Insight } from '@instagram-insights/core';
import type { IDataObject } from 'n8n-workflow';

/** One row an hour and day, oldest first; a metric without hours has one row with the reason. */
export function hourRows(insights: readonly Insight[]): IDataObject[] {
	return insights.flatMap((insight): IDataObject[] => {
		const { metric } = insight;
		const rows =
			insight.shape === 'hours'
				? insight.points.flatMap(({ date, endTime, hours }) =>
						hours.map(({ hour, value }) => ({ date, endTime, hour, [metric]: value })),
					)
				: [];
		if (rows.length > 0) return rows;
		const reason = insight.shape === 'absent' ? insight.reason : 'no-data';
		return [{ date: null, endTime: null, hour: null, [metric]: null, unavailable: { [metric]: reason } }];
	});
}
