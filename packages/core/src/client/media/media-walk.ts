import { refusedMetrics } from '../../graph/refused-metrics.ts';
import { readInsights } from '../../insight/read-insights.ts';
import { isInsightsError } from '../../insights-error.ts';
import { chooseRun, type Doubt } from '../account/choose-run.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';
import type { ListedPart } from './list-media.ts';
import { listPlainly } from './list-plainly.ts';
import { BEFORE_CONVERSION, countVideo, isBeforeConversion, publishedAt } from './media-kind.ts';
import { narrowPage } from './narrow-page.ts';
import {
	learnAhead,
	listAheadFrom,
	movePast,
	movePastAhead,
	type PagePlace,
	takeRaw,
	withoutInsights,
} from './page-place.ts';
import { countPage } from './page-size.ts';
import { nestingIsRefused, nestingWasIgnored } from './probe-nesting.ts';
import { OF_NESTING } from './refusal-blame.ts';
import { cleanRun, settleDoubt, stepOverOddKinds } from './step-over.ts';
import { startWalk, type Walk, type WalkedMedia, type WalkQuestion, walked, without } from './walk-state.ts';

/** Some media of a walk, and the bodies they were read from. */
export type WalkPart = { readonly media: readonly WalkedMedia[]; readonly raw: readonly unknown[] };

/**
 * Walk through a list of media, newest first, and read the nested metrics in the fewest requests.
 *
 * As long as nothing is refused, a page is a request. A refused page is narrowed: media of a kind without insights are
 * found by one plain listing and stepped over; a single odd medium is cornered by halving; the first medium from before
 * the business account ends the asking, the rest is listed plainly; a page found too heavy is halved. What is learnt
 * stays in the client's memory. Every medium of the list is handed out exactly once, in the order of the list; what
 * nesting could not read is left for the caller to ask for (it is not in `known`).
 */
export async function* walkMedia(
	question: WalkQuestion,
	context: ClientContext,
	options: QuestionOptions,
): AsyncGenerator<WalkPart> {
	const walk = startWalk(question, context, options);
	while (!walk.place.ended && question.wanted() > 0) {
		const media = await step(walk);
		if (media !== null) yield { media, raw: takeRaw(walk.place) };
	}
}

/**
 * Cornering pays while odd media are rare. After three in a row that refuse without a cause, or nine that refuse a named
 * metric, the next page is asked medium by medium.
 */
const ODDNESS = { unnamed: 3, named: 1, most: 9 } as const;

/** One request onward, or one lesson learnt (null). */
async function step(walk: Walk): Promise<readonly WalkedMedia[] | null> {
	const { place, question, context } = walk;
	const { memory } = context;
	const metrics = question.metrics.filter(
		(metric) => !memory.unknownMediaMetrics.has(metric) && !memory.loneMediaMetrics.has(metric),
	);
	const pageLimit = Math.min(context.pageSize, question.wanted());

	if (walk.old || metrics.length === 0 || memory.nesting === 'refused') return walkPlainly(walk, pageLimit);
	if (walk.doubt && isCertain(walk.doubt, place)) {
		const named = refusedMetrics(walk.doubt.error, metrics).length > 0;
		if (walk.doubt.about === 'odd') walk.oddness += named ? ODDNESS.named : ODDNESS.unnamed;
		return settleDoubt(walk, walk.doubt, metrics);
	}
	if (walk.oddness >= ODDNESS.most) {
		walk.oddness = 0;
		return walkPlainly(walk, pageLimit);
	}

	const clean = cleanRun(walk, metrics);
	const from = listAheadFrom(place);
	if (memory.listFirst && !walk.doubt && clean === place.ahead.length && clean < pageLimit && from !== undefined) {
		learnAhead(place, await listPlainly(walk, { limit: context.pageSize, after: from }));
		return null;
	}
	const [next] = place.ahead;
	if (next && clean === 0) {
		if (isBeforeConversion(next, memory)) {
			walk.old = true;
			return null;
		}
		const stepped = await stepOverOddKinds(walk, metrics, Math.min(pageLimit, walk.nestedSize.cap));
		clearDoubt(walk, stepped.length);
		return stepped;
	}

	const most = Math.min(pageLimit, walk.nestedSize.cap, place.ahead.length > 0 ? clean : Number.POSITIVE_INFINITY);
	// One medium tells a host that takes no nested insights from a list with a bad medium in it; and the last one in doubt
	// is asked itself, for the list may have changed since.
	const limit = mayRefuseNesting(walk) || walk.doubt?.span === 1 ? 1 : chooseRun(most, place.ahead, walk.doubt);
	return readRun(walk, metrics, limit);
}

/** Read the next media with their numbers in one request, or learn from the refusal (null). */
async function readRun(walk: Walk, metrics: readonly string[], limit: number): Promise<readonly WalkedMedia[] | null> {
	const { place, context, options } = walk;
	const { memory } = context;
	let listed: ListedPart;
	try {
		listed = await walk.list({ metrics, limit, after: place.after });
	} catch (error) {
		if (!isInsightsError(error)) throw error;
		await narrowPage(walk, error, { metrics, limit });
		const [first] = place.ahead;
		if (limit === 1 && first && mayRefuseNesting(walk)) await nestingIsRefused(first, metrics, context, options);
		return null;
	}
	movePast(place, listed);
	countPage(walk.nestedSize, limit);
	clearDoubt(walk, listed.nodes.length);
	walk.oddness = 0;
	const ignored = memory.nesting === 'untried' && (await nestingWasIgnored(listed.nodes, metrics, context, options));
	return listed.nodes.map((node) => {
		const media = withoutInsights(node);
		countVideo(media, metrics, 'answered', memory);
		return walked(media, ignored ? [] : readInsights(node.insights?.data ?? [], { metrics }));
	});
}

/** A refusal that a host may give which takes no nested insights, and nesting never seen to work. */
function mayRefuseNesting({ doubt, context }: Walk): boolean {
	return doubt?.about === 'odd' && context.memory.nesting === 'untried' && OF_NESTING.includes(doubt.error.kind);
}

/**
 * Nothing but the next medium is left to blame. Where the kinds are known, what comes is compared with them; elsewhere,
 * and before all that follow are called old, it must have been refused by itself.
 */
function isCertain({ span, limit, about }: Doubt, { ahead }: PagePlace): boolean {
	return span <= 1 && (limit <= 1 || (about === 'odd' && ahead.length > 0));
}

/** So many of the media in doubt turned out not to be to blame. */
function clearDoubt(walk: Walk, count: number): void {
	if (!walk.doubt) return;
	const span = walk.doubt.span - count;
	walk.doubt = span > 0 ? { ...walk.doubt, span, read: Math.max(walk.doubt.read, count) } : null;
}

/** The next media without their numbers: too old to have any, or read apart by the caller. */
async function walkPlainly(walk: Walk, limit: number): Promise<WalkedMedia[] | null> {
	const { place, question, context } = walk;
	if (place.ahead.length === 0) {
		learnAhead(place, await listPlainly(walk, { limit, after: place.after }));
		if (place.ahead.length === 0) return null;
	}
	const media = place.ahead;
	movePastAhead(place);
	if (!walk.old) {
		walk.doubt = null;
		return media.map((one) => walked(one, []));
	}
	const newest = media[0] && publishedAt(media[0]);
	if (newest !== undefined) context.memory.convertedAfter = Math.max(context.memory.convertedAfter ?? 0, newest);
	return media.map((one) => without(one, question.metrics, BEFORE_CONVERSION));
}
