import { mediaMetricRow } from '../catalog/media-metric.ts';
import { PRODUCT_TYPES } from '../catalog/product-type.ts';
import { retiredMetricRow } from '../catalog/retired-metric.ts';
import type { ReachableAccount } from '../graph/accounts-answer.ts';
import { type MediaFields, publishedAt } from '../graph/media-answer.ts';
import { type Absence, absenceOf } from '../insight/insight.ts';
import type { InsightsError } from '../insights-error.ts';
import { mustGoAlone } from '../query/plan-media-metrics.ts';

/** What a client has learned about its host and account, so that it meets no refusal twice. */
export type Memory = {
	/** The account that is asked; null until it is known. Its path may be known earlier. */
	account: ReachableAccount | null;
	/** The id of the account that asks what any account can ask; null until it is known. */
	anyAccountId: string | null;
	/** Widest window in seconds that the host accepted; undefined: use the catalog. */
	maxWindowSeconds: number | undefined;
	/** Account metrics by metric, breakdown and metric type. */
	readonly accountMetrics: {
		readonly refused: Map<string, Absence>;
		/** The first days of windows in which a metric, asked alone, was refused without a clear reason. */
		readonly unexplained: Map<string, Set<string>>;
	};
	/** Whether insights may be nested in a list of media. */
	nesting: 'untried' | 'works' | 'refused';
	/** How large the pages of each question may be. */
	readonly pageSizes: Map<string, PageSize>;
	/** Which kinds of media lack which metrics. */
	readonly kinds: KindFacts;
	/** Media published at this instant (ms) or before are older than the business account; null: none met. */
	convertedAfter: number | null;
};

/** What a client has learned about kinds of media. A kind is a product type and a media type: `FEED VIDEO`. */
export type KindFacts = {
	/** Metrics that the host does not know. */
	readonly unknownMetrics: Map<string, Absence>;
	/** Answers and refusals since a kind is suspected to lack a metric, by `<kind> <metric>`. */
	readonly records: Map<string, MetricRecord>;
	/** A kind has explained a refusal: list each page without insights before asking for them. */
	explain: boolean;
};

export type MetricRecord = { answered: number; refused: number; absence: Absence | null };

export function createMemory(): Memory {
	return {
		account: null,
		anyAccountId: null,
		maxWindowSeconds: undefined,
		accountMetrics: { refused: new Map(), unexplained: new Map() },
		nesting: 'untried',
		pageSizes: new Map(),
		kinds: { unknownMetrics: new Map(), records: new Map(), explain: false },
		convertedAfter: null,
	};
}

/** How many media of a kind must refuse a metric, while none answers it, before the kind counts as lacking it. */
const PROOF = { kindUnknown: 1, kindHasIt: 4, oldVideos: 12 } as const;

/** `media_product_type`; undefined if the fields do not say. */
export function productTypeOf(media: MediaFields): string | undefined {
	const type = media.media_product_type;
	return typeof type === 'string' ? type : undefined;
}

/** The kind of a media item; null if its fields do not say. Media of one kind have the same metrics. */
export function kindOf(media: MediaFields): string | null {
	const type = productTypeOf(media);
	return type === undefined ? null : `${type} ${media.media_type ?? ''}`;
}

/** Whether it is a video among posts. Those from before reels refuse metrics that all other posts have (airbyte PR 62902). */
export function isVideoAmongPosts(media: MediaFields): boolean {
	return productTypeOf(media) === 'FEED' && media.media_type === 'VIDEO';
}

/** Why a media item has no value for a metric, if that is known without asking; null: ask. */
export function absenceFor(metric: string, media: MediaFields, memory: Memory): Absence | null {
	const unknown = memory.kinds.unknownMetrics.get(metric);
	if (unknown) return unknown;
	if (isBeforeConversion(media, memory)) return BEFORE_CONVERSION;
	const type = productTypeOf(media);
	if (type !== undefined) {
		const record = recordOf(metric, media, memory);
		if (record?.absence && record.answered === 0 && record.refused >= proofFor(metric, media)) return record.absence;
		if (catalogSays(metric, type) === false) {
			const title = isKnown(type) ? PRODUCT_TYPES[type].title : type;
			const others = (mediaMetricRow(metric)?.products ?? []).map((one) => PRODUCT_TYPES[one].plural.toLowerCase());
			return {
				reason: 'unsupported',
				message: `${title}: Instagram has "${metric}" for ${others.join(' and ')} only.`,
			};
		}
	}
	const published = publishedAt(media);
	const before = retiredMetricRow('media', metric)?.onlyMediaBefore;
	if (before && published !== undefined && published >= Date.parse(`${before}T00:00:00Z`)) {
		return { reason: 'unsupported', message: `Instagram has "${metric}" only for media published before ${before}.` };
	}
	return null;
}

/** Whether a media item will more likely refuse a metric than answer it. If so, do not ask for it together with others. */
export function isSuspect(metric: string, media: MediaFields, memory: Memory): boolean {
	const record = recordOf(metric, media, memory);
	return record !== undefined && record.refused > record.answered;
}

