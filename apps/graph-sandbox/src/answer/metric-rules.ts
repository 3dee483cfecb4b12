import type { HostName } from '../world/host.ts';
import type { ProductType } from '../world/media.ts';

/** What the account edge takes and refuses, by metric. Written from the published references and recorded answers of 2026. */
export type AccountMetricRule = {
	readonly period: 'day' | 'lifetime';
	/** `both`: series unless a total is asked; `total`: only with `metric_type=total_value`; `default`: only without `metric_type`. */
	readonly type: 'both' | 'total' | 'default';
	readonly breakdowns: readonly string[];
	readonly shape: 'count' | 'follows' | 'new-followers' | 'demographics' | 'hours' | 'nothing';
	/** The Facebook host also has the periods `week` and `days_28`: each day has the people of the days that end with it. */
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

/** Since 2024-08-19 the engaged and reached audiences accept these two only. */
export const CURRENT_TIMEFRAMES: readonly string[] = ['this_week', 'this_month'];

/** Which product types have a metric, on which host, and what fails a call. */
export type MediaMetricRule = {
	readonly products: readonly ProductType[];
	/** Set when only one host knows the name. */
	readonly onlyOn?: HostName;
	readonly breakdown?: (typeof MEDIA_BREAKDOWNS)[number];
	/** Throws "Fatal" for a medium that was not shared to Facebook, and takes the other metrics with it. */
	readonly needsFacebook?: boolean;
	readonly title: string;
};

const ALL: readonly ProductType[] = ['FEED', 'REELS', 'STORY'];
const POSTS: readonly ProductType[] = ['FEED', 'REELS'];
const NOT_REELS: readonly ProductType[] = ['FEED', 'STORY'];
const REELS: readonly ProductType[] = ['REELS'];
const STORY: readonly ProductType[] = ['STORY'];
const FACEBOOK = 'graph.facebook.com';

// biome-ignore format: a table reads by columns
export const MEDIA_METRIC_RULES: Readonly<Record<string, MediaMetricRule>> = {
	impressions:                    { products: NOT_REELS, title: 'Impressions' },
	reach:                          { products: ALL,       title: 'Accounts reached' },
	replies:                        { products: STORY,     title: 'Replies' },
	saved:                          { products: POSTS,     title: 'Saved' },
	likes:                          { products: POSTS,     title: 'Likes' },
	comments:                       { products: POSTS,     title: 'Comments' },
	shares:                         { products: ALL,       title: 'Shares' },
	total_interactions:             { products: ALL,       title: 'Interactions' },
	follows:                        { products: NOT_REELS, title: 'Follows' },
	profile_visits:                 { products: NOT_REELS, title: 'Profile visits' },
	profile_activity:               { products: NOT_REELS, breakdown: 'action_type', title: 'Profile activity' },
	navigation:                     { products: STORY,     breakdown: 'story_navigation_action_type', title: 'Navigation' },
	ig_reels_video_view_total_time: { products: REELS,     title: 'Watch time' },
	ig_reels_avg_watch_time:        { products: REELS,     title: 'Average watch time' },
	views:                          { products: ALL,       title: 'Views' },
	reels_skip_rate:                { products: REELS,     title: 'Skip rate' },
	reposts:                        { products: ALL,       title: 'Reposts' },
	facebook_views:                 { products: ALL,       needsFacebook: true, title: 'Facebook views' },
	crossposted_views:              { products: REELS,     needsFacebook: true, title: 'Crossposted views' },
	total_views:                    { products: ALL,       onlyOn: FACEBOOK, title: 'Total views' },
	total_likes:                    { products: POSTS,     onlyOn: FACEBOOK, title: 'Total likes' },
	total_comments:                 { products: POSTS,     onlyOn: FACEBOOK, title: 'Total comments' },
	link_clicks:                    { products: STORY,     onlyOn: FACEBOOK, title: 'Link clicks' },
};

/** The names a host lists when one of the asked ones is wrong, in its order. */
export function mediaMetricNames(host: HostName): readonly string[] {
	return Object.entries(MEDIA_METRIC_RULES)
		.filter(([, rule]) => rule.onlyOn === undefined || rule.onlyOn === host)
		.map(([name]) => name);
}

export const MEDIA_BREAKDOWNS = ['action_type', 'follow_type', 'story_navigation_action_type', 'surface_type'] as const;

/** Media made from this instant on have no `impressions`. */
export const IMPRESSIONS_END = Date.parse('2024-07-02T00:00:00Z');
