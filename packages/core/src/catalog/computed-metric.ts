import type { Breakdown } from './breakdown.ts';

/** How to compute a metric from its inputs. */
export type Formula =
	| { readonly kind: 'ratio'; readonly of: string; readonly by: string }
	| { readonly kind: 'difference'; readonly of: string; readonly minus: string }
	/** 1 minus a share that Meta gives in percent. */
	| { readonly kind: 'rest-of-percent'; readonly of: string }
	/** 1 minus what a ratio of the two would be. */
	| { readonly kind: 'rest-of-ratio'; readonly of: string; readonly by: string }
	/** One bucket of a metric's breakdown, in any case. A bucket that Meta leaves out is 0 where the others make up the total. */
	| { readonly kind: 'bucket'; readonly of: string; readonly breakdown: Breakdown; readonly bucket: string }
	| { readonly kind: 'count'; readonly of: string };

/** A number that Meta does not give, computed from numbers it gives. */
export type ComputedMetricRow = {
	readonly title: string;
	/** The formula in words. */
	readonly meaning: string;
	readonly formula: Formula;
	/** `share`: a fraction of 1, not rounded. `times`: how many times. */
	readonly unit: 'share' | 'times' | 'count' | 'people';
	/** When there is no number, besides a missing input. */
	readonly absentWhen: string | null;
	/** Where this definition comes from; null if the name says enough. */
	readonly definition: { readonly url: string; readonly readOn: string } | null;
};

const BY_REACH = { url: 'https://buzzoid.com/how-to-calculate-engagement-rate-on-instagram/', readOn: '2026-11-27' };
const BY_FOLLOWERS = {
	url: 'https://help.minter.io/en/articles/509531-what-does-the-term-engagement-rate-mean',
	readOn: '2026-11-27',
};
const NOBODY_REACHED = 'Nobody was reached.';

/** Interactions divided by reach, followers or views: the same for posts and accounts. */
const ENGAGEMENT = {
	engagement_rate: {
		title: 'Engagement Rate',
		meaning: 'Interactions divided by accounts reached.',
		formula: { kind: 'ratio', of: 'total_interactions', by: 'reach' },
		unit: 'share',
		absentWhen: NOBODY_REACHED,
		definition: BY_REACH,
	},
	engagement_rate_by_followers: {
		title: 'Engagement Rate by Followers',
		meaning: 'Interactions divided by the current number of followers.',
		formula: { kind: 'ratio', of: 'total_interactions', by: 'followers_count' },
		unit: 'share',
		absentWhen: 'The account has no followers.',
		definition: BY_FOLLOWERS,
	},
	engagement_rate_by_views: {
		title: 'Engagement Rate by Views',
		meaning: 'Interactions divided by views.',
		formula: { kind: 'ratio', of: 'total_interactions', by: 'views' },
		unit: 'share',
		absentWhen: 'There were no views.',
		definition: BY_REACH,
	},
	views_per_person: {
		title: 'Views per Person',
		meaning: 'Views divided by accounts reached.',
		formula: { kind: 'ratio', of: 'views', by: 'reach' },
		unit: 'times',
		absentWhen: NOBODY_REACHED,
		definition: null,
	},
} as const satisfies Record<string, ComputedMetricRow>;

