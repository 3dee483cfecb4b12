import { z } from 'zod/v4';

/** What is remembered of an account's media. */
export const newMediaSchema = z.object({
	/** When the newest medium was published, in milliseconds since 1970. */
	newestMs: z.number(),
	/** Ids of the media of the last {@link GRACE_MS} before that. */
	known: z.array(z.string()),
});
export type NewMediaState = z.infer<typeof newMediaSchema>;

/** As much of a medium as the decision needs; without a time it counts as published now. */
export type ListedMedia = { readonly id: string; readonly publishedMs: number | null };

/** Media may appear in the list after younger ones: shared posts once the partner agrees, and posts published on time. */
export const GRACE_MS = 48 * 3_600_000;

/** More than the 100 posts a day that Instagram allows, over the grace time. */
const MAX_KNOWN = 500;

/**
 * The first look: everything that is there is known.
 *
 * @param listed newest first, at least back to {@link GRACE_MS} before the newest
 * @param nowMs where an account without media begins
 */
export function beginNewMedia(listed: readonly ListedMedia[], nowMs: number): NewMediaState {
	return remember(listed, newestOf(listed) ?? nowMs);
}

/** Whether the list goes back to where everything is known, so that no further page is needed. */
export function reachesBack(state: NewMediaState | null, listed: readonly ListedMedia[]): boolean {
	const from = (state?.newestMs ?? newestOf(listed) ?? 0) - GRACE_MS;
	const oldest = listed.at(-1)?.publishedMs ?? null;
	return oldest !== null && oldest < from;
}

/**
 * Which media were not there the last time, oldest first.
 *
 * @param listed newest first, back to where {@link reachesBack} says so or to the end of the list
 */
export function decideNewMedia(
	state: NewMediaState,
	listed: readonly ListedMedia[],
): { readonly fresh: readonly string[]; readonly state: NewMediaState } {
	const known = new Set(state.known);
	const from = state.newestMs - GRACE_MS;
	const fresh = listed
		.filter(({ id, publishedMs }) => !known.has(id) && (publishedMs === null || publishedMs >= from))
		.map(({ id }) => id)
		.reverse();
	// A list that moves on between two of its pages may name a medium on both.
	return {
		fresh: [...new Set(fresh)],
		state: remember(listed, Math.max(state.newestMs, newestOf(listed) ?? 0), state.known),
	};
}

function remember(listed: readonly ListedMedia[], newestMs: number, before: readonly string[] = []): NewMediaState {
	const times = new Map(listed.map(({ id, publishedMs }) => [id, publishedMs]));
	const recent = listed.filter(({ publishedMs }) => publishedMs === null || publishedMs >= newestMs - GRACE_MS);
	// A medium that is hidden today may be back tomorrow: what has left the list stays known while there is room.
	const gone = before.filter((id) => !times.has(id));
	return { newestMs, known: [...recent.map(({ id }) => id), ...gone].slice(0, MAX_KNOWN) };
}

function newestOf(listed: readonly ListedMedia[]): number | null {
	const times = listed.flatMap(({ publishedMs }) => (publishedMs === null ? [] : [publishedMs]));
	return times.length === 0 ? null : Math.max(...times);
}
