import type { IDataObject } from 'n8n-workflow';
import { rawRows } from './rawRows';

/**
 * Graph's own objects of media, one item a medium in the order of the list. Insights that had to be asked for
 * apart come as objects of their own, whose id begins with that of the medium: they join the others under `insights`.
 *
 * @param ids the media to return; a page may hold more
 */
export function rawMediaRows(bodies: readonly unknown[], ids: readonly string[]): IDataObject[] {
	const rows = new Map<string, IDataObject>();
	for (const entry of rawRows(bodies)) {
		const id = String(entry.id);
		const [mediaId = id] = id.split('/insights/');
		if (mediaId === id) rows.set(id, { ...entry, ...rows.get(id) });
		else rows.set(mediaId, withInsight(rows.get(mediaId) ?? { id: mediaId }, entry));
	}
	return ids.map((id) => rows.get(id) ?? { id });
}

function withInsight(row: IDataObject, insight: IDataObject): IDataObject {
	const nested = row.insights as { data?: IDataObject[] } | undefined;
	return { ...row, insights: { ...nested, data: [...(nested?.data ?? []), insight] } };
}
