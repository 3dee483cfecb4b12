import type { MediaFields } from '../../graph/media-answer.ts';
import type { InsightsError } from '../../insights-error.ts';
import { isVideoAmongPosts } from '../media/media-kind.ts';

/**
 * A refusal that says that at least one of the next `span` media cannot be read, but not which one.
 */
export type Doubt = {
	readonly span: number;
	/** `old`: the first such medium and all behind it; `odd`: single ones. */
	readonly about: 'old' | 'odd';
	/** The refusal itself, and how many media the refused request asked for. */
	readonly error: InsightsError;
	readonly limit: number;
	/** The largest run that was read since the doubt arose; 0: none. */
	readonly read: number;
};

/**
 * How many of the next media to ask for at once, so that the medium in doubt is cornered with the fewest requests. Pure.
 *
 * @param ahead what is known of the media that follow, possibly nothing
 * @param most  the most that may be asked for anyhow
 */
export function chooseRun(
	most: number,
	ahead: readonly MediaFields[],
	doubt: Pick<Doubt, 'span' | 'about'> | null,
): number {
	if (doubt === null || doubt.span <= 1) return most;
	return Math.max(1, Math.min(most, doubt.about === 'old' ? Math.floor(doubt.span / 2) : cornerOdd(ahead, doubt.span)));
}

/** Half of the suspects at a time; the run ends before a suspect, so that a last one stands alone. */
function cornerOdd(ahead: readonly MediaFields[], span: number): number {
	const suspects = ahead.slice(0, span).flatMap((media, index) => (isVideoAmongPosts(media) ? index : []));
	const middle = suspects[Math.floor(suspects.length / 2)];
	if (middle === undefined) return Math.floor(span / 2);
	return middle === 0 ? 1 : middle;
}
