import { HOSTS } from '../../catalog/host.ts';
import { InsightsAnswer } from '../../graph/insights-answer.ts';
import { type MediaFields, withNulls } from '../../graph/media-answer.ts';
import { withoutPagingLinks } from '../../graph/read-answer.ts';
import { type AbsentReason, absenceOf, absent, hasNumber, type Insight } from '../../insight/insight.ts';
import { readInsights } from '../../insight/read-insights.ts';
import { type InsightsError, type InsightsErrorKind, isInsightsError } from '../../insights-error.ts';
import { memberOf } from '../../query/check-forms.ts';
import type { MediaMetricPlan } from '../../query/plan-media-metrics.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';
import { absenceFor, isSuspect, kindOf, noteAnswered, noteBeforeConversion, noteRefused, proofFor } from '../memory.ts';
import { narrowRefusal, refusedMetrics } from '../narrow-refusal.ts';
import { assertSomeAnswered, isAlike, MOST_TRIED, noteRead, type Tally } from '../nothing-came.ts';
import { askEach, type BulkRequest, type BulkResult } from '../session/batch.ts';
import type { KnownMedia, ListPart, MediaReading } from './media-item.ts';

/** The context of all requests of one question. */
export type Asking = ClientContext & { readonly options: QuestionOptions; readonly tally: Tally };

export type MediaQuestion = {
	readonly metrics: readonly string[];
	readonly plan: MediaMetricPlan;
	readonly breakdown?: string | undefined;
	/** Breakdowns of single metrics. */
	readonly split?: Readonly<Record<string, string>> | undefined;
	/** The requested fields. */
	readonly fields: readonly string[];
};

/**
 * Ask for what a list left open: metrics that only some kinds of media have, metrics that must go alone, and those that
 * nesting could not read. A metric is asked only of media that can have it.
 */
export async function completeMedia(
	part: ListPart,
	question: MediaQuestion,
	asking: Asking,
): Promise<{ readonly items: readonly MediaReading[]; readonly raw: readonly unknown[] }> {
	asking.tally.media += part.media.length;
	const asks = part.media.map((one) => ({ ...one, groups: groupsOf(one, question, asking) }));
	const fields = question.fields.map(memberOf);
	const items = (await askMedia(asks, asking)).map(({ media, known, raw, error }): MediaReading => {
		const unasked = (metric: string) => absenceFor(metric, media, asking.memory) ?? { reason: 'no-data' };
		const insights = question.metrics.map((metric) => known.get(metric) ?? absent(metric, unasked(metric)));
		return { media: withNulls(media, fields), insights, raw, ...(error ? { error } : {}) };
	});
	return { items, raw: [...part.raw, ...items.flatMap(({ raw }) => raw)] };
}

function groupsOf(
	{ media, known }: KnownMedia,
	{ plan, breakdown, split }: MediaQuestion,
	{ memory }: Asking,
): MetricGroup[] {
	const open = (metric: string) => !known.has(metric) && absenceFor(metric, media, memory) === null;
	const together = [...plan.nested, ...plan.single].filter(open);
	const groups = [...(together.length > 0 ? [together] : []), ...plan.alone.filter(open).map((metric) => [metric])];
	return groups.map((metrics) => ({ metrics, breakdown: split?.[metrics[0] ?? ''] ?? breakdown }));
}

/** Metrics of one media item that may travel in one request. */
type MetricGroup = { readonly metrics: readonly string[]; readonly breakdown?: string | undefined };
/** A media item, what is known about it, and what to ask for. */
type MediaAsk = KnownMedia & { readonly groups: readonly MetricGroup[] };
/** A media item after it was asked. `error` is set only if no metric has a number. */
export type AskedMedia = KnownMedia & { readonly raw: readonly unknown[] };

type Found = {
	readonly media: MediaFields;
	readonly known: Map<string, Insight>;
	readonly raw: unknown[];
	error: InsightsError | undefined;
	/** Refusals that say something about the kind as soon as the media item answers another metric. */
	readonly lessons: { readonly metrics: readonly string[]; readonly error: InsightsError }[];
};
type Open = MetricGroup & { readonly of: Found; result?: BulkResult<InsightsAnswer> | undefined };

