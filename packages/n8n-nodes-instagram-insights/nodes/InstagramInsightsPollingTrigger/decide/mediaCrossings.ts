import { z } from 'zod/v4';
import {
	beginCrossing,
	type CrossingDecision,
	type CrossingRule,
	type CrossingState,
	crossingSchema,
	decideCrossing,
	isWorthKeeping,
} from './crossing';

/** So many are remembered, also when they are out of view: more than are ever watched at once. */
const MOST_MEDIA = 500;

/** What is remembered of the media that are watched. */
export const mediaCrossingsSchema = z.object({
	/** When the watch began, in milliseconds since 1970. */
	sinceMs: z.number(),
	/** One number each, by the medium's id. */
	media: z.record(z.string(), crossingSchema),
});
export type MediaCrossingsState = z.infer<typeof mediaCrossingsSchema>;

/** A medium with its number; null: Instagram gives none now. */
export type MeasuredMedia = {
	readonly id: string;
	readonly publishedMs: number | null;
	readonly value: number | null;
};

/** The first look at all media: what is beyond the threshold by now is not news. */
export function beginMediaCrossings(
	rule: CrossingRule,
	measured: readonly MeasuredMedia[],
	nowMs: number,
): MediaCrossingsState {
	const seen = measured.flatMap(({ id, value }) =>
		value === null ? [] : [[id, beginCrossing(rule, { value })] as const],
	);
	return { sinceMs: nowMs, media: Object.fromEntries(seen) };
}

/**
 * Which media have crossed, in the order measured.
 *
 * A medium published after the watch began started from 0, so that it is news when its first number has risen to a level
 * already, and none that it is still below one. One that is older and comes into view later, because a younger one was
 * deleted, begins silently, and one that was in view before goes on where it was.
 */
export function decideMediaCrossings(
	rule: CrossingRule,
	state: MediaCrossingsState,
	measured: readonly MeasuredMedia[],
): {
	readonly crossed: readonly { readonly id: string; readonly decision: CrossingDecision }[];
	readonly state: MediaCrossingsState;
	/** Something to compare with later was noted: it must not be lost by a restart. */
	readonly mustKeep: boolean;
} {
	const crossed: { id: string; decision: CrossingDecision }[] = [];
	const media = new Map(Object.entries(state.media));
	/** The latest measured stand last, so that the first are the ones to forget. */
	const note = (id: string, crossing: CrossingState) => {
		media.delete(id);
		media.set(id, crossing);
	};
	let mustKeep = false;
	for (const { id, publishedMs, value } of measured) {
		const known = state.media[id];
		if (value === null) continue;
		const young = publishedMs !== null && publishedMs > state.sinceMs;
		if (known === undefined && !(young && rule.comparison === 'level')) {
			const begun = beginCrossing(rule, { value });
			note(id, begun);
			if (isWorthKeeping(rule, begun)) mustKeep = true;
			continue;
		}
		const decision = decideCrossing(rule, known ?? beginCrossing(rule, { value: 0 }), { value });
		if (decision.fired) crossed.push({ id, decision });
		if (decision.mustKeep) mustKeep = true;
		note(id, decision.state);
	}
	const kept = Object.fromEntries([...media].slice(-MOST_MEDIA));
	return { crossed, state: { sinceMs: state.sinceMs, media: kept }, mustKeep };
}
