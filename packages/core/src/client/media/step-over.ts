import type { MediaFields } from '../../graph/media-answer.ts';
import { refusedMetrics } from '../../graph/refused-metrics.ts';
import type { Insight } from '../../insight/insight.ts';
import { readInsights } from '../../insight/read-insights.ts';
import { type InsightsError, isInsightsError } from '../../insights-error.ts';
import { absenceOf, absent } from '../absence.ts';
import { chooseRun, type Doubt } from '../account/choose-run.ts';
import type { Memory } from '../memory.ts';
import { absenceFor, countVideo, isDoubtful, rememberRefusal } from './media-kind.ts';
import { movePast, movePastAhead, withoutInsights } from './page-place.ts';
import { shrinkPages } from './page-size.ts';
import { BROKEN_ANSWER } from './refusal-blame.ts';
import { type Walk, type WalkedMedia, walked, without } from './walk-state.ts';

/** How many of the media known ahead take all of these metrics together, as far as their kind tells. */
export function cleanRun(walk: Walk, metrics: readonly string[]): number {
	const { place, context } = walk;
	const odd = place.ahead.findIndex((media) => takenBy(media, metrics, context.memory).length < metrics.length);
	return odd < 0 ? place.ahead.length : odd;
}

/**
 * Step over the media at the head of the walk that do not take all of the metrics: one request for those alike reads
 * what they do take and brings the cursor behind them. It is spared where they take nothing and the listing ahead ended
 * with them. A metric that is only in doubt is left open, to be asked for medium by medium.
 *
 * @param most media that one request may bring
 */
export async function stepOverOddKinds(walk: Walk, metrics: readonly string[], most: number): Promise<WalkedMedia[]> {
	const { place, context } = walk;
	const { memory } = context;
	const [first] = place.ahead;
	if (!first) return [];
	const taken = takenBy(first, metrics, memory);
	const other = place.ahead.findIndex((media) => takenBy(media, metrics, memory).join() !== taken.join());
	const count = other < 0 ? place.ahead.length : other;
	const lackedBy = (media: MediaFields): Insight[] =>
		metrics.flatMap((metric) => {
			const absence = absenceFor(metric, media, memory);
			return absence ? absent(metric, absence) : [];
		});
	if (taken.length > 0 && memory.nesting === 'works') {
		const old = walk.doubt?.about === 'old' ? walk.doubt : null;
		const limit = chooseRun(Math.min(count, most), [], old);
		const read = await readTogether(walk, taken, limit);
		if (!isInsightsError(read))
			return read.map(({ media, insights }) => walked(media, [...insights, ...lackedBy(media)]));
		if (read.kind === 'before-conversion') {
			walk.doubt = { span: limit, limit, about: 'old', error: read, read: old?.read ?? 0 };
			return [];
		}
	}
	const known = place.ahead;
	const moved = await moveOver(walk, count);
	return known.slice(0, moved).map((media) => walked(media, lackedBy(media)));
}

/** The metrics that a medium takes together, as far as its kind tells. */
function takenBy(media: MediaFields, metrics: readonly string[], memory: Memory): string[] {
	return metrics.filter((metric) => absenceFor(metric, media, memory) === null && !isDoubtful(metric, media, memory));
}

/** The next medium is the one in doubt: hand it out with what the refusal leaves of it. */
export async function settleDoubt(walk: Walk, doubt: Doubt, metrics: readonly string[]): Promise<WalkedMedia[]> {
	walk.doubt = null;
	if (doubt.about === 'old') {
		walk.old = true;
		return [];
	}
	const { memory } = walk.context;
	if (BROKEN_ANSWER.includes(doubt.error.kind) && memory.nesting === 'works') {
		const alone = await readTogether(walk, metrics, 1);
		if (!isInsightsError(alone)) {
			// It answers, as all others before it did: no medium was to blame but the size of the page.
			shrinkPages(walk.nestedSize, doubt.read > 0 ? doubt.read : doubt.limit / 2);
			return alone.map(({ media, insights }) => walked(media, insights));
		}
	}
	const absence = absenceOf(doubt.error);
	const expected = walk.place.ahead[0]?.id;
	// Another medium than the one that was left to blame: the list has changed, and nothing is held against it.
	const isToBlame = ({ id }: MediaFields) => expected === undefined || id === expected;
	const named = refusedMetrics(doubt.error, metrics);
	const rest = metrics.filter((metric) => !named.includes(metric));
	const readRest = named.length > 0 && rest.length > 0 ? await readTogether(walk, rest, 1) : doubt.error;
	if (!isInsightsError(readRest)) {
		return readRest.map(({ media, insights }) => {
			if (!isToBlame(media)) return walked(media, insights);
			for (const metric of named) rememberRefusal(metric, media, absence, memory);
			countVideo(media, named, 'refused', memory);
			return walked(media, [...insights, ...named.map((metric) => absent(metric, absence))]);
		});
	}
	const listed = await walk.list({ metrics: [], limit: 1, after: walk.place.after });
	movePast(walk.place, listed);
	return listed.nodes.map((node) => {
		const media = withoutInsights(node);
		if (!isToBlame(media)) return walked(media, []);
		// The refusal of a single medium speaks for all its metrics, unless it names some or none of them.
		if (doubt.error.kind === 'too-few-viewers') return without(media, metrics, absence);
		for (const metric of named) rememberRefusal(metric, media, absence, memory);
		return without(media, named, absence);
	});
}

/**
 * The next media with some metrics nested in them, or the refusal: mostly for yet another reason, so that each is better
 * read apart, where every metric is narrowed by itself.
 */
async function readTogether(
	walk: Walk,
	metrics: readonly string[],
	limit: number,
): Promise<ReadMedia[] | InsightsError> {
	try {
		const listed = await walk.list({ metrics, limit, after: walk.place.after });
		movePast(walk.place, listed);
		if (listed.nodes.some(({ insights }) => insights)) walk.context.memory.nesting = 'works';
		return listed.nodes.map((node) => ({
			media: withoutInsights(node),
			insights: readInsights(node.insights?.data ?? [], { metrics }),
		}));
	} catch (error) {
		if (!isInsightsError(error) || error.kind === 'cancelled') throw error;
		return error;
	}
}

/**
 * Move behind the next media known ahead.
 *
 * @returns how many were moved past; fewer where the host gave fewer, none where the list has changed: then nothing is
 *   known ahead any more
 */
async function moveOver(walk: Walk, count: number): Promise<number> {
	const { place } = walk;
	if (count === place.ahead.length) {
		movePastAhead(place);
		return count;
	}
	const listed = await walk.list({ metrics: [], limit: count, after: place.after }, ['id']);
	const asKnown = listed.nodes.every(({ id }, index) => id === place.ahead[index]?.id);
	if (asKnown && listed.nodes.length > 0) {
		movePast(place, listed);
		return listed.nodes.length;
	}
	place.ahead = [];
	// The list ended before what was known of it.
	if (listed.nodes.length === 0) movePast(place, listed);
	return 0;
}

type ReadMedia = { readonly media: MediaFields; readonly insights: readonly Insight[] };