/**
 * Ask for the insights of single media, each by itself, so that a refused metric or media item costs only itself. Answers come
 * in the order of the asks.
 *
 * @throws {InsightsError} what concerns all media: token, rate limit, connection, cancellation; and the refusal of many
 *   media that were all refused alike while none answered
 */
export async function askMedia(asks: readonly MediaAsk[], asking: Asking): Promise<AskedMedia[]> {
	const { tally } = asking;
	const all = asks.map(({ media, known, error, groups }) => {
		const of: Found = { media, known: new Map(known), raw: [], error, lessons: [] };
		return { of, open: groups.map((group): Open => ({ ...group, of })) };
	});
	let open = all.flatMap((one) => one.open);
	if (tally.answered === 0 && open.length > 1) {
		const tried = spread(open, firstWave(asking));
		await send(tried, asking);
		const [first, ...others] = tried;
		if (first && isRefusedAlike(tried)) {
			// Ask for the first one metric by metric: if that is answered, a metric was the reason and not the media item.
			await finish([first], asking);
			await finish(others, asking);
			assertSomeAnswered(tally, { isEnd: false });
			open = open.filter((one) => !tried.includes(one));
		}
	}
	await finish(open, asking);
	return all.map(({ of }) => ({ ...of, error: hasSome(of) ? undefined : of.error }));
}

/** Ask for these metrics of one media item. */
export async function askOne(one: KnownMedia, metrics: readonly string[], asking: Asking): Promise<AskedMedia> {
	const [asked] = await askMedia([{ ...one, groups: [{ metrics }] }], asking);
	return asked ?? { ...one, raw: [] };
}

/** How many media to ask at once while none has answered. */
export function firstWave({ session, concurrency }: ClientContext): number {
	return HOSTS[session.host].batchMaxItems ?? Math.max(concurrency, MOST_TRIED);
}

/** Ask until every metric has a number or a reason. */
async function finish(asked: readonly Open[], asking: Asking): Promise<void> {
	let open = asked;
	while (open.length > 0) {
		const { now, later } = proofFirst(
			open.flatMap((one) => stillOpen(one, asking)),
			asking,
		);
		await send(now, asking);
		open = [...now.flatMap((one) => takeIn(one, asking)), ...later];
	}
}

/** What is left to ask, now that more is known about the kind. */
function stillOpen(one: Open, { memory }: Asking): readonly Open[] {
	const metrics = one.metrics.filter((metric) => {
		const absence = absenceFor(metric, one.of.media, memory);
		if (absence) one.of.known.set(metric, absent(metric, absence));
		return absence === null;
	});
	if (metrics.length === one.metrics.length) return [one];
	return metrics.length === 0 ? [] : [{ ...one, metrics, result: undefined }];
}

/** Of the media of a kind that may lack a metric, ask only as many now as prove it. The others wait for the result. */
function proofFirst(open: readonly Open[], { memory }: ClientContext): { now: Open[]; later: Open[] } {
	const counts = new Map<string, number>();
	const now: Open[] = [];
	const later: Open[] = [];
	for (const one of open) {
		const { media } = one.of;
		const suspect = one.metrics.find((metric) => isSuspect(metric, media, memory));
		const key = `${kindOf(media)} ${suspect}`;
		counts.set(key, (counts.get(key) ?? 0) + 1);
		const waits = suspect !== undefined && (counts.get(key) ?? 0) > proofFor(suspect, media);
		(waits ? later : now).push(one);
	}
	return { now, later };
}

