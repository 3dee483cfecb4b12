import type { HostName } from '../world/host.ts';

/** What the account edge takes and refuses, by metric. Written from the published references and recorded answers of 2026. */
export type AccountMetricRule = {
	readonly period: 'day' | 'lifetime';
	/** `both`: series unless a total is asked; `total`: only with `metric_type=total_value`; `default`: only without `metric_type`. */
	readonly type: 'both' | 'total' | 'default';
	readonly breakdowns: readonly string[];
	readonly shape: 'count' | 'follows' | 'new-followers' | 'demographics' | 'hours' | 'nothing';
	/** The Facebook host also gives each day the people of the days that end with it. */
	readonly rolling?: boolean;
	/** Days before today that the metric is kept; another number where a host differs. */
	readonly daysBack?: number | Readonly<Record<HostName, number>>;
	/** Below this many followers the metric has no data. */
	readonly minFollowers?: number;
	readonly title: string;
};

const SURFACE = ['media_product_type'];
const PEOPLE = ['age', 'city', 'country', 'gender'];

// biome-ignore format: a table reads by columns
export const ACCOUNT_METRIC_RULES: Readonly<Record<string, AccountMetricRule>> = {
	reach:                         { period: 'day',      type: 'both',    breakdowns: ['media_product_type', 'follow_type'], shape: 'count', rolling: true, title: 'Reach' },
	follower_count:                { period: 'day',      type: 'default', breakdowns: [],                      shape: 'new-followers', daysBack: 30, minFollowers: 100, title: 'Follower Count' },
	website_clicks:                { period: 'day',      type: 'total',   breakdowns: [],                      shape: 'count',         title: 'Website clicks' },
	profile_views:                 { period: 'day',      type: 'total',   breakdowns: [],                      shape: 'count',         title: 'Profile views' },
	online_followers:              { period: 'lifetime', type: 'default', breakdowns: [],                      shape: 'hours', daysBack: 30, minFollowers: 100, title: 'Online Followers' },
	accounts_engaged:              { period: 'day',      type: 'total',   breakdowns: [],                      shape: 'count',         title: 'Accounts engaged' },
	total_interactions:            { period: 'day',      type: 'total',   breakdowns: SURFACE,                 shape: 'count',         title: 'Content interactions' },
	likes:                         { period: 'day',      type: 'total',   breakdowns: SURFACE,                 shape: 'count',         title: 'Likes' },
	comments:                      { period: 'day',      type: 'total',   breakdowns: SURFACE,                 shape: 'count',         title: 'Comments' },
	shares:                        { period: 'day',      type: 'total',   breakdowns: SURFACE,                 shape: 'count',         title: 'Shares' },
	saves:                         { period: 'day',      type: 'total',   breakdowns: SURFACE,                 shape: 'count',         title: 'Saves' },
	replies:                       { period: 'day',      type: 'total',   breakdowns: [],                      shape: 'count',         title: 'Replies' },
	engaged_audience_demographics: { period: 'lifetime', type: 'total',   breakdowns: PEOPLE,                  shape: 'demographics',  title: 'Engaged audience demographics' },
	reached_audience_demographics: { period: 'lifetime', type: 'total',   breakdowns: PEOPLE,                  shape: 'demographics',  title: 'Reached audience demographics' },
	follower_demographics:         { period: 'lifetime', type: 'total',   breakdowns: PEOPLE,                  shape: 'demographics', minFollowers: 100, title: 'Follower demographics' },
	follows_and_unfollows:         { period: 'day',      type: 'total',   breakdowns: ['follow_type'],         shape: 'follows', minFollowers: 100, title: 'Follows and unfollows' },
	profile_links_taps:            { period: 'day',      type: 'total',   breakdowns: ['contact_button_type'], shape: 'count',         title: 'Profile links taps' },
	views:                         { period: 'day',      type: 'total',   breakdowns: ['follow_type', 'media_product_type'], shape: 'count', title: 'Views' },
	threads_likes:                 { period: 'day',      type: 'total',   breakdowns: [],                      shape: 'nothing',       title: 'Threads likes' },
	threads_replies:               { period: 'day',      type: 'total',   breakdowns: [],                      shape: 'nothing',       title: 'Threads replies' },
	reposts:                       { period: 'day',      type: 'total',   breakdowns: [],                      shape: 'count',         title: 'Reposts' },
	quotes:                        { period: 'day',      type: 'total',   breakdowns: [],                      shape: 'nothing',       title: 'Quotes' },
	threads_followers:             { period: 'day',      type: 'total',   breakdowns: [],                      shape: 'nothing',       title: 'Threads followers' },
	threads_follower_demographics: { period: 'day',      type: 'total',   breakdowns: [],                      shape: 'nothing',       title: 'Threads follower demographics' },
	content_views:                 { period: 'day',      type: 'total',   breakdowns: [],                      shape: 'nothing',       title: 'Content views' },
	threads_views:                 { period: 'day',      type: 'total',   breakdowns: [],                      shape: 'nothing',       title: 'Threads views' },
	threads_clicks:                { period: 'day',      type: 'total',   breakdowns: [],                      shape: 'nothing',       title: 'Threads clicks' },
	threads_reposts:               { period: 'day',      type: 'total',   breakdowns: [],                      shape: 'nothing',       title: 'Threads reposts' },
};

/** The names Meta lists when one of the asked ones is wrong, in its order. */
export const ACCOUNT_METRIC_NAMES: readonly string[] = Object.keys(ACCOUNT_METRIC_RULES);

export const ACCOUNT_BREAKDOWNS = [
	'age',
	'city',
	'contact_button_type',
	'country',
	'follow_type',
	'gender',
	'media_product_type',
] as const;

/** Two breakdowns at once are known to work for these pairs only. */
export const ACCOUNT_BREAKDOWN_PAIRS: readonly { readonly metric: string; readonly pair: readonly [string, string] }[] =
	[
		{ metric: 'views', pair: ['follow_type', 'media_product_type'] },
		{ metric: 'follower_demographics', pair: ['age', 'gender'] },
		{ metric: 'engaged_audience_demographics', pair: ['age', 'gender'] },
		{ metric: 'reached_audience_demographics', pair: ['age', 'gender'] },
	];

export const PERIODS = ['day', 'week', 'days_28', 'month', 'lifetime', 'total_over_range'] as const;
/** Days that end with each day of a rolling period. */
export const ROLLING_DAYS: Readonly<Record<string, number>> = { week: 7, days_28: 28 };
export const METRIC_TYPES = ['default', 'time_series', 'total_value'] as const;

/** Days each timeframe looks back. */
export const TIMEFRAMES: Readonly<Record<string, number>> = {
	last_14_days: 14,
	last_30_days: 30,
	last_90_days: 90,
	prev_month: 30,
	this_month: 30,
	this_week: 7,
};

/** Since 2024-08-19 the engaged and reached audiences take these two only. */
export const CURRENT_TIMEFRAMES: readonly string[] = ['this_week', 'this_month'];
