import type { MediaFields } from '../../graph/media-answer.ts';
import { UNREADABLE_ADVICE } from '../../graph/read-answer.ts';
import type { Insight } from '../../insight/insight.ts';
import { InsightsError } from '../../insights-error.ts';

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

/** What has become of the media of one question so far. */
export type Tally = {
	/** Media that answered, with whatever. */
	answered: number;
	/** One of them had a number. */
	hasNumber: boolean;
	/** An item of the list could not be read as a medium. */
	hasMalformed: boolean;
	/** By id of the medium: a refusal that neither its kind nor its age explains. */
	readonly refused: Map<string, InsightsError>;
};

export function newTally(): Tally {
	return { answered: 0, hasNumber: false, hasMalformed: false, refused: new Map() };
}

/** Count the answer of one medium. Returns an error where nothing in it could be read: that is not an answer. */
export function noteRead(tally: Tally, { id }: MediaFields, insights: readonly Insight[]): InsightsError | undefined {
	if (insights.some(({ shape }) => shape !== 'absent')) tally.hasNumber = true;
	const [first] = insights;
	const isUnreadable = insights.every((one) => one.shape === 'absent' && one.reason === 'failed');
	if (first?.shape !== 'absent' || !isUnreadable) {
		tally.answered += 1;
		return undefined;
	}
	const message = `insights of media ${id}: ${first.message ?? 'no value could be read'}`;
	const error = new InsightsError('answer-unreadable', message, { advice: UNREADABLE_ADVICE });
	tally.refused.set(id, error);
	return error;
}

/** So many media, spread over all, are asked first as long as none has answered: refused alike, they speak for the rest. */
export const MOST_TRIED = 12;

/**
 * Where no medium answered and all were refused alike, it is not about single media.
 *
 * @param isEnd all media of the question were asked; before that, many must have been refused
 * @throws {InsightsError} the refusal they met
 */
export function assertSomeAnswered({ answered, refused }: Tally, { isEnd }: { readonly isEnd: boolean }): void {
	const errors = [...refused.values()];
	const [first] = errors;
	if (!first || answered > 0 || !errors.every((error) => isAlike(error, first))) return;
	// A single medium that stumbles may be that medium; a missing permission is not.
	if (errors.length < (isEnd ? (first.kind === 'permission' ? 1 : 2) : MOST_TRIED)) return;
	const { kind, message, advice, graph, retryAfterMs } = first;
	const what = errors.length === 1 ? 'insights of the only medium' : `insights of all ${errors.length} media`;
	throw new InsightsError(kind, message.replace(/^(?:insights of )?media \d+/, what), {
		advice,
		cause: first,
		...(graph ? { graph } : {}),
		...(retryAfterMs === undefined ? {} : { retryAfterMs }),
	});
}

export function isAlike({ kind, graph }: InsightsError, other: InsightsError): boolean {
	return kind === other.kind && graph?.code === other.graph?.code && graph?.subcode === other.graph?.subcode;
}
