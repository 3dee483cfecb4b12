import type { Breakdown } from './breakdown.ts';
import type { Host } from './host.ts';
import type { MetricType, Period, Timeframe } from './period.ts';
import type { Confidence, SourceId } from './source.ts';

/**
 * `documented`: on Meta's reference page. `live_undocumented`: not on the page, but answered by the live API.
 */
export type AccountMetricStatus = 'documented' | 'live_undocumented';

/** What one is counting. `people` are unique accounts: their counts never add up across days or buckets. */
export type MetricUnit = 'count' | 'people' | 'milliseconds' | 'percent';

/**
 * How values of several days combine: `sum` may be added; `unique` counts each person once, so adding days counts
 * people again (21 to 56 % too many when measured, S09 S12); `snapshot` is a state, not a flow.
 */
export type Aggregation = 'sum' | 'unique' | 'snapshot';

/** Where the number sits in the answer. */
export type ValueShape = 'total_value' | 'breakdowns_only' | 'time_series' | 'hour_map';

/** From when a metric exists. `version: 'all'` means every version since the date (`YYYY-MM-DD`). */
export type Introduced = { readonly version: string; readonly date: string };

/** Since when a metric, or one way of asking for it, no longer works. */
export type Deprecated = { readonly version: string; readonly date: string; readonly scope: string };

/** The part of the Instagram app's insights in which people look for a metric. */
export type MetricSection = 'Audience' | 'Followers' | 'Interactions' | 'Profile' | 'Views' | 'Watch Time';

/** One account metric. Null means that no source says. */
export type AccountMetricRow = {
	/** Title Case, as the Instagram app would print it. */
	readonly title: string;
	readonly section: MetricSection;
	/** One plain sentence for people who do not write code. */
	readonly meaning: string;
	readonly status: AccountMetricStatus;
	readonly hosts: readonly Host[];
	readonly periods: readonly Period[];
	/** `default` means that no `metric_type` may be sent. */
	readonly metricTypes: readonly MetricType[];
	readonly breakdowns: readonly Breakdown[];
	/** Without a breakdown the answer has no value. */
	readonly requiresBreakdown: boolean;
	/** Breakdowns that may be asked for together, in this order. */
	readonly breakdownPairs: readonly (readonly [Breakdown, Breakdown])[];
	/** What a bucket means where its name does not say it. */
	readonly bucketMeanings: Readonly<Record<string, string>>;
	/** Most buckets Meta returns. */
	readonly breakdownRowsMax: number | null;
	/** Values of `timeframe` that work; empty where the metric takes none. */
	readonly timeframes: readonly Timeframe[];
	/** Values that the reference page still lists though the changelog ended them. */
	readonly legacyTimeframes: readonly Timeframe[];
	/** The metric answers without `timeframe` too; null where nobody tried. */
	readonly timeframeOptional: boolean | null;
	/** Whether `since` and `until` change the answer. */
	readonly sinceUntil: 'optional' | 'ignored';
	/** Days that can be asked for before today; null: the general limit holds. */
	readonly maxLookbackDays: number | null;
	/** Today's bucket is never served. */
	readonly excludesToday: boolean;
	readonly valueShape: ValueShape;
	readonly unit: MetricUnit;
	readonly aggregation: Aggregation;
	/** Fewer followers: no data. */
	readonly minFollowers: number | null;
	/** Fewer engagements in the timeframe: no data. */
	readonly minEngagements: number | null;
	/** Meta calls the number an estimate. */
	readonly estimated: boolean | null;
	readonly includesAds: boolean | null;
	readonly introduced: Introduced | null;
	/** An ended way of asking; the metric itself still works. */
	readonly deprecated: Deprecated | null;
	readonly confidence: Confidence;
	readonly sources: readonly SourceId[];
	/** `YYYY-MM-DD`: newest reading among the sources. */
	readonly readOn: string;
	/** What else one must know; null when nothing. */
	readonly note: string | null;
};
