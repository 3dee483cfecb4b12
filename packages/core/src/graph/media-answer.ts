import { z } from 'zod/v4';
import { InsightsAnswer } from './insights-answer.ts';
import { hasId, Id, itemsWithId, optional, Paging } from './read-answer.ts';

/** The fields of one media item under Meta's names, known and unknown; `id` is always a string. */
export type MediaFields = { readonly id: string; readonly [field: string]: unknown };

/** One media item of a list. Only the fields used here are named; all others are kept as sent. */
export const MediaNode = z.looseObject({
	id: Id,
	/** Missing if none were asked for, or if Meta has none. */
	insights: optional(InsightsAnswer),
});
export type MediaNode = z.infer<typeof MediaNode>;

/** The answer of `/media`, `/stories` and `/children`. An item that is not media is left out, unless there is nothing else. */
export const MediaAnswer = z.object({
	data: z.preprocess(itemsWithId, z.array(MediaNode)),
	paging: Paging,
});
export type MediaAnswer = z.infer<typeof MediaAnswer>;

/** Whether items of a list were left out, because they are not media. */
export function isPartlyMalformed(raw: unknown): boolean {
	const data = typeof raw === 'object' && raw !== null && 'data' in raw ? raw.data : null;
	return Array.isArray(data) && data.some(hasId) && !data.every(hasId);
}
