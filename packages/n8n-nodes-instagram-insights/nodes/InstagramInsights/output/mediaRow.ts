import type { MediaItem } from '@instagram-insights/core';
import type { IDataObject } from 'n8n-workflow';
import { metricColumns, withMetrics } from './metricColumns';

/** One medium as a flat item: its fields under Graph's names, its metrics beside them. */
export function mediaRow({ media, insights }: Pick<MediaItem, 'media' | 'insights'>): IDataObject {
	return withMetrics({ ...(media as IDataObject) }, metricColumns(insights));
}