/** Send what has no result yet. */
async function send(open: readonly Open[], asking: Asking): Promise<void> {
	const { memory } = asking;
	const unsent = open.filter(({ result }) => !result);
	const requests = unsent.map(
		({ of: { media }, metrics, breakdown }): BulkRequest => ({
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
	const results = await askEach(requests, InsightsAnswer, asking, asking.options);
	for (const [index, one] of unsent.entries()) one.result = results[index];
}

/** Note the result of one request. Returns what is still to be asked of the media item. */
function takeIn(one: Open, { memory, tally }: Asking): readonly Open[] {
	const { of, metrics, breakdown, result } = one;
	const { media, known } = of;
	// Skipped: an answer that came meanwhile says why there is no number. The next round notes it.
	if (!result) return [one];
	if (!isInsightsError(result)) {
		of.raw.push(withoutPagingLinks(result.raw));
		noteAnswered(media, metrics, memory);
		const insights = readInsights(result.data.data, { metrics, withBreakdown: breakdown !== undefined });
		of.error ??= noteRead(tally, media, insights);
		for (const insight of insights) known.set(insight.metric, insight);
		for (const { metrics: refused, error } of of.lessons.splice(0)) noteRefused(media, refused, error, memory);
		return [];
	}
	const isMet = tally.answered === 0 && [...tally.refused.values()].some((error) => isAlike(error, result));
	const { gone, again, isWhole } = isMet ? { gone: metrics, again: [], isWhole: true } : narrow(result, metrics);
	for (const metric of gone) known.set(metric, absent(metric, absenceOf(result)));
	if (isUnexplained(result, metrics) && again.length === 0) {
		of.error ??= result;
		if (!hasSome(of)) tally.refused.set(media.id, result);
	}
	if (isWhole) return [];
	if (hasSome(of) || result.kind === 'unknown-metric' || refusedMetrics(result, gone).length > 0) {
		noteRefused(media, gone, result, memory);
	} else of.lessons.push({ metrics: gone, error: result });
	return again.map((some) => ({ of, breakdown, metrics: some }));
}

function hasSome({ known }: Found): boolean {
	return [...known.values()].some(hasNumber);
}

/** The metrics that a refusal rules out, and the lists of metrics to ask for separately. */
function narrow(
	error: InsightsError,
	metrics: readonly string[],
): { readonly gone: readonly string[]; readonly again: readonly (readonly string[])[]; readonly isWhole?: boolean } {
	const named = EXPLAINED.includes(error.kind) ? [] : refusedMetrics(error, metrics);
	// Meta lists the metrics that a kind of media lacks: if it lists all of them, none is available.
	const isList = error.graph?.rule === 'metric-unsupported';
	if (named.length > 0 && (named.length < metrics.length || metrics.length === 1 || isList)) {
		const rest = metrics.filter((metric) => !named.includes(metric));
		return { gone: named, again: rest.length > 0 ? [rest] : [] };
	}
	const { action } = narrowRefusal(error, metrics);
	if (action !== 'halve-metrics') return { gone: metrics, again: [], isWhole: action !== 'give-up-metric' };
	const half = Math.ceil(metrics.length / 2);
	return { gone: [], again: [metrics.slice(0, half), metrics.slice(half)] };
}

const EXPLAINED: readonly InsightsErrorKind[] = ['before-conversion', 'too-few-viewers'];

const UNEXPLAINED: readonly AbsentReason[] = ['failed', 'no-permission', 'not-found'];

/** Whether neither the age of the media item, nor its viewers, nor its kind, nor a named metric is the reason. */
function isUnexplained(error: InsightsError, metrics: readonly string[]): boolean {
	const isOfObject = error.kind === 'unsupported-field' || error.graph?.rule === 'metric-invalid';
	if (!isOfObject && !UNEXPLAINED.includes(absenceOf(error).reason)) return false;
	return refusedMetrics(error, metrics).length === 0;
}

function isRefusedAlike(tried: readonly Open[]): boolean {
	const first = tried[0]?.result;
	return tried.every(
		({ result, metrics }) =>
			isInsightsError(first) && isInsightsError(result) && isAlike(result, first) && isUnexplained(result, metrics),
	);
}

/** At most `most` of the items, evenly spread, including the first and the last. */
function spread<T>(items: readonly T[], most: number): readonly T[] {
	if (items.length <= most) return items;
	const step = (items.length - 1) / Math.max(1, most - 1);
	return Array.from({ length: Math.max(1, most) }, (_, place) => items[Math.round(place * step)] as T);
}
