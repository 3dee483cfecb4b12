import type { Introduced, MetricSection, MetricUnit } from './account-metric-row.ts';
import type { Breakdown } from './breakdown.ts';
import type { Host } from './host.ts';
import type { Period } from './period.ts';
import type { KnownProductType } from './product-type.ts';
import type { Confidence, SourceId } from './source.ts';

/** One metric of a single post, reel or story, over its whole life. Null means that no source says. */
export type MediaMetricRow = {
	/** Title Case, as the Instagram app would print it. */
	readonly title: string;
	readonly section: MetricSection;
	/** One plain sentence for people who do not write code. */
	readonly meaning: string;
	readonly status: 'documented';
	readonly hosts: readonly Host[];
	/** How sure the hosts are, where that is less sure than the rest of the row. */
	readonly hostsConfidence: Confidence | null;
	/** Values of `media_product_type` the metric holds for. One post of another type fails the whole request. */
	readonly products: readonly KnownProductType[];
	/** What Meta answers as `period`, whatever was asked. */
	readonly periods: readonly Period[];
	readonly breakdowns: readonly Breakdown[];
	readonly unit: MetricUnit;
	/** May fail for a single post and take the other metrics of its request along: ask for it alone. */
	readonly poison: boolean;
	/** Meta calls the number an estimate. */
	readonly estimated: boolean | null;
	readonly includesAds: boolean | null;
	readonly introduced: Introduced | null;
	readonly confidence: Confidence;
	readonly sources: readonly SourceId[];
	/** `YYYY-MM-DD`: newest reading among the sources. */
	readonly readOn: string;
	/** What else one must know; null when nothing. */
	readonly note: string | null;
};
