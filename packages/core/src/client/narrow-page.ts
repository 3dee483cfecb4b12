import type { InsightsError, InsightsErrorKind } from '../insights-error.ts';
import { absenceOf } from './absence.ts';
import { listPlainly } from './list-plainly.ts';
import { absenceFor, namesOutsideCatalog } from './media-kind.ts';
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
	if (OF_ONE_MEDIUM.includes(error.kind)) {
		walk.doubt = { span: limit, about: 'odd', error };
		return;
	}
	const { action } = narrowRefusal(error, metrics);
	switch (action) {
		case 'halve-page':
			if (limit === 1) walk.doubt = { span: 1, about: 'odd', error };
			else memory.pageCap = Math.floor(limit / 2);
			return;
		case 'find-boundary':
			walk.doubt = { span: limit, about: 'old', error };
			return;
		case 'drop':
		case 'give-up-metric':
		case 'halve-metrics':
			walk.doubt = { span: limit, about: 'odd', error };
			await lookAhead(walk, metrics, limit);
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

/**
 * List the media in doubt plainly, once: when their kinds explain the refusal, there is no doubt left, and from now on
 * every page is listed before its insights are asked for.
 */
async function lookAhead(walk: Walk, metrics: readonly string[], limit: number): Promise<void> {
	const { place, context } = walk;
	const from = listAheadFrom(place);
	if (place.ahead.length < limit && from !== undefined) {
		learnAhead(place, await listPlainly(walk, { limit: context.pageSize, after: from }));
	}
	const explained = place.ahead
		.slice(0, limit)
		.some((media) => metrics.some((metric) => absenceFor(metric, media, context.memory) !== null));
	if (!explained) return;
	context.memory.listFirst = true;
	walk.doubt = null;
}
