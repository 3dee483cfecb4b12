import type { Insight } from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';
import { singleValue } from '../../rows/columns';

/**
 * Graph's own objects as items: each entry of a body's `data`, or the body itself if it has none. Metrics that no entry
 * names are in a separate item, `{ unavailable: { <metric>: <reason> } }`.
 */
export function rawRows(bodies: readonly unknown[], insights: readonly Insight[] = []): IDataObject[] {
	const rows = entriesOf(bodies);
	const named = new Set(rows.map(({ name }) => name));
	const missing = reasonsOf(insights.filter(({ metric, shape }) => shape === 'absent' && !named.has(metric)));
	return missing === null ? rows : [...rows, { unavailable: missing }];
}

function entriesOf(bodies: readonly unknown[]): IDataObject[] {
	return bodies.flatMap((body) => (isObject(body) && Array.isArray(body.data) ? body.data : [body]).map(toItem));
}

type RawMedia = { readonly media: { readonly id: string }; readonly insights: readonly Insight[] };

/**
 * Graph's own objects of media, one item per media item in the order given. Insights that needed a request of their own
 * are separate objects whose ID begins with that of the media item: they are merged into `insights`. Metrics without a
 * value are in `unavailable`, `{ <metric>: <reason> }`.
 *
 * @param items the media to return; a page may hold more
 */
export function rawMediaRows(bodies: readonly unknown[], items: readonly RawMedia[]): IDataObject[] {
	const rows = new Map<string, IDataObject>();
	for (const entry of entriesOf(bodies)) {
		const id = String(entry.id);
		const [mediaId = id] = id.split('/insights/');
		if (mediaId === id) rows.set(id, { ...entry, ...rows.get(id) });
		else rows.set(mediaId, withInsight(rows.get(mediaId) ?? { id: mediaId }, entry));
	}
	return items.map(({ media: { id }, insights }) => {
		const unavailable = reasonsOf(insights);
		return { ...(rows.get(id) ?? { id }), ...(unavailable === null ? {} : { unavailable }) };
	});
}

/** The reason for each metric without a value; null if all have one. */
function reasonsOf(insights: readonly Insight[]): IDataObject | null {
	const missing = insights.flatMap((insight) => {
		const found = insight.shape === 'breakdown' ? 0 : singleValue(insight);
		return typeof found === 'number' ? [] : [[insight.metric, found.reason] as const];
	});
	return missing.length === 0 ? null : Object.fromEntries(missing);
}

function withInsight(row: IDataObject, insight: IDataObject): IDataObject {
	const nested = row.insights as { data?: IDataObject[] } | undefined;
	return { ...row, insights: { ...nested, data: [...(nested?.data ?? []), insight] } };
}

function toItem(value: unknown): IDataObject {
	return isObject(value) ? value : { value: value as IDataObject[string] };
}

function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
