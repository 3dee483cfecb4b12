import type { MediaFields } from '../../graph/media-answer.ts';
import { isVideoAmongPosts } from './media-kind.ts';

/** What a refusal is about: single media somewhere in the run, or the first medium from before the conversion. */
export type Suspicion = {
	readonly about: 'medium' | 'boundary';
	/** At least one of so many of the next media refuses. */
	readonly span: number;
};

/**
 * How many of the next media to ask for at once, so that the suspect is found with the fewest requests. Pure.
 *
 * @param ahead what is known of the media that follow, possibly nothing
 * @param most the most that may be asked for anyhow
 */
export function chooseRun(most: number, ahead: readonly MediaFields[], suspicion: Suspicion | null): number {
	if (suspicion === null || suspicion.span <= 1) return most;
	const { about, span } = suspicion;
	const half = about === 'boundary' ? Math.floor(span / 2) : halfOfSuspects(ahead, span);
	return Math.max(1, Math.min(most, half));
}

/** Old videos among posts are suspected first; the run ends before one, so that the last suspect stands alone. */
function halfOfSuspects(ahead: readonly MediaFields[], span: number): number {
	const suspects = ahead.slice(0, span).flatMap((media, index) => (isVideoAmongPosts(media) ? index : []));
	const middle = suspects[Math.floor(suspects.length / 2)];
	if (middle === undefined) return Math.floor(span / 2);
	return middle === 0 ? 1 : middle;
}
