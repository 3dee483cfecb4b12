import type { MediaFields } from '../graph/media-answer.ts';
import type { InsightsError, InsightsErrorKind } from '../insights-error.ts';
import { absenceOf } from './absence.ts';
import { listPlainly } from './list-plainly.ts';
import { absenceFor, isDoubtful, isVideoAmongPosts, namesOutsideCatalog } from './media-kind.ts';
import { namedMetrics, narrowRefusal } from './narrow-refusal.ts';
import { learnAhead, listAheadFrom } from './page-place.ts';
import type { Walk } from './walk-state.ts';

/**
 * Learn from the refusal of a page: what to leave out for good, or that among its media one is to blame.
 *
 * @param limit how many media the refused request asked for
 * @throws {InsightsError} the refusal itself, when asking for less would not help
 */
export async function narrowPage(
	walk: Walk,
	error: InsightsError,
	{ metrics, limit }: { metrics: readonly string[]; limit: number },
): Promise<void> {
	const { memory } = walk.context;
	if (error.kind === 'unknown-metric') {
		const named = namedMetrics(error, metrics);
		const unknown = named.length > 0 ? named : namesOutsideCatalog(metrics);
		if (unknown.length === 0) throw error;
		for (const metric of unknown) memory.unknownMediaMetrics.set(metric, absenceOf(error));
		return;
	}
	const doubt = { span: limit, limit, error };
	if (OF_ONE_MEDIUM.includes(error.kind)) {
		walk.doubt = { ...doubt, about: 'odd' };
		return;
	}
	if (BROKEN_ANSWER.includes(error.kind)) {
		// Where not even a plain list comes, it is the host: that refusal ends the walk.
		const from = listAheadFrom(walk.place);
		if (walk.place.ahead.length === 0 && from !== undefined) {
			learnAhead(walk.place, await listPlainly(walk, { limit: walk.context.pageSize, after: from }));
		}
		walk.doubt = { ...doubt, about: 'odd' };
		return;
	}
	const { action } = narrowRefusal(error, metrics);
	switch (action) {
		case 'halve-page':
			if (limit === 1) walk.doubt = { ...doubt, about: 'odd' };
			else memory.pageCap = Math.floor(limit / 2);
			return;
		case 'find-boundary':
			walk.doubt = { ...doubt, about: 'old' };
			return;
		case 'drop':
		case 'give-up-metric':
		case 'halve-metrics':
			walk.doubt = { ...doubt, about: 'odd' };
			await lookAhead(walk, { metrics, named: namedMetrics(error, metrics), limit });
			return;
		case 'split-window':
		case 'fail':
			throw error;
		default:
			action satisfies never;
	}
}

/** Refusals that one medium of the list may be to blame for, whatever the metrics. */
const OF_ONE_MEDIUM: readonly InsightsErrorKind[] = ['too-few-viewers', 'not-found', 'unknown'];

/** What still fails when it was repeated: one medium is to blame, or the page is too heavy for a host that does not say so. */
export const BROKEN_ANSWER: readonly InsightsErrorKind[] = ['transient', 'answer-unreadable'];

/**
 * List the media in doubt plainly, once: when their kinds explain the refusal, there is no doubt left, and from now on
 * every page is listed before its insights are asked for. Videos among posts are the first to be doubted when the refusal
 * names metrics.
 */
async function lookAhead(
	walk: Walk,
	{ metrics, named, limit }: { metrics: readonly string[]; named: readonly string[]; limit: number },
): Promise<void> {
	const { place, context } = walk;
	const { memory } = context;
	const from = listAheadFrom(place);
	if (place.ahead.length < limit && from !== undefined) {
		learnAhead(place, await listPlainly(walk, { limit: context.pageSize, after: from }));
	}
	const asked = place.ahead.slice(0, limit);
	const some = (holds: (metric: string, media: MediaFields) => boolean) =>
		asked.some((media) => metrics.some((metric) => holds(metric, media)));
	if (!some((metric, media) => absenceFor(metric, media, memory) !== null)) {
		if (asked.some(isVideoAmongPosts)) for (const metric of named) memory.doubtfulForVideos.add(metric);
		if (!some((metric, media) => isDoubtful(metric, media, memory))) return;
	}
	memory.listFirst = true;
	walk.doubt = null;
}
