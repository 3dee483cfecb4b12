import { mediaMetricRow } from '../catalog/media-metric.ts';
import { PRODUCT_TYPES } from '../catalog/product-type.ts';
import { retiredMetricRow } from '../catalog/retired-metric.ts';
import type { ReachableAccount } from '../graph/accounts-answer.ts';
import type { MediaFields } from '../graph/media-answer.ts';
import { publishedAt } from '../insight/read-media.ts';
import type { InsightsError } from '../insights-error.ts';
import { mustGoAlone } from '../query/plan-media-metrics.ts';
import { type Absence, absenceOf } from './absence.ts';

/** What a client has learnt about its host and account, kept for its life so that no refusal is met twice. */
export type Memory = {
	/** The account that is asked, once known; its path may be known before. */
	account: ReachableAccount | null;
	/** Widest window in seconds the host was seen to take; undefined: only the catalog's word. */
	maxWindowSeconds: number | undefined;
	/** Account metrics by metric, breakdown and metric type. */
	readonly accountMetrics: {
		readonly refused: Map<string, Absence>;
		/** Days whose windows a metric was refused for by itself without a clear cause. */
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

/** What a client has learnt of kinds of media. A kind is a product type and a media type: `FEED VIDEO`. */
export type KindFacts = {
	/** Metrics that the host does not know at all. */
	readonly unknownMetrics: Map<string, Absence>;
	/** What media of a kind answered once one of them was suspected to refuse a metric, as `<kind> <metric>`. */
	readonly records: Map<string, MetricRecord>;
	/** Kinds have explained refusals: a page is listed plainly before its insights are asked for. */
	explain: boolean;
};

export type MetricRecord = { answered: number; refused: number; absence: Absence | null };

export function createMemory(): Memory {
	return {
		account: null,
		maxWindowSeconds: undefined,
		accountMetrics: { refused: new Map(), unexplained: new Map() },
		nesting: 'untried',
		pageSizes: new Map(),
		kinds: { unknownMetrics: new Map(), records: new Map(), explain: false },
		convertedAfter: null,
	};
}

/** Media of a kind that must refuse a metric, and none answer it, before the kind is said to lack it. */
const PROOF = { kindUnknown: 1, kindHasIt: 4, oldVideos: 12 } as const;

/** `media_product_type`, or undefined where the fields do not say. */
export function productTypeOf(media: MediaFields): string | undefined {
	const type = media.media_product_type;
	return typeof type === 'string' ? type : undefined;
}

/** Media of one kind have the same metrics; null where the fields do not say. */
export function kindOf(media: MediaFields): string | null {
	const type = productTypeOf(media);
	return type === undefined ? null : `${type} ${media.media_type ?? ''}`;
}

/** Videos among posts: the old ones of before reels refuse metrics that every other post has (airbyte PR 62902). */
export function isVideoAmongPosts(media: MediaFields): boolean {
	return productTypeOf(media) === 'FEED' && media.media_type === 'VIDEO';
}

/** Why a medium has no value for a metric, as far as that is known without asking; null: ask. */
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
			return { reason: 'unsupported', message: `${title}: Instagram has no "${metric}" for this kind of media.` };
		}
	}
	const published = publishedAt(media);
	const before = retiredMetricRow('media', metric)?.onlyMediaBefore;
	if (before && published !== undefined && published >= Date.parse(`${before}T00:00:00Z`)) {
		return { reason: 'unsupported', message: `Only media from before ${before} have "${metric}".` };
	}
	return null;
}

/** Whether a medium will sooner refuse a metric than answer it: then it must not travel with others. */
export function isSuspect(metric: string, media: MediaFields, memory: Memory): boolean {
	const record = recordOf(metric, media, memory);
	return record !== undefined && record.refused > record.answered;
}

/** How many media of a kind to ask for a suspect metric before the next are: as many as would prove that it is lacking. */
export function proofFor(metric: string, media: MediaFields): number {
	if (catalogSays(metric, productTypeOf(media) ?? '') === undefined) return PROOF.kindUnknown;
	return isVideoAmongPosts(media) ? PROOF.oldVideos : PROOF.kindHasIt;
}

/** From now on, count which media of this kind answer these metrics: one of them may have refused. */
export function suspectKind(media: MediaFields, metrics: readonly string[], kinds: KindFacts): void {
	for (const metric of metrics) {
		const key = recordKey(metric, media);
		if (key !== null && !kinds.records.has(key)) kinds.records.set(key, { answered: 0, refused: 0, absence: null });
	}
}

/** Count the suspect metrics that a medium answered. */
export function noteAnswered(media: MediaFields, metrics: readonly string[], memory: Memory): void {
	if (memory.kinds.records.size === 0) return;
	for (const metric of metrics) {
		const record = recordOf(metric, media, memory);
		if (record) record.answered += 1;
	}
}

/**
 * Keep in mind that a medium refused metrics by themselves. Where the catalog says that its kind has them, one may be an
 * exception (old videos among posts refuse `views`); metrics that fail for single posts anyway say nothing about others.
 */
export function noteRefused(
	media: MediaFields,
	metrics: readonly string[],
	error: InsightsError,
	{ kinds }: Memory,
): void {
	// "Must be a valid insights metric" may be about the medium's ID.
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
		// A second one is not an exception: from then on the kinds are looked at before.
		if (record.refused > 1) kinds.explain = true;
	}
}

/** Whether a medium is known to be older than the business account. */
export function isBeforeConversion(media: MediaFields, { convertedAfter }: Memory): boolean {
	const published = publishedAt(media);
	return convertedAfter !== null && published !== undefined && published <= convertedAfter;
}

/** This medium, and all older ones, are from before the business account. */
export function noteBeforeConversion(media: MediaFields, memory: Memory): void {
	const published = publishedAt(media);
	if (published !== undefined) memory.convertedAfter = Math.max(memory.convertedAfter ?? 0, published);
}

/** Why media from before the switch to a professional account have no numbers. */
export const BEFORE_CONVERSION: Absence = {
	reason: 'before-conversion',
	message: 'Published before the account became a professional one: Instagram never has numbers for it.',
};

/** Whether the kind has the metric; undefined: the catalog does not know one of the two. */
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
 * How many media a page of one question may hold. Graph finds some pages too heavy: then half is asked for. Since one
 * heavy medium may have been the cause, a larger page is tried again after some good ones, later each time it fails.
 */
export type PageSize = {
	cap: number;
	/** Good pages of the largest size in a row. */
	good: number;
	/** So many of them before a larger page is tried. */
	goodNeeded: number;
	/** The size was raised and has not yet been read. */
	raised: boolean;
};

/** The size of the pages of a question among those the client remembers; without limit the first time. */
export function pageSizeOf(question: readonly (string | readonly string[])[], sizes: Map<string, PageSize>): PageSize {
	const key = JSON.stringify(question);
	const size = sizes.get(key) ?? { cap: Number.POSITIVE_INFINITY, good: 0, goodNeeded: 3, raised: false };
	sizes.set(key, size);
	return size;
}

/** @param most the largest page known to be light enough, or half of the one that was not */
export function shrinkPages(size: PageSize, most: number): void {
	if (size.raised) size.goodNeeded *= 2;
	size.cap = Math.max(1, Math.floor(most));
	size.good = 0;
	size.raised = false;
}

/** A page of so many media was read. */
export function countPage(size: PageSize, limit: number): void {
	if (limit < size.cap) return;
	size.raised = false;
	size.good += 1;
	if (size.good < size.goodNeeded) return;
	size.cap *= 2;
	size.good = 0;
	size.raised = true;
}
