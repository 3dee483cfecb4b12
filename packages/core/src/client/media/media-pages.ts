import { HOSTS } from '../../catalog/host.ts';
import { addDays } from '../../query/calendar-day.ts';
import type { MediaListQuery } from '../../query/insights-query.ts';
import { pacificMidnight } from '../../query/pacific-day.ts';
import { type MediaMetricPlan, planMediaMetrics } from '../../query/plan-media-metrics.ts';
import { assertAskable, type ClientContext, type QuestionOptions } from '../client-context.ts';
import { completeMedia, type MediaPart } from './complete-media.ts';
import { mediaFields } from './media-fields.ts';
import type { MediaPage } from './media-item.ts';
import { productTypeOf, publishedAt } from './media-kind.ts';
import { walkMedia } from './media-walk.ts';
import type { WalkedMedia } from './walk-state.ts';

/**
 * The account's posts and reels, newest first, with the metrics asked for. A page can be used before the next is read;
 * nothing of earlier pages is kept.
 *
 * @throws {InsightsError} (while iterating) `invalid-query` before anything is sent; else what concerns the whole list
 */
export async function* readMediaPages(
	query: MediaListQuery,
	context: ClientContext,
	options: QuestionOptions = {},
): AsyncGenerator<MediaPage> {
	assertAskable(query, context);
	const metrics = [...new Set(query.metrics)];
	const plan = planMediaMetrics(metrics, context.session.host);
	const filter = filterOf(query);
	let left = query.limit ?? Number.POSITIVE_INFINITY;
	const walk = walkMedia(
		{
			edge: 'media',
			fields: mediaFields(query.fields),
			metrics: plan.nested,
			range: filter.range,
			wanted: () => (filter.mayReject ? (left > 0 ? context.pageSize : 0) : left),
		},
		context,
		options,
	);
	/** The media that count, until there are enough of them or all that follow are too old. */
	async function* fitting(): AsyncGenerator<MediaPart> {
		for await (const { media, raw } of walk) {
			const counting = media.filter((one) => filter.accepts(one.media)).slice(0, left);
			left -= counting.length;
			yield { media: counting, raw };
			if (left <= 0 || media.some((one) => filter.isBefore(one.media))) return;
		}
	}
	for await (const part of gather(fitting(), () => sizeOfPart(plan, context))) {
		const page = await completeMedia(part, { metrics, plan }, context, options);
		if (page.items.length > 0) yield page;
	}
}

/** How many media to have together before asking for what is left open: a full batch, where there are batches. */
function sizeOfPart({ single, alone, nested }: MediaMetricPlan, { session, memory }: ClientContext): number {
	const apart = nested.filter(
		(metric) =>
			memory.nesting === 'refused' || memory.doubtfulForVideos.has(metric) || memory.loneMediaMetrics.has(metric),
	);
	const leftOpen = single.length + alone.length + apart.length > 0;
	return leftOpen ? (HOSTS[session.host].batchMaxItems ?? 1) : 1;
}

/** Merge small parts until they hold at least `size()` media, as that stands when the part came. */
async function* gather(parts: AsyncIterable<MediaPart>, size: () => number): AsyncGenerator<MediaPart> {
	let media: readonly WalkedMedia[] = [];
	let raw: readonly unknown[] = [];
	for await (const part of parts) {
		media = [...media, ...part.media];
		raw = [...raw, ...part.raw];
		if (media.length < size()) continue;
		yield { media, raw };
		media = [];
		raw = [];
	}
	if (media.length > 0) yield { media, raw };
}

type Fields = WalkedMedia['media'];

/** The filters of a list: sent along where Graph knows them, and held here in any case. */
function filterOf({ since, until, productTypes }: MediaListQuery) {
	const fromMs = since === undefined ? undefined : pacificMidnight(since).getTime();
	const toMs = until === undefined ? undefined : pacificMidnight(addDays(until, 1)).getTime();
	const isBefore = (media: Fields) => fromMs !== undefined && (publishedAt(media) ?? fromMs) < fromMs;
	const isAfter = (media: Fields) => toMs !== undefined && (publishedAt(media) ?? 0) >= toMs;
	const isOther = (media: Fields) => productTypes !== undefined && !productTypes.includes(productTypeOf(media) ?? '');
	return {
		range: {
			...(fromMs === undefined ? {} : { since: fromMs / 1000 }),
			...(toMs === undefined ? {} : { until: toMs / 1000 - 1 }),
		},
		mayReject: productTypes !== undefined,
		isBefore,
		accepts: (media: Fields) => !isBefore(media) && !isAfter(media) && !isOther(media),
	};
}
