import type { MediaItem } from '@instagram-insights/core';
import type { IDataObject } from 'n8n-workflow';
import { metricColumns, withMetrics } from './metricColumns';

/** What tells a medium from others: it stands before the numbers, and captions and links behind them. */
const LEADING = ['id', 'media_product_type', 'timestamp'];

/** One medium as a flat item: its fields under Graph's names, its metrics among them. */
export function mediaRow({ media, insights }: Pick<MediaItem, 'media' | 'insights'>): IDataObject {
	const fields = media as IDataObject;
	const columns = metricColumns(insights);
	const leading = Object.fromEntries(LEADING.filter((name) => name in fields).map((name) => [name, fields[name]]));
	// A name keeps the place where it stood first.
	return withMetrics({ ...leading, ...columns.values, ...fields }, columns);
}
