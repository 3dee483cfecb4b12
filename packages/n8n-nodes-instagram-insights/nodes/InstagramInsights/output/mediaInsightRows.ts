import type { MediaReading } from '@instagram-insights/core';
import type { IDataObject } from 'n8n-workflow';
import { bucketRows } from './bucketRows';
import { metricColumns, withMetrics } from './metricColumns';
import { rawMediaRows } from './rawMediaRows';

/** The numbers of one medium: a row, a row for each bucket, or Graph's own objects when not simplified. */
export function mediaInsightRows(
	{ media, insights, raw }: Pick<MediaReading, 'media' | 'insights' | 'raw'>,
	breakdown: string | undefined,
	simplify: boolean,
): IDataObject[] {
	if (!simplify) return rawMediaRows(raw, [media.id]);
	const head = { mediaId: media.id };
	if (breakdown !== undefined) return bucketRows(insights, breakdown, head);
	return [withMetrics(head, metricColumns(insights))];
}
