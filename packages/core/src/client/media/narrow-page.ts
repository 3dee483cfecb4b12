import type { MediaFields } from '../../graph/media-answer.ts';
import { refusedMetrics } from '../../graph/refused-metrics.ts';
import type { InsightsError } from '../../insights-error.ts';
import { absenceOf } from '../absence.ts';
import { narrowRefusal } from '../account/narrow-refusal.ts';
import type { Memory } from '../memory.ts';
import { listPlainly } from './list-plainly.ts';
import { absenceFor, isBeforeConversion, isDoubtful, isVideoAmongPosts, namesOutsideCatalog } from './media-kind.ts';
import { learnAhead, listAheadFrom } from './page-place.ts';
import { shrinkPages } from './page-size.ts';
import { BROKEN_ANSWER, isOfOneMedium, OF_NESTING } from './refusal-blame.ts';
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
	if (error.kind === 'unknown-metric') return leaveOutUnknown(error, metrics, memory);
	const doubt = { span: limit, limit, error, read: walk.doubt?.read ?? 0 };
	const { action } = narrowRefusal(error, metrics);
	const mayBeNesting = memory.nesting === 'untried' && OF_NESTING.includes(error.kind);
	if (BROKEN_ANSWER.includes(error.kind) && walk.nestedSize.raised && limit > 1) {
		shrinkPages(walk.nestedSize, limit / 2);
		return;
	}
	if (BROKEN_ANSWER.includes(error.kind) || (mayBeNesting && action === 'fail')) {
		// Where not even a plain list comes, it is the host, or the fields: that refusal ends the walk.
		await lookAhead(walk, 1);
		walk.doubt = { ...doubt, about: 'odd' };
		return;
	}
	if (isOfOneMedium(error)) {
		walk.doubt = { ...doubt, about: 'odd' };
		return;
	}
	switch (action) {
		case 'halve-page':
			if (limit === 1) walk.doubt = { ...doubt, about: 'odd' };
			else shrinkPages(walk.nestedSize, limit / 2);
			return;
		case 'find-boundary':
			if (memory.convertedAfter !== null && (await isKnownBoundary(walk, limit))) return;
			walk.doubt = { ...doubt, about: 'old' };
			return;
		case 'drop':
		case 'give-up-metric':
		case 'halve-metrics':
			walk.doubt = { ...doubt, about: 'odd' };
			await lookAtKinds(walk, { metrics, named: refusedMetrics(error, metrics), limit });
			return;
		case 'split-window':
		case 'fail':
			throw error;
		default:
			action satisfies never;
	}
}

/**
 * Names that the host does not know are left out from now on. Where it does not say which, those outside the catalog are:
 * if they are several, each medium is asked for them by itself, where halving finds the one.
 */
function leaveOutUnknown(error: InsightsError, metrics: readonly string[], memory: Memory): void {
	const named = refusedMetrics(error, metrics);
	const outsiders = namesOutsideCatalog(metrics);
	if (named.length === 0 && outsiders.length > 1) {
		for (const metric of outsiders) memory.loneMediaMetrics.add(metric);
		return;
	}
	const unknown = named.length > 0 ? named : outsiders;
	if (unknown.length === 0) throw error;
	for (const metric of unknown) memory.unknownMediaMetrics.set(metric, absenceOf(error));
}

/** List media plainly until at least so many are known ahead, or all there are on the page. */
async function lookAhead(walk: Walk, count: number): Promise<void> {
	const from = listAheadFrom(walk.place);
	if (walk.place.ahead.length >= count || from === undefined) return;
	learnAhead(walk.place, await listPlainly(walk, { limit: walk.context.pageSize, after: from }));
}

/** Whether the media in doubt reach behind what is known to be the end of the insights. */
async function isKnownBoundary(walk: Walk, limit: number): Promise<boolean> {
	await lookAhead(walk, limit);
	return walk.place.ahead.slice(0, limit).some((media) => isBeforeConversion(media, walk.context.memory));
}

/**
 * List the media in doubt plainly, once: when their kinds explain the refusal, there is no doubt left, and from now on
 * every page is listed before its insights are asked for. Videos among posts are the first to be doubted when the refusal
 * names metrics.
 */
async function lookAtKinds(
	walk: Walk,
	{ metrics, named, limit }: { metrics: readonly string[]; named: readonly string[]; limit: number },
): Promise<void> {
	const { place, context } = walk;
	const { memory } = context;
	await lookAhead(walk, limit);
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
