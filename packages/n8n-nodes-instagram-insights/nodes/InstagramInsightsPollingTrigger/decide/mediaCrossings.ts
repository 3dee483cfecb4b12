import { z } from 'zod/v4';
import { beginCrossing, type CrossingDecision, type CrossingRule, crossingSchema, decideCrossing } from './crossing';

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

/** The first look at all media: what is beyond the threshold by now is no news. */
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
 * A medium published after the watch began started from nothing, so that it is news when its first number is beyond a
 * level already. One that is older and comes into view later, because a younger one was deleted, begins silently.
 */
export function decideMediaCrossings(
	rule: CrossingRule,
	state: MediaCrossingsState,
	measured: readonly MeasuredMedia[],
): {
	readonly crossed: readonly { readonly id: string; readonly decision: CrossingDecision }[];
	readonly state: MediaCrossingsState;
	readonly rearmed: boolean;
} {
	const crossed: { id: string; decision: CrossingDecision }[] = [];
	const media: MediaCrossingsState['media'] = {};
	let rearmed = false;
	for (const { id, publishedMs, value } of measured) {
		const known = state.media[id];
		if (value === null) {
			if (known !== undefined) media[id] = known;
			continue;
		}
		const young = publishedMs !== null && publishedMs > state.sinceMs;
		if (known === undefined && !(young && rule.comparison === 'level')) {
			media[id] = beginCrossing(rule, { value });
			continue;
		}
		const before = known ?? { armed: true, reference: 0 };
		const decision = decideCrossing(rule, before, { value });
		if (decision.fired) crossed.push({ id, decision });
		if (decision.state.armed && !before.armed) rearmed = true;
		media[id] = decision.state;
	}
	return { crossed, state: { sinceMs: state.sinceMs, media }, rearmed };
}
