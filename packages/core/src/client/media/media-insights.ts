import { HOSTS } from '../../catalog/host.ts';
import { mediaMetricRow } from '../../catalog/media-metric.ts';
import { fieldsOf, type MediaFields, MediaNode } from '../../graph/media-answer.ts';
import { type Absence, absenceOf, absent, type Insight } from '../../insight/insight.ts';
import { isInsightsError } from '../../insights-error.ts';
import type { MediaInsightsQuery } from '../../query/insights-query.ts';
import { mustGoAlone, planAlike } from '../../query/plan-media-metrics.ts';
import { assertAskable, type ClientContext, type QuestionOptions } from '../client-context.ts';
import { assertNumbersReadable, assertSomeAnswered, newTally } from '../nothing-came.ts';
import { askEach } from '../session/batch.ts';
import { type Asking, completeMedia, firstWave } from './ask-media.ts';
import { type KnownMedia, type MediaReading, notMedia } from './media-item.ts';

/**
 * Read the insights of media by id, one item per media item, in the order asked. A refusal becomes the reason of its metrics; a
 * media item that cannot be read at all has an error. The kinds of the media are looked up first, once, if not all kinds have
 * the metrics.
 *
 * @throws {InsightsError} (while iterating) `invalid-query` before anything is sent; else what concerns all media
 */
export async function* readMediaInsights(
	query: MediaInsightsQuery,
	context: ClientContext,
	options: QuestionOptions = {},
): AsyncGenerator<MediaReading> {
	assertAskable(query, context);
	const metrics = [...new Set(query.metrics)];
	const { together, alone } = planAlike(metrics, query.split);
	const plan = { nested: [], single: together, alone };
	const breakdown = query.breakdown === '' ? undefined : query.breakdown;
	const { split } = query;
	const tally = newTally();
	const asking = { ...context, options, tally };
	for (let at = 0; at < query.mediaIds.length; ) {
		// Until one has answered, ask for as many at once as show that all are refused.
		const size = tally.answered > 0 ? HOSTS[context.session.host].batchMaxItems : firstWave(context);
		const ids = query.mediaIds.slice(at, at + (size ?? context.concurrency));
		at += ids.length;
		const found = metrics.every(holdsForAll)
			? ids.map((id) => ({ media: { id }, known: new Map() }))
			: await lookUp(ids, metrics, asking);
		const question = { metrics, plan, breakdown, split, fields: [] };
		const { items } = await completeMedia({ media: found, raw: [] }, question, asking);
		yield* items;
	}
	if (query.mediaIds.length > 1) assertSomeAnswered(tally, { isEnd: true });
	await assertNumbersReadable(tally, asking);
}

const KINDS = ['FEED', 'REELS', 'STORY'] as const;

/** Whether posts, reels and stories all have the metric, so that the kind need not be known. */
function holdsForAll(metric: string): boolean {
	const products = mediaMetricRow(metric)?.products;
	return products !== undefined && !mustGoAlone(metric) && KINDS.every((kind) => products.includes(kind));
}

/** Look up what the media are. Those that cannot be read have no numbers either. */
async function lookUp(ids: readonly string[], metrics: readonly string[], asking: Asking): Promise<KnownMedia[]> {
	const requests = ids.map((id) => ({ path: `/${id}`, query: { fields: KIND_FIELDS.join(',') }, what: `media ${id}` }));
	const results = await askEach(requests, MediaNode, asking, asking.options);
	return results.map((result, index): KnownMedia => {
		const id = ids[index] ?? '';
		const error = isInsightsError(result) ? result : result && notMedia(id, result.data);
		if (error !== null) {
			asking.tally.refused.set(id, error);
			return { media: { id }, known: without(metrics, absenceOf(error)), error };
		}
		const media = isInsightsError(result) || result === null ? { id } : { ...fieldsOf(result.data), id };
		return { media, known: isAlbumChild(media) ? without(metrics, ALBUM_CHILD) : new Map() };
	});
}

const KIND_FIELDS = ['id', 'media_type', 'media_product_type', 'timestamp', 'permalink'];

const ALBUM_CHILD: Absence = {
	reason: 'album-child',
	message: 'An item inside an album has no numbers of its own. Ask for the album instead.',
};

/** Items inside an album have no permalink (Meta's guide) and never have insights (S02). */
function isAlbumChild(media: MediaFields): boolean {
	return media.permalink === undefined && media.media_product_type !== 'STORY';
}

function without(metrics: readonly string[], absence: Absence): ReadonlyMap<string, Insight> {
	return new Map(metrics.map((metric) => [metric, absent(metric, absence)]));
}
