import type { MediaFields, MediaNode } from '../graph/media-answer.ts';
import { withoutPagingLinks } from '../graph/read-answer.ts';
import type { Insight } from './insight.ts';
import { type Asked, readInsights } from './read-insights.ts';

/** A media item with its numbers. */
export type ReadMedia = { readonly media: MediaFields; readonly insights: readonly Insight[] };

/**
 * The fields of a media item as sent, and its nested insights. Links of nested paging, which contain the token, are
 * left out. If nothing was asked (`asked` null) there are no insights.
 */
export function readMedia(node: MediaNode, asked: Asked | null): ReadMedia {
	const { insights, ...fields } = node;
	return { media: readMediaFields(fields), insights: asked === null ? [] : readInsights(insights?.data ?? [], asked) };
}

/** The fields of a media item without its insights. */
export function readMediaFields(fields: MediaFields): MediaFields {
	const nested = Object.values(fields).some((value) => typeof value === 'object' && value !== null);
	if (!nested) return fields;
	const kept = Object.entries(fields).map(([name, value]) => [name, withoutPagingLinks(value)] as const);
	return { ...Object.fromEntries(kept), id: fields.id };
}

/** A media item with null for every field that was asked for and that Meta left out. */
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
