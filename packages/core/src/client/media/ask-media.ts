import { HOSTS } from '../../catalog/host.ts';
import { InsightsAnswer } from '../../graph/insights-answer.ts';
import type { MediaFields } from '../../graph/media-answer.ts';
import { withoutPagingLinks } from '../../graph/read-answer.ts';
import { refusedMetrics } from '../../graph/refused-metrics.ts';
import type { AbsentReason, Insight } from '../../insight/insight.ts';
import { readInsights } from '../../insight/read-insights.ts';
import { type InsightsError, type InsightsErrorKind, isInsightsError } from '../../insights-error.ts';
import { absenceOf, absent } from '../absence.ts';
import { narrowRefusal } from '../account/narrow-refusal.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';
import { askEach, type BulkRequest, type BulkResult } from '../session/batch.ts';
import { assertSomeAnswered, isAlike, MOST_TRIED, noteRead, type Tally } from './media-item.ts';
import {
	absenceFor,
	isSuspect,
	kindOf,
	noteAnswered,
	noteBeforeConversion,
	noteRefused,
	proofFor,
} from './media-kind.ts';

/** Metrics of one medium that may travel in one request. */
export type MediaAsk = {
	readonly media: MediaFields;
	readonly metrics: readonly string[];
	readonly breakdown?: string | undefined;
	/** The medium has answered other metrics: what it refuses now is about the metrics. */
	readonly isRead?: boolean;
};

export type AskedMedia = {
	readonly insights: readonly Insight[];
	readonly raw: readonly unknown[];
	/** The refusal of the medium as a whole, where there was one. */
	readonly error?: InsightsError | undefined;
};

/** What every request of one question works with. */
export type Asking = ClientContext & { readonly options: QuestionOptions; readonly tally: Tally };

/** How many media to ask together as long as none has answered. */
export function firstWave({ session, concurrency }: ClientContext): number {
	return HOSTS[session.host].batchMaxItems ?? Math.max(concurrency, MOST_TRIED);
}

type Open = {
	readonly ask: MediaAsk;
	readonly index: number;
	readonly result?: BulkResult<InsightsAnswer> | undefined;
};
type Found = {
	readonly insights: Map<string, Insight>;
	readonly raw: unknown[];
	error?: InsightsError | undefined;
	/** Refusals that teach something of the kind as soon as the medium answers another metric. */
	lessons: { readonly metrics: readonly string[]; readonly error: InsightsError }[];
};

/**
 * Ask for the insights of single media, each by itself: a refused metric costs only itself, a refused medium only
 * itself. Answers come in the order of the asks.
 *
 * @throws {InsightsError} what concerns all media: token, rate limit, connection, cancellation; and the refusal that
 *   many media met alike while none answered
 */
export async function askMedia(asks: readonly MediaAsk[], asking: Asking): Promise<AskedMedia[]> {
	const { tally } = asking;
	const found = asks.map((): Found => ({ insights: new Map(), raw: [], lessons: [] }));
	let open: readonly Open[] = asks.map((ask, index) => ({ ask, index }));
	if (tally.answered === 0 && asks.length > 1) {
		const tried = spread(open, firstWave(asking));
		const results = await send(tried, asking);
		open = open.map((one) => {
			const place = tried.indexOf(one);
			return place < 0 ? one : { ...one, result: results[place] ?? null };
		});
		const [first] = tried;
		if (first && isRefusedAlike(tried, results)) {
			// One of them, metric by metric: where that answers, a metric was the cause and not the medium.
			await finish([{ ...first, result: results[0] ?? null }], found, asking);
			const others = tried.map(({ ask }, place) => [ask.media.id, results[place]] as const);
			const refused = new Map([...tally.refused, ...others.filter(isRefusal)]);
			assertSomeAnswered({ ...tally, refused }, { isEnd: false });
			open = open.filter(({ index }) => index !== first.index);
		}
	}
	await finish(open, found, asking);
	return found.map((one, index) => ({
		insights: (asks[index]?.metrics ?? []).flatMap((metric) => one.insights.get(metric) ?? []),
		raw: one.raw,
		error: hasNumber(one) ? undefined : one.error,
	}));
}

/** Ask until every metric of every medium has a number or a reason. */
async function finish(asked: readonly Open[], found: readonly Found[], asking: Asking): Promise<void> {
	const { memory } = asking;
	let open = asked;
	while (open.length > 0) {
		const left = open.flatMap(({ ask, index, result }): Open[] => {
			const into = found[index];
			const metrics = ask.metrics.filter((metric) => {
				const absence = absenceFor(metric, ask.media, memory);
				if (absence) into?.insights.set(metric, absent(metric, absence));
				return absence === null;
			});
			if (metrics.length === 0) return [];
			return [metrics.length === ask.metrics.length ? { ask, index, result } : { ask: { ...ask, metrics }, index }];
		});
		const { now, later } = proofFirst(left, asking);
		const unsent = now.filter(({ result }) => !result);
		const results = await send(unsent, asking);
		open = [
			...now.flatMap((one) => {
				const result = one.result ?? results[unsent.indexOf(one)];
				const into = found[one.index];
				// Skipped, because an answer that came meanwhile says why it has no number: the next round notes it.
				if (!result) return [{ ask: one.ask, index: one.index }];
				return into ? takeIn(result, one, into, asking) : [];
			}),
			...later,
		];
	}
}