/** What is computed for a post or reel; inputs are media metrics and `followers_count` of the profile. */
export const COMPUTED_MEDIA_METRICS = {
	...ENGAGEMENT,
	save_rate: {
		title: 'Save Rate',
		meaning: 'Saves divided by accounts reached.',
		formula: { kind: 'ratio', of: 'saved', by: 'reach' },
		unit: 'share',
		absentWhen: NOBODY_REACHED,
		definition: null,
	},
	share_rate: {
		title: 'Share Rate',
		meaning: 'Shares divided by accounts reached.',
		formula: { kind: 'ratio', of: 'shares', by: 'reach' },
		unit: 'share',
		absentWhen: NOBODY_REACHED,
		definition: null,
	},
	comment_rate: {
		title: 'Comment Rate',
		meaning: 'Comments divided by accounts reached.',
		formula: { kind: 'ratio', of: 'comments', by: 'reach' },
		unit: 'share',
		absentWhen: NOBODY_REACHED,
		definition: null,
	},
	follow_rate: {
		title: 'Follow Rate',
		meaning: 'Follows divided by accounts reached. Posts only.',
		formula: { kind: 'ratio', of: 'follows', by: 'reach' },
		unit: 'share',
		absentWhen: NOBODY_REACHED,
		definition: null,
	},
	hold_rate: {
		title: 'Hold Rate',
		meaning: 'Share of plays in which people stayed beyond the first seconds: 1 minus the skip rate. Reels only.',
		formula: { kind: 'rest-of-percent', of: 'reels_skip_rate' },
		unit: 'share',
		absentWhen: null,
		definition: null,
	},
	boosted_views: {
		title: 'Boosted Views',
		meaning: 'Views with ads minus views, next to both. Facebook Login only.',
		formula: { kind: 'difference', of: 'total_views', minus: 'views' },
		unit: 'count',
		absentWhen: null,
		definition: null,
	},
	boosted_likes: {
		title: 'Boosted Likes',
		meaning: 'Likes with ads minus likes, next to both. Facebook Login only.',
		formula: { kind: 'difference', of: 'total_likes', minus: 'likes' },
		unit: 'count',
		absentWhen: null,
		definition: null,
	},
	boosted_comments: {
		title: 'Boosted Comments',
		meaning: 'Comments with ads minus comments, next to both. Facebook Login only.',
		formula: { kind: 'difference', of: 'total_comments', minus: 'comments' },
		unit: 'count',
		absentWhen: null,
		definition: null,
	},
} as const satisfies Record<string, ComputedMetricRow>;

const OF_STORIES = { url: 'https://help.minter.io/en/articles/1791457-stories-insights', readOn: '2026-11-27' };
const NO_VIEWS = 'There were no views.';

/** A bucket of `navigation`. */
const step = (bucket: string) =>
	({ kind: 'bucket', of: 'navigation', breakdown: 'story_navigation_action_type', bucket }) as const;

/** What is computed for a story; inputs are media metrics and computed metrics of this table. */
export const COMPUTED_STORY_METRICS = {
	taps_forward: {
		title: 'Taps Forward',
		meaning: 'Taps to the next story of the account.',
		formula: step('TAP_FORWARD'),
		unit: 'count',
		absentWhen: null,
		definition: null,
	},
	taps_back: {
		title: 'Taps Back',
		meaning: 'Taps back to the story before.',
		formula: step('TAP_BACK'),
		unit: 'count',
		absentWhen: null,
		definition: null,
	},
	swipes_forward: {
		title: 'Swipes Forward',
		meaning: 'Swipes to the next account.',
		formula: step('SWIPE_FORWARD'),
		unit: 'count',
		absentWhen: null,
		definition: null,
	},
	exits: {
		title: 'Exits',
		meaning: 'Taps out of the stories.',
		formula: step('TAP_EXIT'),
		unit: 'count',
		absentWhen: null,
		definition: null,
	},
	completion_rate: {
		title: 'Completion Rate',
		meaning: 'Views without an exit, divided by views.',
		formula: { kind: 'rest-of-ratio', of: 'exits', by: 'views' },
		unit: 'share',
		absentWhen: NO_VIEWS,
		definition: OF_STORIES,
	},
	exit_rate: {
		title: 'Exit Rate',
		meaning: 'Exits divided by views.',
		formula: { kind: 'ratio', of: 'exits', by: 'views' },
		unit: 'share',
		absentWhen: NO_VIEWS,
		definition: null,
	},
	...ENGAGEMENT,
} as const satisfies Record<string, ComputedMetricRow>;

