import type { MediaItem } from '@instagram-insights/core';
import type { IDataObject } from 'n8n-workflow';
import { bucketRows } from './bucketRows';
import { metricColumns, withMetrics } from './metricColumns';

/** The numbers of one medium: a row, a row for each bucket, or every reading as it is, with what is missing and why. */
export function mediaInsightRows(
	{ media, insights }: Pick<MediaItem, 'media' | 'insights'>,
	breakdown: string | undefined,
	simplify: boolean,
): IDataObject[] {
	const head = { mediaId: media.id };
	if (!simplify) return [{ ...head, insights: insights.map((insight) => ({ ...insight }) as IDataObject) }];
	if (breakdown !== undefined) return bucketRows(insights, breakdown, head);
	return [withMetrics(head, metricColumns(insights))];
}
