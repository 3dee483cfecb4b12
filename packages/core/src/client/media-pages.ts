import { readMedia } from '../insight/read-media.ts';
import type { MediaListQuery } from '../query/insights-query.ts';
import { planMediaMetrics } from '../query/plan-media-metrics.ts';
import { assertAskable, type ClientContext, type QuestionOptions } from './client-context.ts';
import { listMedia } from './list-media.ts';
import { mediaFields } from './media-fields.ts';
import type { MediaItem, MediaPage } from './media-item.ts';

/** The account's media, newest first, page by page, with the metrics asked for nested in the pages. */
export async function* readMediaPages(
	query: MediaListQuery,
	context: ClientContext,
	options: QuestionOptions = {},
): AsyncGenerator<MediaPage> {
	assertAskable(query, context);
	const plan = planMediaMetrics(query.metrics ?? [], context.session.host);
	const fields = mediaFields(query.fields);
	let left = query.limit ?? Number.POSITIVE_INFINITY;
	let after: string | null = null;
	do {
		const limit = Math.min(context.pageSize, left);
		const part = { edge: 'media', fields, metrics: plan.nested, limit, after, range: {} } as const;
		const listed = await listMedia(part, context, options);
		const asked = plan.nested.length === 0 ? null : { metrics: plan.nested };
		const items: MediaItem[] = listed.nodes.map((node) => readMedia(node, asked)).slice(0, left);
		left -= items.length;
		yield { items, raw: [listed.raw] };
		after = listed.after;
	} while (after !== null && left > 0);
}
