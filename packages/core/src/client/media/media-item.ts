import type { MediaFields } from '../../graph/media-answer.ts';
import type { Insight } from '../../insight/insight.ts';
import type { InsightsError } from '../../insights-error.ts';

/** One post, reel or story with its numbers. */
export type MediaItem = {
	/** Graph's own field names; `id` always a string. */
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
