import type { AccountMetric } from './account-metric.ts';
import type { Breakdown } from './breakdown.ts';
import type { MetricType, Period, Timeframe } from './period.ts';

/** Account metrics that may travel in one request. One metric outside its group makes the whole request fail. */
export type RequestGroupRow = {
	readonly id: string;
	readonly period: Period;
	/** `default`: send no `metric_type`. */
	readonly metricType: MetricType;
	/** One of these as `breakdown`; empty: send none. */
	readonly breakdowns: readonly Breakdown[];
	readonly timeframe: Timeframe | null;
	readonly metrics: readonly AccountMetric[];
};

/** The fewest requests that read everything, as measured: twelve totals in one call work (S06, S12). */
export const ACCOUNT_REQUEST_GROUPS: readonly RequestGroupRow[] = [
	{
		id: 'totals',
		period: 'day',
		metricType: 'total_value',
		breakdowns: [],
		timeframe: null,
		// biome-ignore format: a list of names reads as a paragraph
		metrics: [
			'reach', 'views', 'accounts_engaged', 'total_interactions', 'likes', 'comments', 'saves', 'shares', 'replies',
			'reposts', 'profile_links_taps', 'profile_views', 'website_clicks',
		],
	},
	{
		id: 'followType',
		period: 'day',
		metricType: 'total_value',
		breakdowns: ['follow_type'],
		timeframe: null,
		metrics: ['reach', 'views', 'follows_and_unfollows'],
	},
	{
		id: 'surface',
		period: 'day',
		metricType: 'total_value',
		breakdowns: ['media_product_type'],
		timeframe: null,
		metrics: ['reach', 'views', 'total_interactions', 'likes', 'comments', 'saves', 'shares'],
	},
	{
		id: 'contactButtons',
		period: 'day',
		metricType: 'total_value',
		breakdowns: ['contact_button_type'],
		timeframe: null,
		metrics: ['profile_links_taps'],
	},
	{
		id: 'reachSeries',
		period: 'day',
		metricType: 'time_series',
		breakdowns: [],
		timeframe: null,
		metrics: ['reach'],
	},
	{
		id: 'newFollowers',
		period: 'day',
		metricType: 'default',
		breakdowns: [],
		timeframe: null,
		metrics: ['follower_count'],
	},
	{
		id: 'onlineFollowers',
		period: 'lifetime',
		metricType: 'default',
		breakdowns: [],
		timeframe: null,
		metrics: ['online_followers'],
	},
	{
		id: 'demographics',
		period: 'lifetime',
		metricType: 'total_value',
		breakdowns: ['age', 'city', 'country', 'gender'],
		timeframe: 'this_month',
		metrics: ['follower_demographics'],
	},
];
