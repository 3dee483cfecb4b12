import type { MediaFields, MediaNode } from '../../graph/media-answer.ts';
import { readMediaFields } from '../../insight/read-media.ts';
import type { ListedPart } from './list-media.ts';

/**
 * Where a walk through a list stands: the cursor behind the last medium handed out, and the media known to come next
 * from a plain listing that ran ahead.
 */
export type PagePlace = {
	/** The cursor to go on from; null at the beginning. */
	after: string | null;
	/** Media known to follow, without their numbers. */
	ahead: readonly MediaFields[];
	/** The cursor behind the last of `ahead`; null when the list ends there. Means nothing while `ahead` is empty. */
	aheadAfter: string | null;
	/** Nothing follows. */
	ended: boolean;
	/** How many answers in a row brought no media though the list went on. */
	empty: number;
	/** Bodies read but not yet handed out. */
	raw: unknown[];
	/** Every cursor followed, so that a list that goes round is noticed. */
	readonly seen: Set<string>;
};

export function startOfList(): PagePlace {
	return { after: null, ahead: [], aheadAfter: null, ended: false, empty: 0, raw: [], seen: new Set() };
}

/** Move behind the media of an answer. What was known ahead stays known as long as it is what came. */
export function movePast(place: PagePlace, listed: ListedPart): void {
	const cameAsKnown = listed.nodes.every(
		({ id }, index) => place.ahead[index] === undefined || place.ahead[index].id === id,
	);
	place.ahead = cameAsKnown ? place.ahead.slice(listed.nodes.length) : [];
	place.raw.push(listed.raw);
	goTo(place, listed.after, listed.nodes.length);
}

/** Move behind everything known ahead, without a request. */
export function movePastAhead(place: PagePlace): void {
	const count = place.ahead.length;
	place.ahead = [];
	goTo(place, place.aheadAfter, count);
}

/** Add a plain listing to what is known ahead. One that brings nothing to know is moved past at once. */
export function learnAhead(place: PagePlace, listed: ListedPart): void {
	place.ahead = [...place.ahead, ...listed.nodes.map(withoutInsights)];
	place.aheadAfter = listed.after;
	place.raw.push(listed.raw);
	if (place.ahead.length === 0) goTo(place, listed.after, 0);
}

/** Where a plain listing goes on ahead; undefined when nothing lies beyond what is known. */
export function listAheadFrom(place: PagePlace): string | null | undefined {
	if (place.ahead.length === 0) return place.after;
	return place.aheadAfter ?? undefined;
}

/** Bodies read since the last call. */
export function takeRaw(place: PagePlace): unknown[] {
	const { raw } = place;
	place.raw = [];
	return raw;
}

/** More answers in a row without media than any real list was seen to have. */
const MOST_EMPTY = 20;

function goTo(place: PagePlace, after: string | null, count: number): void {
	place.empty = count > 0 ? 0 : place.empty + 1;
	if (after === null || place.seen.has(after) || place.empty > MOST_EMPTY) place.ended = true;
	else place.seen.add(after);
	place.after = after;
}

/** The fields of a medium alone, without the links of whatever was nested in it, which hold the token. */
export function withoutInsights(node: MediaNode): MediaFields {
	const { insights: _, ...fields } = node;
	return readMediaFields(fields);
}
