import type { MediaFields } from '../../graph/media-answer.ts';
import type { Insight } from '../../insight/insight.ts';
import { InsightsError } from '../../insights-error.ts';

/** One post, reel or story with its numbers. */
export type MediaItem = {
	/** Graph's own field names; `id` is always a string. A requested field that Meta left out is null. */
	readonly media: MediaFields;
	/** One entry per metric, in the order asked; absent ones with their reason. */
	readonly insights: readonly Insight[];
	/** Set if the media item as a whole could not be read. */
	readonly error?: InsightsError;
};

/** One media item that was asked for by its id. */
export type MediaReading = MediaItem & {
	/** Graph's bodies behind the numbers, as parsed, without paging links; empty if there were none. */
	readonly raw: readonly unknown[];
};

/** Some items of a list, available before the next are read. */
export type MediaPage = {
	readonly items: readonly MediaItem[];
	/** Graph's bodies behind these items, as parsed, without paging links. */
	readonly raw: readonly unknown[];
	/** Set if unreadable items of the list were left out so far. */
	readonly malformed?: true;
};

/** One media item and what is known about it. Metrics that are not in `known` are still to be asked for. */
export type KnownMedia = {
	readonly media: MediaFields;
	readonly known: ReadonlyMap<string, Insight>;
	/** The refusal of the media item as a whole, if there was one. */
	readonly error?: InsightsError | undefined;
};

/** Some media of a list and the bodies they were read from. */
export type ListPart = { readonly media: readonly KnownMedia[]; readonly raw: readonly unknown[] };

/** Fields that the client itself needs: the kind of a media item and when it was published. */
const NEEDED_FIELDS = ['id', 'media_type', 'media_product_type', 'timestamp'];

/** Fields to read as well if the caller names none. All of them work on both hosts. */
const DEFAULT_FIELDS = ['permalink', 'caption', 'like_count', 'comments_count', 'media_url', 'thumbnail_url'];

/** The fields to ask for, without duplicates. */
export function mediaFields(fields: readonly string[] | undefined): string[] {
	return [...new Set([...NEEDED_FIELDS, ...(fields ?? DEFAULT_FIELDS)])];
}

/** The error of an ID that belongs to something else; null for a media item. Every media item has a type, no account has one. */
export function notMedia(id: string, { media_type: type, media_product_type: product }: MediaFields) {
	if (typeof type === 'string' || typeof product === 'string') return null;
	return new InsightsError('not-found', `The ID ${id} is not the ID of a post, reel or story`, {
		advice: 'It belongs to something else, such as the account. Use an ID from a list of posts or stories.',
	});
}

export function byMetric(insights: readonly Insight[]): ReadonlyMap<string, Insight> {
	return new Map(insights.map((insight) => [insight.metric, insight]));
}
