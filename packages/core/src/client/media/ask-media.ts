import { InsightsAnswer } from '../../graph/insights-answer.ts';
import type { MediaFields } from '../../graph/media-answer.ts';
import { withoutPagingLinks } from '../../graph/read-answer.ts';
import type { Insight } from '../../insight/insight.ts';
import { readInsights } from '../../insight/read-insights.ts';
import { type InsightsError, type InsightsErrorKind, isInsightsError } from '../../insights-error.ts';
import { absenceOf, absent } from '../absence.ts';
import { narrowRefusal } from '../account/narrow-refusal.ts';
import type { ClientContext, QuestionOptions } from '../client-context.ts';
import { askEach, type BulkRequest, type BulkResult } from '../session/batch.ts';
import { absenceFor, countVideo, publishedAt, rememberRefusal } from './media-kind.ts';

/** Metrics of one medium that may travel in one request. */
export type MediaAsk = {
	readonly media: MediaFields;
	readonly metrics: readonly string[];
	readonly breakdown?: string | undefined;
};

export type AskedMedia = {
	readonly insights: readonly Insight[];
	readonly raw: readonly unknown[];
	/** The refusal of the medium as a whole, where there was one. */
	readonly error?: InsightsError | undefined;
};

/**
 * Ask for the insights of single media, each by itself: a refused metric costs only itself, a refused medium only
 * itself. Answers come in the order of the asks.
 *
 * @throws {InsightsError} what concerns all media: token, rate limit, connection, cancellation
 */
export async function askMedia(
	asks: readonly MediaAsk[],
	context: ClientContext,
	options: QuestionOptions,
): Promise<AskedMedia[]> {
	const found = asks.map(() => ({
		insights: new Map<string, Insight>(),
		raw: [] as unknown[],
		error: undefined as InsightsError | undefined,
	}));
	let open = asks.map((ask, index) => ({ ask, index }));
	for (let round = 1; open.length > 0; round += 1) {
		const sent = open.flatMap(({ ask, index }) => {
			const metrics = ask.metrics.filter((metric) => {
				const absence = absenceFor(metric, ask.media, context.memory);
				if (absence) found[index]?.insights.set(metric, absent(metric, absence));
				return absence === null;
			});
			return metrics.length === 0 ? [] : [{ ask: { ...ask, metrics }, index }];
		});
		const results = await askEach(
			sent.map(({ ask }) => requestOf(ask, context)),
			InsightsAnswer,
			context,
			options,
		);
		// Later rounds hold only what was refused already, which says nothing about the others.
		const common = round === 1 ? commonRefusal(results) : null;
		if (common) throw common;
		open = sent.flatMap(({ ask, index }, place) => {
			const result = results[place];
			const into = found[index];
			// Skipped, because an answer that came meanwhile says why it has no number: the next round notes it.
			if (result === null) return [{ ask, index }];
			if (!result || !into) return [];
			if (isInsightsError(result)) {
				const verdict = narrowMedia(ask, result, context);
				countVideo(
					ask.media,
					verdict.absent.map(({ metric }) => metric),
					'refused',
					context.memory,
				);
				for (const insight of verdict.absent) into.insights.set(insight.metric, insight);
				if (verdict.whole) into.error = result;
				return verdict.again.map((metrics) => ({ ask: { ...ask, metrics }, index }));
			}
			into.raw.push(withoutPagingLinks(result.raw));
			countVideo(ask.media, ask.metrics, 'answered', context.memory);
			const asked = { metrics: ask.metrics, withBreakdown: ask.breakdown !== undefined };
			for (const insight of readInsights(result.data.data, asked)) into.insights.set(insight.metric, insight);
			return [];
		});
	}
	return found.map(({ insights, raw, error }, index) => ({
		insights: (asks[index]?.metrics ?? []).flatMap((metric) => insights.get(metric) ?? []),
		raw,
		error,
	}));
}

/** So many media refused for the same unexplained reason, and none answered: it is not about single media. */
const TOO_MANY_ALIKE = 20;
const UNEXPLAINED: readonly InsightsErrorKind[] = ['unknown', 'invalid-query', 'transient', 'answer-unreadable'];

function commonRefusal(results: readonly BulkResult<InsightsAnswer>[]): InsightsError | null {
	const [first] = results;
	if (!isInsightsError(first) || results.length < TOO_MANY_ALIKE || !UNEXPLAINED.includes(first.kind)) return null;
	return results.every((result) => isInsightsError(result) && result.kind === first.kind) ? first : null;
}

function requestOf({ media, metrics, breakdown }: MediaAsk, { memory }: ClientContext): BulkRequest {
	return {
		onRefused: (error) => {
			const published = publishedAt(media);
			if (error.kind !== 'before-conversion' || published === undefined) return;
			memory.convertedAfter = Math.max(memory.convertedAfter ?? 0, published);
		},
		skip: () => metrics.some((metric) => absenceFor(metric, media, memory) !== null),
		path: `/${media.id}/insights`,
		query: { metric: metrics.join(','), ...(breakdown === undefined ? {} : { breakdown }) },
		what: `insights of media ${media.id}`,
	};
}

type Verdict = {
	readonly absent: readonly Insight[];
	/** Lists of metrics to ask for apart. */
	readonly again: readonly (readonly string[])[];
	/** The medium as a whole is refused. */
	readonly whole: boolean;
};

function narrowMedia({ media, metrics }: MediaAsk, error: InsightsError, { memory }: ClientContext): Verdict {
	const absence = absenceOf(error);
	const allAbsent = metrics.map((metric) => absent(metric, absence));
	if (error.kind === 'before-conversion') {
		return { absent: allAbsent, again: [], whole: false };
	}
	const narrowing = narrowRefusal(error, metrics);
	switch (narrowing.action) {
		case 'drop': {
			for (const metric of narrowing.metrics) {
				if (error.kind === 'unknown-metric') memory.unknownMediaMetrics.set(metric, absence);
				else rememberRefusal(metric, media, absence, memory);
			}
			const rest = metrics.filter((metric) => !narrowing.metrics.includes(metric));
			return { absent: narrowing.metrics.map((metric) => absent(metric, absence)), again: [rest], whole: false };
		}
		case 'halve-metrics': {
			const half = Math.ceil(metrics.length / 2);
			return { absent: [], again: [metrics.slice(0, half), metrics.slice(half)], whole: false };
		}
		case 'give-up-metric':
			for (const metric of metrics) {
				if (error.kind === 'unknown-metric') memory.unknownMediaMetrics.set(metric, absence);
				else rememberRefusal(metric, media, absence, memory);
			}
			return { absent: allAbsent, again: [], whole: false };
		default:
			return { absent: allAbsent, again: [], whole: error.kind !== 'too-few-viewers' };
	}
}
