import type { HostName } from '../world/host.ts';
import type { ProductType } from '../world/media.ts';

/** Which product types have a metric, on which host, and what spoils a call. */
export type MediaMetricRule = {
	readonly products: readonly ProductType[];
	/** Set when only one host knows the name. */
	readonly onlyOn?: HostName;
	readonly breakdown?: 'action_type' | 'story_navigation_action_type';
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
