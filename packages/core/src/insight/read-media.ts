import type { MediaFields, MediaNode } from '../graph/media-answer.ts';
import { withoutPagingLinks } from '../graph/read-answer.ts';
import type { Insight } from './insight.ts';
import { type Asked, readInsights } from './read-insights.ts';

/** One media of a list with its numbers. */
export type ReadMedia = { readonly media: MediaFields; readonly insights: readonly Insight[] };

/**
 * The fields of a media as they came, and its nested insights apart. Links of nested paging, which hold the token, are
 * left behind. When nothing was asked (`asked` null) there are no insights, not absent ones.
 */
export function readMedia(node: MediaNode, asked: Asked | null): ReadMedia {
	const { insights, ...fields } = node;
	return { media: readMediaFields(fields), insights: asked === null ? [] : readInsights(insights?.data ?? [], asked) };
}

/** The fields of a media without its insights. */
export function readMediaFields(fields: MediaFields): MediaFields {
	const nested = Object.values(fields).some((value) => typeof value === 'object' && value !== null);
	if (!nested) return fields;
	const kept = Object.entries(fields).map(([name, value]) => [name, withoutPagingLinks(value)] as const);
	return { ...Object.fromEntries(kept), id: fields.id };
}
