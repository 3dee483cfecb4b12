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
	/** Set when items of the list so far were not media that could be read: they are left out. */
	readonly malformed?: true;
};

/** One medium of a list with what is known of it; metrics that are not in `known` are still to be asked for. */
export type KnownMedia = {
	readonly media: MediaFields;
	readonly known: ReadonlyMap<string, Insight>;
	/** The refusal of the medium as a whole, where there was one. */
	readonly error?: InsightsError | undefined;
};

/** Some media of a list, and the bodies they were read from. */
export type ListPart = { readonly media: readonly KnownMedia[]; readonly raw: readonly unknown[] };

/** What the client itself needs: which kind of media it is, and when it was published. */
const NEEDED_FIELDS = ['id', 'media_type', 'media_product_type', 'timestamp'];

/** What a list of media shows besides when the caller names no fields. Every one works on both hosts. */
const DEFAULT_FIELDS = ['permalink', 'caption', 'like_count', 'comments_count', 'media_url', 'thumbnail_url'];

/** The fields to ask for, without duplicates. */
export function mediaFields(fields: readonly string[] | undefined): string[] {
	return [...new Set([...NEEDED_FIELDS, ...(fields ?? DEFAULT_FIELDS)])];
}

export function byMetric(insights: readonly Insight[]): ReadonlyMap<string, Insight> {
	return new Map(insights.map((insight) => [insight.metric, insight]));
}
