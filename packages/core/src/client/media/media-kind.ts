import { MEDIA_METRICS, mediaMetricRow } from '../../catalog/media-metric.ts';
import { PRODUCT_TYPES } from '../../catalog/product-type.ts';
import { retiredMetricRow } from '../../catalog/retired-metric.ts';
import type { MediaFields } from '../../graph/media-answer.ts';
import type { Absence } from '../absence.ts';
import type { Memory } from '../memory.ts';

/** `media_product_type`, or undefined where the fields do not say. */
export function productTypeOf(media: MediaFields): string | undefined {
	const type = media.media_product_type;
	return typeof type === 'string' ? type : undefined;
}

/** When the media was published, in ms; undefined where the fields do not say. Graph writes `+0000` without a colon. */
export function publishedAt(media: MediaFields): number | undefined {
	if (typeof media.timestamp !== 'string') return undefined;
	const instant = Date.parse(media.timestamp.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
	return Number.isNaN(instant) ? undefined : instant;
}

/** Videos among posts: the old ones of before reels refuse metrics that every other post has (airbyte PR 62902). */
export function isVideoAmongPosts(media: MediaFields): boolean {
	return productTypeOf(media) === 'FEED' && media.media_type === 'VIDEO';
}

/**
 * Whether this medium will sooner refuse a metric than not, though its kind has it: then it must not travel with others.
 * As long as most videos answer, cornering the one that refuses is cheaper.
 */
export function isDoubtful(metric: string, media: MediaFields, { doubtfulForVideos, videos }: Memory): boolean {
	return isVideoAmongPosts(media) && doubtfulForVideos.has(metric) && videos.refused > videos.answered;
}

/**
 * Count what became of the doubtful metrics of a medium, when it is a video among posts and was asked for one. A second
 * one that refuses is no exception: from then on pages are listed before, so that cornering goes by the videos.
 */
export function countVideo(
	media: MediaFields,
	metrics: readonly string[],
	fate: 'answered' | 'refused',
	memory: Memory,
): void {
	const { doubtfulForVideos, videos } = memory;
	if (!isVideoAmongPosts(media) || !metrics.some((metric) => doubtfulForVideos.has(metric))) return;
	videos[fate] += 1;
	if (videos.refused > 1) memory.listFirst = true;
}

/** Why a medium has no value for a metric, as far as that is known without asking; null: ask. */
export function absenceFor(metric: string, media: MediaFields, memory: Memory): Absence | null {
	const unknown = memory.unknownMediaMetrics.get(metric);
	if (unknown) return unknown;
	if (isBeforeConversion(media, memory)) return BEFORE_CONVERSION;
	const published = publishedAt(media);
	const type = productTypeOf(media);
	if (type !== undefined) {
		const refused = memory.refusedKinds.get(kindKey(type, metric));
		if (refused) return refused;
		if (vouchedFor(metric, type) === false) {
			const title = Object.hasOwn(PRODUCT_TYPES, type) ? PRODUCT_TYPES[type as keyof typeof PRODUCT_TYPES].title : type;
			return { reason: 'unsupported', message: `${title}: Instagram has no "${metric}" for this kind of media.` };
		}
	}
	const before = retiredMetricRow('media', metric)?.onlyMediaBefore;
	if (before && published !== undefined && published >= Date.parse(`${before}T00:00:00Z`)) {
		return { reason: 'unsupported', message: `Only media from before ${before} have "${metric}".` };
	}
	return null;
}

/** Whether a medium is known to be older than the business account. */
export function isBeforeConversion(media: MediaFields, { convertedAfter }: Memory): boolean {
	const published = publishedAt(media);
	return convertedAfter !== null && published !== undefined && published <= convertedAfter;
}

/** Why media from before the switch to a professional account have no numbers. */
export const BEFORE_CONVERSION: Absence = {
	reason: 'before-conversion',
	message: 'Published before the account became a professional one: Instagram never has numbers for it.',
};

/** What the catalog says: the kind has the metric, has it not, or (undefined) it does not know one of the two. */
function vouchedFor(metric: string, type: string): boolean | undefined {
	const row = mediaMetricRow(metric);
	if (!row || !Object.hasOwn(PRODUCT_TYPES, type)) return undefined;
	return row.products.some((product) => product === type);
}

/**
 * Keep in mind that a kind of media does not have a metric. Where the catalog says that the kind has it, one post that
 * refuses is an exception (old videos among posts refuse `views`) and says nothing about the next.
 */
export function rememberRefusal(metric: string, media: MediaFields, absence: Absence, memory: Memory): void {
	const type = productTypeOf(media);
	if (type === undefined || absence.reason !== 'unsupported' || vouchedFor(metric, type) !== undefined) return;
	memory.refusedKinds.set(kindKey(type, metric), absence);
}

/** Names among these that the catalog does not hold. */
export function namesOutsideCatalog(metrics: readonly string[]): string[] {
	return metrics.filter((metric) => !Object.hasOwn(MEDIA_METRICS, metric));
}

function kindKey(type: string, metric: string): string {
	return `${type} ${metric}`;
}