/** What is computed for an account over a range of days; inputs are account metrics and rows of `ACCOUNT_INPUTS`. */
export const COMPUTED_ACCOUNT_METRICS = {
	...ENGAGEMENT,
	non_follower_share: {
		title: 'Non-Follower Share',
		meaning: 'Accounts reached that do not follow the account, divided by all accounts reached.',
		formula: { kind: 'ratio', of: 'non_follower_reach', by: 'reach' },
		unit: 'share',
		absentWhen: NOBODY_REACHED,
		definition: null,
	},
	followers_count: {
		title: 'Followers',
		meaning: 'Current number of followers, regardless of the range.',
		formula: { kind: 'count', of: 'followers_count' },
		unit: 'people',
		absentWhen: null,
		definition: null,
	},
	follower_growth: {
		title: 'Follower Growth',
		meaning: 'Followers gained minus followers lost, next to both.',
		formula: { kind: 'difference', of: 'followers_gained', minus: 'followers_lost' },
		unit: 'people',
		absentWhen: null,
		definition: null,
	},
	follower_growth_rate: {
		title: 'Follower Growth Rate',
		meaning: 'Follower growth divided by the followers before the range.',
		formula: { kind: 'ratio', of: 'follower_growth', by: 'followers_before' },
		unit: 'share',
		absentWhen: 'The range ends before yesterday: Meta gives only the current number of followers.',
		definition: null,
	},
	posts: {
		title: 'Posts',
		meaning: 'Posts and reels published in the range.',
		formula: { kind: 'count', of: 'posts_published' },
		unit: 'count',
		absentWhen: null,
		definition: null,
	},
	interactions_per_post: {
		title: 'Interactions per Post',
		meaning: 'Interactions of the posts and reels published in the range, divided by their number.',
		formula: { kind: 'ratio', of: 'interactions_of_posts', by: 'posts_published' },
		unit: 'count',
		absentWhen: 'Nothing was published in the range, or one of the posts has no number.',
		definition: null,
	},
	views_per_post: {
		title: 'Views per Post',
		meaning: 'Views of the posts and reels published in the range, divided by their number.',
		formula: { kind: 'ratio', of: 'views_of_posts', by: 'posts_published' },
		unit: 'count',
		absentWhen: 'Nothing was published in the range, or one of the posts has no number.',
		definition: null,
	},
} as const satisfies Record<string, ComputedMetricRow>;

/** Where inputs come from that are not metrics of their own. */
export const ACCOUNT_INPUTS = {
	followers_count: 'The field of the profile, as it is now.',
	non_follower_reach: 'Bucket NON_FOLLOWER of `reach` by `follow_type`.',
	followers_gained: 'Bucket FOLLOWER of `follows_and_unfollows` by `follow_type`.',
	followers_lost: 'Bucket NON_FOLLOWER of `follows_and_unfollows` by `follow_type`.',
	follower_growth: 'Followers gained minus followers lost.',
	followers_before: 'Followers of now minus the growth since the range began; only where it ends yesterday or today.',
	posts_published: 'How many posts and reels of the range the media list has.',
	interactions_of_posts: 'Sum of `total_interactions` of these posts.',
	views_of_posts: 'Sum of `views` of these posts.',
} as const satisfies Record<string, string>;

/** Computed metrics by name, of one level. */
export type ComputedMetrics = Readonly<Record<string, ComputedMetricRow>>;

/** The row of a computed metric; undefined for an unknown name. */
export function computedMetricRow<Row>(name: string, table: Readonly<Record<string, Row>>): Row | undefined {
	return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The inputs of a formula. */
export function formulaInputs(formula: Formula): readonly string[] {
	switch (formula.kind) {
		case 'ratio':
		case 'rest-of-ratio':
			return [formula.of, formula.by];
		case 'difference':
			return [formula.of, formula.minus];
		case 'rest-of-percent':
		case 'count':
		case 'bucket':
			return [formula.of];
		default:
			return formula satisfies never;
	}
}