/** Note what one request came to. Returns what is still to be asked of the medium. */
function takeIn(
	result: Exclude<BulkResult<InsightsAnswer>, null>,
	{ ask, index }: Open,
	into: Found,
	{ memory, tally }: Asking,
): Open[] {
	const { media, metrics, breakdown } = ask;
	if (!isInsightsError(result)) {
		into.raw.push(withoutPagingLinks(result.raw));
		noteAnswered(media, metrics, memory);
		const insights = readInsights(result.data.data, { metrics, withBreakdown: breakdown !== undefined });
		into.error ??= noteRead(tally, media, insights);
		for (const insight of insights) into.insights.set(insight.metric, insight);
		for (const { metrics: refused, error } of into.lessons) noteRefused(media, refused, error, memory);
		into.lessons = [];
		return [];
	}
	const isMet = tally.answered === 0 && [...tally.refused.values()].some((error) => isAlike(error, result));
	const { gone, again, isWhole } = isMet ? { gone: metrics, again: [], isWhole: true } : narrow(result, metrics);
	for (const metric of gone) into.insights.set(metric, absent(metric, absenceOf(result)));
	if (isUnexplained(result, metrics) && again.length === 0) {
		into.error ??= result;
		if (!ask.isRead && !hasNumber(into)) tally.refused.set(media.id, result);
	}
	if (isWhole) return [];
	if (ask.isRead || hasNumber(into) || result.kind === 'unknown-metric' || refusedMetrics(result, gone).length > 0) {
		noteRefused(media, gone, result, memory);
	} else into.lessons.push({ metrics: gone, error: result });
	return again.map((some) => ({ ask: { ...ask, metrics: some }, index }));
}

function hasNumber({ insights }: Found): boolean {
	return [...insights.values()].some(({ shape }) => shape !== 'absent');
}

/** The metrics that a refusal takes away, and the lists of metrics to ask for apart. */
function narrow(
	error: InsightsError,
	metrics: readonly string[],
): { readonly gone: readonly string[]; readonly again: readonly (readonly string[])[]; readonly isWhole: boolean } {
	const named = EXPLAINED.includes(error.kind) ? [] : refusedMetrics(error, metrics);
	// Meta lists what a kind of media lacks: where that is everything, no part of it is there.
	const isList = error.graph?.rule === 'metric-unsupported';
	if (named.length > 0 && (named.length < metrics.length || metrics.length === 1 || isList)) {
		const rest = metrics.filter((metric) => !named.includes(metric));
		return { gone: named, again: rest.length > 0 ? [rest] : [], isWhole: false };
	}
	switch (narrowRefusal(error, metrics).action) {
		case 'halve-metrics': {
			const half = Math.ceil(metrics.length / 2);
			return { gone: [], again: [metrics.slice(0, half), metrics.slice(half)], isWhole: false };
		}
		case 'give-up-metric':
			return { gone: metrics, again: [], isWhole: false };
		default:
			return { gone: metrics, again: [], isWhole: true };
	}
}

function send(open: readonly Open[], asking: Asking): Promise<BulkResult<InsightsAnswer>[]> {
	const { memory } = asking;
	const requests = open.map(
		({ ask: { media, metrics, breakdown } }): BulkRequest => ({
			onRefused: (error) => {
				if (error.kind === 'before-conversion') noteBeforeConversion(media, memory);
				if (error.kind === 'unknown-metric') noteRefused(media, refusedMetrics(error, metrics), error, memory);
			},
			skip: () => metrics.some((metric) => absenceFor(metric, media, memory) !== null),
			path: `/${media.id}/insights`,
			query: { metric: metrics.join(','), ...(breakdown === undefined ? {} : { breakdown }) },
			what: `insights of media ${media.id}`,
		}),
	);
	return askEach(requests, InsightsAnswer, asking, asking.options);
}

/** Of the media of a kind that may lack a metric, only as many now as would prove it; the others wait for what they teach. */
function proofFirst(open: readonly Open[], { memory }: ClientContext): { now: Open[]; later: Open[] } {
	const counts = new Map<string, number>();
	const now: Open[] = [];
	const later: Open[] = [];
	for (const one of open) {
		const { media, metrics } = one.ask;
		const suspect = metrics.find((metric) => isSuspect(metric, media, memory));
		const key = suspect === undefined ? null : `${kindOf(media)} ${suspect}`;
		const count = key === null ? 0 : (counts.get(key) ?? 0) + 1;
		if (key !== null) counts.set(key, count);
		(suspect !== undefined && count > proofFor(suspect, media) ? later : now).push(one);
	}
	return { now, later };
}

const EXPLAINED: readonly InsightsErrorKind[] = ['before-conversion', 'too-few-viewers'];

const UNEXPLAINED: readonly AbsentReason[] = ['failed', 'no-permission', 'not-found'];

/** Neither the age of the medium, nor its viewers, nor its kind, nor a named metric is the cause. */
function isUnexplained(error: InsightsError, metrics: readonly string[]): boolean {
	const isOfObject = error.kind === 'unsupported-field' || error.graph?.rule === 'metric-invalid';
	if (!isOfObject && !UNEXPLAINED.includes(absenceOf(error).reason)) return false;
	return refusedMetrics(error, metrics).length === 0;
}

function isRefusal(entry: readonly [string, unknown]): entry is readonly [string, InsightsError] {
	return isInsightsError(entry[1]);
}

function isRefusedAlike(asked: readonly Open[], results: readonly BulkResult<InsightsAnswer>[]): boolean {
	const [first] = results;
	if (!isInsightsError(first)) return false;
	return results.every(
		(result, place) =>
			isInsightsError(result) && isAlike(result, first) && isUnexplained(result, asked[place]?.ask.metrics ?? []),
	);
}

/** At most so many of the items, evenly spread, the first and the last among them. */
function spread<T>(items: readonly T[], most: number): readonly T[] {
	if (items.length <= most) return items;
	const step = (items.length - 1) / Math.max(1, most - 1);
	return Array.from({ length: Math.max(1, most) }, (_, place) => items[Math.round(place * step)] as T);
}
