import type { Breakdown } from './breakdown.ts';
import type { Host } from './host.ts';
import type { LimitsRow } from './limit.ts';
import type { KnownProductType } from './product-type.ts';
import type { Confidence, SourceId } from './source.ts';

/**
 * `documented`: on Meta's reference page. `live_undocumented`: not on the page, but answered by the live API.
 */
export type MetricStatus = 'documented' | 'live_undocumented';

/** What is counted. `people` are unique accounts: their counts never add up across days or buckets. */
export type MetricUnit = 'count' | 'people' | 'milliseconds' | 'percent';

/**
 * How values of several days combine: `sum` may be added; `unique` counts each person once, so adding days counts
 * people again (21 to 56 % too many when measured, S09 S12); `snapshot` is a state, not a flow.
 */
export type Aggregation = 'sum' | 'unique' | 'snapshot';

/** Where the number is in the answer. */
export type ValueShape = 'total_value' | 'breakdowns_only' | 'time_series' | 'hour_map';

/** The section of the Instagram app's insights where people look for a metric. */
export type MetricSection = 'Audience' | 'Followers' | 'Interactions' | 'Profile' | 'Reach' | 'Views' | 'Watch Time';

/** What is known about every metric. Null means that no source says. */
type MetricRow = {
	/** Title Case, as the Instagram app would print it. */
	readonly title: string;
	readonly section: MetricSection;
	/** One plain sentence for people who do not write code. */
	readonly meaning: string;
	readonly status: MetricStatus;
	readonly hosts: readonly Host[];
	readonly breakdowns: readonly Breakdown[];
	readonly unit: MetricUnit;
	/** Meta calls the number an estimate. */
	readonly estimated: boolean | null;
	readonly includesAds: boolean | null;
	/** `YYYY-MM-DD`: exists since this day, on every version. */
	readonly introducedOn: string | null;
	readonly confidence: Confidence;
	readonly sources: readonly SourceId[];
	/** `YYYY-MM-DD`: newest reading among the sources. */
	readonly readOn: string;
	/** What else to know; null when nothing. */
	readonly note: string | null;
};

/** One account metric. */
export type AccountMetricRow = MetricRow & {
	/** Whether lists offer it. A metric that is not offered can still be asked by name. */
	readonly offered: boolean;
	/** The first is what this library asks unless a question says otherwise. */
	readonly periods: readonly Period[];
	/** The hosts where a period other than the first works; a period that is not listed works on all hosts of the metric. */
	readonly periodHosts: Readonly<Partial<Record<Period, readonly Host[]>>>;
	/** `default` means that no `metric_type` may be sent. */
	readonly metricTypes: readonly MetricType[];
	/** Without a breakdown the answer has no value. */
	readonly requiresBreakdown: boolean;
	/** Breakdowns that may be asked for together, in this order. */
	readonly breakdownPairs: readonly (readonly [Breakdown, Breakdown])[];
	/** What a bucket means, if its name does not say it. */
	readonly bucketMeanings: Readonly<Record<string, string>>;
	/** Most buckets Meta returns. */
	readonly breakdownRowsMax: number | null;
	/** Values of `timeframe` that work; empty where the metric takes none. */
	readonly timeframes: readonly Timeframe[];
	/** Values that the reference page still lists though the changelog ended them. */
	readonly legacyTimeframes: readonly Timeframe[];
	/** The metric also works without `timeframe`; null: not tried. */
	readonly timeframeOptional: boolean | null;
	/** Its own limits. Those left out are as for all account insights (`ACCOUNT_LIMITS`). */
	readonly limits: LimitsRow;
	/** Today's bucket is never served. */
	readonly excludesToday: boolean;
	readonly valueShape: ValueShape;
	/** IANA zone of the hours of an hour map; null: Meta does not say, or the metric has no hours. */
	readonly hourZone: string | null;
	readonly aggregation: Aggregation;
};

