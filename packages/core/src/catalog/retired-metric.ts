import type { Confidence, SourceId } from './source.ts';

/** Which insights a name belonged to. */
export type RetiredLevel = 'account' | 'media';

/** A metric that Meta removed, from every version at the same time: an older version does not bring it back. */
export type RetiredMetricRow = {
	/** Title Case. */
	readonly title: string;
	/** What it counted, in one plain sentence. */
	readonly meaning: string;
	/** `YYYY-MM-DD`: gone from all versions since. */
	readonly removedOn: string;
	/** The current metric for the same purpose, at the same level. */
	readonly replacement: string;
	/** Breakdown to use with the replacement, or other advice; null when none is needed. */
	readonly advice: string | null;
	/** `YYYY-MM-DD`: posts created before this day still answer; null: nothing does. */
	readonly onlyMediaBefore: string | null;
	readonly confidence: Confidence;
	readonly sources: readonly SourceId[];
	readonly readOn: string;
};

type Ended = Omit<RetiredMetricRow, 'title' | 'meaning' | 'replacement'>;

/** September 2023: the audience_* names and the first media metrics. */
const V18: Ended = {
	removedOn: '2023-12-11',
	onlyMediaBefore: null,
	advice: null,
	confidence: 'high',
	sources: ['S03'],
	readOn: '2026-09-11',
};
/** October 2024: contact clicks and video views. */
const V21: Ended = { ...V18, removedOn: '2025-01-08' };
/** January 2025: impressions and plays became views. */
const V22: Ended = { ...V18, removedOn: '2025-04-21' };

const CONTACT: Ended & { replacement: string } = {
	...V21,
	replacement: 'profile_links_taps',
	advice: 'Use the breakdown contact_button_type to see each button.',
	sources: ['S03', 'S08'],
};

// biome-ignore format: a table reads by columns
const ACCOUNT = {
	impressions:           { ...V22, title: 'Impressions', meaning: 'How often content was shown.', replacement: 'views', sources: ['S01', 'S03', 'S08'] },
	email_contacts:        { ...CONTACT, title: 'Email Taps', meaning: 'Taps on the email button of the profile.' },
	phone_call_clicks:     { ...CONTACT, title: 'Call Taps', meaning: 'Taps on the call button of the profile.' },
	text_message_clicks:   { ...CONTACT, title: 'Text Taps', meaning: 'Taps on the text button of the profile.' },
	get_directions_clicks: { ...CONTACT, title: 'Direction Taps', meaning: 'Taps on the address of the profile.' },
	audience_city:         { ...V18, title: 'Audience Cities', meaning: 'Followers by city.', replacement: 'follower_demographics', advice: 'Ask for it by city.' },
	audience_country:      { ...V18, title: 'Audience Countries', meaning: 'Followers by country.', replacement: 'follower_demographics', advice: 'Ask for it by country.' },
	audience_gender_age:   { ...V18, title: 'Audience Gender and Age', meaning: 'Followers by gender and age.', replacement: 'follower_demographics', advice: 'Ask for it by age and gender.' },
	audience_locale:       { ...V18, title: 'Audience Languages', meaning: 'Followers by language.', replacement: 'follower_demographics', advice: 'Instagram no longer counts languages; country is the closest.' },
} as const satisfies Record<string, RetiredMetricRow>;

// biome-ignore format: a table reads by columns
const MEDIA = {
	impressions:                         { ...V22, title: 'Impressions', meaning: 'How often the post was shown.', replacement: 'views', onlyMediaBefore: '2024-07-02', sources: ['S02', 'S03', 'S08'] },
	plays:                               { ...V22, title: 'Plays', meaning: 'How often the reel started playing.', replacement: 'views' },
	clips_replays_count:                 { ...V22, title: 'Replays', meaning: 'How often the reel was played again.', replacement: 'views' },
	ig_reels_aggregated_all_plays_count: { ...V22, title: 'All Plays', meaning: 'First plays and replays of the reel.', replacement: 'views' },
	video_views:                         { ...V21, title: 'Video Views', meaning: 'How often the video was seen.', replacement: 'views', sources: ['S03', 'S20'], readOn: '2026-11-23' },
	engagement:                          { ...V18, title: 'Engagement', meaning: 'Likes, comments and saves of the post.', replacement: 'total_interactions' },
	carousel_album_engagement:           { ...V18, title: 'Album Engagement', meaning: 'Likes, comments and saves of the album.', replacement: 'total_interactions' },
	carousel_album_impressions:          { ...V18, title: 'Album Impressions', meaning: 'How often the album was shown.', replacement: 'views' },
	carousel_album_reach:                { ...V18, title: 'Album Reach', meaning: 'Accounts that saw the album.', replacement: 'reach' },
	carousel_album_saved:                { ...V18, title: 'Album Saves', meaning: 'How often the album was saved.', replacement: 'saved' },
	carousel_album_video_views:          { ...V18, title: 'Album Video Views', meaning: 'How often videos of the album were seen.', replacement: 'views' },
	taps_forward:                        { ...V18, title: 'Taps Forward', meaning: 'Taps to the next story.', replacement: 'navigation', advice: 'Use the breakdown story_navigation_action_type.' },
	taps_back:                           { ...V18, title: 'Taps Back', meaning: 'Taps to the story before.', replacement: 'navigation', advice: 'Use the breakdown story_navigation_action_type.' },
	exits:                               { ...V18, title: 'Exits', meaning: 'How often people left the story.', replacement: 'navigation', advice: 'Use the breakdown story_navigation_action_type.' },
} as const satisfies Record<string, RetiredMetricRow>;

/** Names that older guides and workflows still use, by level. */
export const RETIRED_METRICS: Readonly<Record<RetiredLevel, Readonly<Record<string, RetiredMetricRow>>>> = {
	account: ACCOUNT,
	media: MEDIA,
};

/** The row of a metric that no longer exists, by any name a caller may bring; undefined when it never did. */
export function retiredMetricRow(level: RetiredLevel, name: string): RetiredMetricRow | undefined {
	return Object.hasOwn(RETIRED_METRICS[level], name) ? RETIRED_METRICS[level][name] : undefined;
}

/** A name that the account endpoint lists though it belongs to another product. */
export type OutOfScopeMetricRow = {
	/** Why it is not offered, and where to look instead. */
	readonly reason: string;
	readonly confidence: Confidence;
	readonly sources: readonly SourceId[];
	readonly readOn: string;
};

const THREADS: OutOfScopeMetricRow = {
	reason: 'It counts on Threads, not on Instagram: the Threads API answers it.',
	confidence: 'medium',
	sources: ['S08'],
	readOn: '2026-06-24',
};

/** Account metric names known to Graph and left out on purpose. */
export const OUT_OF_SCOPE_METRICS: Readonly<Record<string, OutOfScopeMetricRow>> = {
	quotes: THREADS,
	threads_likes: THREADS,
	threads_replies: THREADS,
	threads_followers: THREADS,
	threads_follower_demographics: THREADS,
	threads_views: THREADS,
	threads_clicks: THREADS,
	threads_reposts: THREADS,
};

/** The row of a name left out on purpose; undefined for any other name. */
export function outOfScopeMetricRow(name: string): OutOfScopeMetricRow | undefined {
	return Object.hasOwn(OUT_OF_SCOPE_METRICS, name) ? OUT_OF_SCOPE_METRICS[name] : undefined;
}
