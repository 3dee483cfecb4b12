/**
 * A value of the `period` parameter. Insights of today use `day`, `lifetime` and, for one metric, the rolling `week` and
 * `days_28`. The API's schema lists `month` and `total_over_range` too (S04); no metric is known to take them.
 */
export type Period = 'day' | 'week' | 'days_28' | 'lifetime';

/** Periods that give every day the number of the days that end with it, and how many days those are. */
export const ROLLING_PERIODS = { week: 7, days_28: 28 } as const;
/** A period whose every day stands for several days that end with it. */
export type RollingPeriod = keyof typeof ROLLING_PERIODS;

/**
 * The shape an account metric is asked in (S04). `default` stands for no `metric_type` at all, which `follower_count` and
 * `online_followers` insist on.
 */
export type MetricType = 'default' | 'time_series' | 'total_value';

/** One span that audience demographics look back over. */
export type TimeframeRow = {
	readonly title: string;
	/** Length in days that the name stands for. */
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
