import { mediaMetricRow } from '../../catalog/media-metric.ts';
import { readInsights } from '../../insight/read-insights.ts';
import { type InsightsErrorKind, isInsightsError } from '../../insights-error.ts';
import type { StoryListQuery } from '../../query/insights-query.ts';
import { mustGoAlone } from '../../query/plan-media-metrics.ts';
import { assertAskable, type ClientContext, type QuestionOptions } from '../client-context.ts';
import { completeMedia } from './complete-media.ts';
import { type ListedPart, type ListPart, listMedia } from './list-media.ts';
import { listPlainly } from './list-plainly.ts';
import { mediaFields } from './media-fields.ts';
import type { MediaPage } from './media-item.ts';
import { withoutInsights } from './page-place.ts';
import { pageSizeOf } from './page-size.ts';
import { nestingWasIgnored } from './probe-nesting.ts';
import { isOfOneMedium } from './refusal-blame.ts';
import { type WalkedMedia, walked } from './walk-state.ts';

/**
 * The stories of the last 24 hours with the metrics asked for. One request reads a page with its numbers; when one
 * story refuses (too few viewers) or the page is too heavy, it is listed plainly and each story is asked by itself.
 *
 * @throws {InsightsError} (while iterating) `invalid-query` before anything is sent; else what concerns the whole list
 */
export async function* readStories(
	query: StoryListQuery,
	context: ClientContext,
	options: QuestionOptions = {},
): AsyncGenerator<MediaPage> {
	assertAskable(query, context);
	const metrics = [...new Set(query.metrics)];
	const alone = metrics.filter(mustGoAlone);
	const together = metrics.filter((metric) => !alone.includes(metric));
	const plan = { nested: [], single: together, alone };
	const fields = mediaFields(query.fields);
	let left = query.limit ?? Number.POSITIVE_INFINITY;
	let after: string | null = null;
	const seen = new Set<string>();
	do {
		const limit = Math.min(context.pageSize, left);
		const { listed, media } = await readPage({ fields, limit, after }, together, context, options);
		const page = await completeMedia({ media, raw: [listed.raw] }, { metrics, plan }, context, options);
		left -= page.items.length;
		if (page.items.length > 0) yield page;
		after = listed.after !== null && seen.has(listed.after) ? null : listed.after;
		if (after !== null) seen.add(after);
	} while (after !== null && left > 0 && seen.size < MOST_PAGES);
}

/** More pages of stories than the stories of a day can fill. */
const MOST_PAGES = 100;

type Place = { readonly fields: readonly string[]; readonly limit: number; readonly after: string | null };

async function readPage(
	place: Place,
	metrics: readonly string[],
	context: ClientContext,
	options: QuestionOptions,
): Promise<{ listed: ListedPart; media: WalkedMedia[] }> {
	const part = { edge: 'stories', range: {}, ...place } as const;
	const known = metrics.filter((metric) => mediaMetricRow(metric) && !context.memory.unknownMediaMetrics.has(metric));
	if (known.length > 0 && context.memory.nesting !== 'refused') {
		try {
			const listed = await listMedia({ ...part, metrics: known }, context, options);
			const untried = context.memory.nesting === 'untried';
			const ignored = untried && (await nestingWasIgnored(listed.nodes, known, context, options));
			const media = listed.nodes.map((node) =>
				walked(withoutInsights(node), ignored ? [] : readInsights(node.insights?.data ?? [], { metrics: known })),
			);
			return { listed, media };
		} catch (error) {
			if (!isInsightsError(error) || !(ABOUT_ONE_STORY.includes(error.kind) || isOfOneMedium(error))) throw error;
		}
	}
	const list = (smaller: Omit<ListPart, 'edge' | 'fields' | 'range'>) =>
		listMedia({ ...part, ...smaller }, context, options);
	const plainSize = pageSizeOf(['stories', place.fields], context.memory.pageSizes);
	const listed = await listPlainly({ list, plainSize }, place);
	return { listed, media: listed.nodes.map((node) => walked(withoutInsights(node), [])) };
}

/** Refusals that asking each story by itself can get round. */
const ABOUT_ONE_STORY: readonly InsightsErrorKind[] = [
	'unsupported-metric',
	'unknown-metric',
	'unsupported-field',
	'invalid-query',
	'before-conversion',
	'too-much-data',
	'transient',
	'answer-unreadable',
];
