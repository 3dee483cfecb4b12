import { z } from 'zod/v4';
import { InsightsAnswer } from './insights-answer.ts';
import { hasId, Id, itemsWithId, optional, Paging, withoutPagingLinks } from './read-answer.ts';

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

/** The fields of a media item without insights, and without the links of nested lists, which contain the token. */
export function fieldsOf({ insights: _, ...fields }: MediaNode): MediaFields {
	const nested = Object.values(fields).some((value) => typeof value === 'object' && value !== null);
	if (!nested) return fields;
	const kept = Object.entries(fields).map(([name, value]) => [name, withoutPagingLinks(value)] as const);
	return { ...Object.fromEntries(kept), id: fields.id };
}

/** A media item with null for every field that was asked for, by its name in the answer, and that Meta left out. */
export function withNulls(media: MediaFields, fields: readonly string[]): MediaFields {
	const missing = fields.filter((field) => media[field] === undefined);
	return missing.length === 0 ? media : { ...media, ...Object.fromEntries(missing.map((field) => [field, null])) };
}

/** When a media item was published, in ms since 1970; undefined if Graph does not say. Graph writes the zone without a colon. */
export function publishedAt(media: MediaFields): number | undefined {
	if (typeof media.timestamp !== 'string') return undefined;
	const instant = Date.parse(media.timestamp.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
	return Number.isNaN(instant) ? undefined : instant;
}
