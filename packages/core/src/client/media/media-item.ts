import type { MediaFields } from '../../graph/media-answer.ts';
import type { Insight } from '../../insight/insight.ts';
import type { InsightsError } from '../../insights-error.ts';

/** One post, reel or story with its numbers. */
export type MediaItem = {
	/** Graph's own field names; `id` always a string. A field asked for that Meta left out is null. */
	readonly media: MediaFields;
	/** One entry a metric asked, in the order asked; absent ones with their reason. */
	readonly insights: readonly Insight[];
	/** Set when the medium as a whole could not be read. */
	readonly error?: InsightsError;
};

/** One medium that was asked for by its id. */
export type MediaReading = MediaItem & {
	/** Graph's bodies behind its numbers, as parsed, without paging links; empty where it gave none. */
	readonly raw: readonly unknown[];
};

/** Some items of a list, usable before the next are read. */
export type MediaPage = {
	readonly items: readonly MediaItem[];
	/** Graph's bodies behind these items, as parsed, without paging links. */
	readonly raw: readonly unknown[];
};

/** What a list of media shows when the caller names no fields. Every one works on both hosts. */
const DEFAULT_FIELDS: readonly string[] = [
	'id',
	'media_type',
	'media_product_type',
	'timestamp',
	'permalink',
	'caption',
	'like_count',
	'comments_count',
	'media_url',
	'thumbnail_url',
];

/** What the client itself needs: which kind of media it is, and when it was published. */
const NEEDED_FIELDS: readonly string[] = ['id', 'media_type', 'media_product_type', 'timestamp'];

/** The fields to ask for, without duplicates. */
export function mediaFields(fields: readonly string[] | undefined): string[] {
	return [...new Set([...NEEDED_FIELDS, ...(fields ?? DEFAULT_FIELDS)])];
}

/** A medium with null for every field that was asked for and that Meta left out. */
export function withNulls(media: MediaFields, fields: readonly string[]): MediaFields {
	const missing = fields.filter((field) => media[field] === undefined);
	return missing.length === 0 ? media : { ...media, ...Object.fromEntries(missing.map((field) => [field, null])) };
}

/** Why Meta leaves a field out, for people. Sources S06, S24, and Meta's guide of 2026-08-12 for licensed audio. */
const LEFT_OUT: Readonly<Record<string, string>> = {
	like_count: 'The owner hides the likes of this post.',
	media_url: 'Meta leaves the file out where the audio is licensed, the content was flagged, or downloads are off.',
	thumbnail_url: 'Only videos have a thumbnail.',
	permalink: 'A picture inside an album has no link of its own.',
	caption: 'The post has no caption.',
};

/**
 * Why a field of a medium is null.
 *
 * @returns null where the field has a value, or was not asked for
 */
export function fieldAbsence(media: MediaFields, field: string): string | null {
	if (media[field] !== null) return null;
	return LEFT_OUT[field] ?? `Meta left out "${field}" for this post.`;
}