/** How many media of a kind to ask for a suspect metric first: as many as prove that the kind lacks it. */
export function proofFor(metric: string, media: MediaFields): number {
	if (catalogSays(metric, productTypeOf(media) ?? '') === undefined) return PROOF.kindUnknown;
	return isVideoAmongPosts(media) ? PROOF.oldVideos : PROOF.kindHasIt;
}

/** Start to count which media of this kind answer these metrics, because one of them may have refused. */
export function suspectKind(media: MediaFields, metrics: readonly string[], kinds: KindFacts): void {
	for (const metric of metrics) {
		const key = recordKey(metric, media);
		if (key !== null && !kinds.records.has(key)) kinds.records.set(key, { answered: 0, refused: 0, absence: null });
	}
}

/** Count the suspect metrics that a media item answered. */
export function noteAnswered(media: MediaFields, metrics: readonly string[], memory: Memory): void {
	if (memory.kinds.records.size === 0) return;
	for (const metric of metrics) {
		const record = recordOf(metric, media, memory);
		if (record) record.answered += 1;
	}
}

/**
 * Remember that a media item refused metrics asked alone. If the catalog says that its kind has them, one refusal may be an
 * exception (old videos among posts refuse `views`). Metrics that fail for single posts anyway say nothing about others.
 */
export function noteRefused(
	media: MediaFields,
	metrics: readonly string[],
	error: InsightsError,
	{ kinds }: Memory,
): void {
	// "Must be a valid insights metric" may be about the medium's id.
	if (error.kind === 'unknown-metric' && error.graph?.rule !== 'metric-invalid') {
		for (const metric of metrics) kinds.unknownMetrics.set(metric, absenceOf(error));
		return;
	}
	const learnable = metrics.filter((metric) => !mustGoAlone(metric));
	suspectKind(media, learnable, kinds);
	for (const metric of learnable) {
		const record = kinds.records.get(recordKey(metric, media) ?? '');
		if (!record) continue;
		record.refused += 1;
		record.absence ??= absenceOf(error);
		// A second refusal is not an exception: from now on, look at the kinds first.
		if (record.refused > 1) kinds.explain = true;
	}
}

/** Whether a media item is known to be older than the business account. */
export function isBeforeConversion(media: MediaFields, { convertedAfter }: Memory): boolean {
	const published = publishedAt(media);
	return convertedAfter !== null && published !== undefined && published <= convertedAfter;
}

/** Remember that this media item and all older ones are older than the business account. */
export function noteBeforeConversion(media: MediaFields, memory: Memory): void {
	const published = publishedAt(media);
	if (published !== undefined) memory.convertedAfter = Math.max(memory.convertedAfter ?? 0, published);
}

/** Why media older than the professional account have no numbers. */
export const BEFORE_CONVERSION: Absence = {
	reason: 'before-conversion',
	message: 'Published before the account became a professional account. Instagram has no insights for it.',
};

/** Whether media of this product type have the metric; undefined: the catalog does not know one of them. */
function catalogSays(metric: string, type: string): boolean | undefined {
	const row = mediaMetricRow(metric);
	if (!row || !isKnown(type)) return undefined;
	return row.products.includes(type);
}

function isKnown(type: string): type is keyof typeof PRODUCT_TYPES {
	return Object.hasOwn(PRODUCT_TYPES, type);
}

function recordOf(metric: string, media: MediaFields, { kinds }: Memory): MetricRecord | undefined {
	return kinds.records.size === 0 ? undefined : kinds.records.get(recordKey(metric, media) ?? '');
}

function recordKey(metric: string, media: MediaFields): string | null {
	const kind = kindOf(media);
	return kind === null ? null : `${kind} ${metric}`;
}

/**
 * How many media a page of one question may hold. If Graph finds a page too heavy, half is asked for. One heavy media item may
 * be the reason, so a larger page is tried again after some good ones, and later each time it fails.
 */
export type PageSize = {
	cap: number;
	/** How many pages of the largest size were read in a row. */
	good: number;
	/** How many of them to read before a larger page is tried. */
	goodNeeded: number;
	/** `cap` was raised and no page of that size was read yet. */
	raised: boolean;
};

/** The remembered page size of a question; unlimited at first. */
export function pageSizeOf(question: readonly (string | readonly string[])[], sizes: Map<string, PageSize>): PageSize {
	const key = JSON.stringify(question);
	const size = sizes.get(key) ?? { cap: Number.POSITIVE_INFINITY, good: 0, goodNeeded: 3, raised: false };
	sizes.set(key, size);
	return size;
}

/** @param most the largest page known to be light enough, or half of the one that was too heavy */
export function shrinkPages(size: PageSize, most: number): void {
	if (size.raised) size.goodNeeded *= 2;
	size.cap = Math.max(1, Math.floor(most));
	size.good = 0;
	size.raised = false;
}

/** Note that a page of `limit` media was read. */
export function countPage(size: PageSize, limit: number): void {
	if (limit < size.cap) return;
	size.raised = false;
	size.good += 1;
	if (size.good < size.goodNeeded) return;
	size.cap *= 2;
	size.good = 0;
	size.raised = true;
}