/** What most account metrics share: a total of additive events over days, on both hosts. */
export const DAILY_TOTAL = {
	status: 'documented',
	offered: true,
	hosts: ['graph.instagram.com', 'graph.facebook.com'],
	periods: ['day'],
	periodHosts: {},
	metricTypes: ['total_value'],
	breakdowns: [],
	requiresBreakdown: false,
	breakdownPairs: [],
	bucketMeanings: {},
	breakdownRowsMax: null,
	timeframes: [],
	legacyTimeframes: [],
	timeframeOptional: null,
	limits: {},
	excludesToday: false,
	valueShape: 'total_value',
	hourZone: null,
	unit: 'count',
	aggregation: 'sum',
	estimated: null,
	includesAds: null,
	introducedOn: null,
	confidence: 'high',
	note: null,
} as const satisfies Partial<AccountMetricRow>;

/** What the audience metrics share: people by age, city, country or gender, as they are now. */
export const DEMOGRAPHICS = {
	...DAILY_TOTAL,
	periods: ['lifetime'],
	breakdowns: ['age', 'city', 'country', 'gender'],
	requiresBreakdown: true,
	breakdownPairs: [['age', 'gender']],
	breakdownRowsMax: 45,
	timeframes: ['this_week', 'this_month'],
	legacyTimeframes: ['last_14_days', 'last_30_days', 'last_90_days', 'prev_month'],
	valueShape: 'breakdowns_only',
	unit: 'people',
	aggregation: 'snapshot',
} as const satisfies Partial<AccountMetricRow>;

/** One metric of a single post, reel or story, over its whole life. */
export type MediaMetricRow = MetricRow & {
	/** How sure the hosts are, if less sure than the rest of the row. */
	readonly hostsConfidence: Confidence | null;
	/** Values of `media_product_type` that have the metric. One post of another type makes the whole request fail. */
	readonly products: readonly KnownProductType[];
	/** How values of several posts combine: `mean` is an average or a share, of which only averages and medians make sense. */
	readonly aggregation: Extract<Aggregation, 'sum' | 'unique'> | 'mean';
	/** It can fail for a single post and make the other metrics of its request fail: request it alone. */
	readonly poison: boolean;
};

/**
 * A value of the `period` parameter. Insights of today use `day`, `lifetime` and, for one metric, the rolling `week` and
 * `days_28`. The API's schema lists `month` and `total_over_range` too (S04); no metric is known to take them.
 */
export type Period = 'day' | 'week' | 'days_28' | 'lifetime';

/** Periods where each day has the number of the days that end with it, and how many days. */
export const ROLLING_PERIODS = { week: 7, days_28: 28 } as const;
/** A period where each day covers several days that end with it. */
export type RollingPeriod = keyof typeof ROLLING_PERIODS;

/**
 * The form in which an account metric is requested (S04). `default` means no `metric_type`, which `follower_count` and
 * `online_followers` need.
 */
export type MetricType = 'default' | 'time_series' | 'total_value';

/** One timeframe of audience demographics. */
export type TimeframeRow = {
	readonly title: string;
	/** Its length in days. */
	readonly days: number | null;
	/** `false`: refused for engaged and reached audiences since 2024-08-19 (S03), unproven for followers. */
	readonly current: boolean;
};

/** Values of `timeframe`, the span that audience demographics look back over. */
// biome-ignore format: a table reads by columns
const ROWS = {
	this_week:    { title: 'Last 7 Days',    days: 7,    current: true },
	this_month:   { title: 'Last 30 Days',   days: 30,   current: true },
	last_14_days: { title: 'Last 14 Days',   days: 14,   current: false },
	last_30_days: { title: 'Last 30 Days (Older Name)', days: 30, current: false },
	last_90_days: { title: 'Last 90 Days',   days: 90,   current: false },
	prev_month:   { title: 'Previous Month', days: null, current: false },
} as const satisfies Record<string, TimeframeRow>;

/** A value of the `timeframe` parameter. */
export type Timeframe = keyof typeof ROWS;
/** How far back audience demographics can look. Sources S01, S03. */
export const TIMEFRAMES: Readonly<Record<Timeframe, TimeframeRow>> = ROWS;
