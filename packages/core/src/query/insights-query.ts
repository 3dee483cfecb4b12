import type { Host } from '../catalog/host.ts';
import type { RollingPeriod } from '../catalog/metric-row.ts';
import type { Day } from './calendar-day.ts';
import type { CompareWith } from './date-range.ts';

/**
 * One breakdown to ask for: a dimension ('follow_type'), or dimensions crossed in one answer, joined by a comma
 * ('age,gender').
 */
export type BreakdownChoice = string;

/**
 * One or several breakdowns. Several are asked one after the other ('age' and 'gender' give two lists of buckets);
 * only a comma inside one choice crosses dimensions.
 */
export type BreakdownChoices = BreakdownChoice | readonly BreakdownChoice[];

/** Numbers of the whole account over a range of days, as one number per metric or as buckets. */
export type AccountTotalsQuery = {
	readonly kind: 'account-totals';
	readonly metrics: readonly string[];
	/** First Pacific day, included. */
	readonly since: Day;
	/** Last Pacific day, included. */
	readonly until: Day;
	readonly breakdown?: BreakdownChoices | undefined;
};

/** Numbers of the whole account day by day; metrics that Graph gives only as a total are requested one day at a time. */
export type AccountDailyQuery = {
	readonly kind: 'account-daily';
	readonly metrics: readonly string[];
	readonly since: Day;
	readonly until: Day;
	/** The number of each day covers the 7 or 28 days that end with it; only the day itself when left out. */
	readonly period?: RollingPeriod | undefined;
	/** Days whose one-day totals the caller already has. They are not requested again. */
	readonly already?: readonly Day[] | undefined;
};

/** Who follows, was reached or reacted, by age, city, country or gender. */
export type AudienceQuery = {
	readonly kind: 'audience';
	readonly metrics: readonly string[];
	readonly breakdown: BreakdownChoices;
	/** How far to look back; `this_month` (30 days) when left out. */
	readonly timeframe?: string | undefined;
};

/** How many followers were online in each hour of the last days. */
export type OnlineFollowersQuery = {
	readonly kind: 'online-followers';
	readonly since?: Day | undefined;
	readonly until?: Day | undefined;
};

/** Totals of a range of days compared with those of an earlier range. */
export type AccountCompareQuery = Omit<AccountTotalsQuery, 'kind' | 'breakdown'> & {
	readonly kind: 'account-compare';
	/** The days to compare with; the same number of days right before (`previousPeriod`) when left out. */
	readonly compareWith?: CompareWith | undefined;
};

/** The account as it is now. */
export type ProfileQuery = {
	readonly kind: 'profile';
	/** Account fields under Graph's names; a useful set when left out. */
	readonly fields?: readonly string[] | undefined;
};

/** The account's posts and reels, newest first, with or without their numbers. */
export type MediaListQuery = {
	readonly kind: 'media-list';
	/** Media fields under Graph's names; a useful set when left out. */
	readonly fields?: readonly string[] | undefined;
	/** Media metrics; none when left out. */
	readonly metrics?: readonly string[] | undefined;
	/** Published on this Pacific day or later. */
	readonly since?: Day | undefined;
	/** Published on this Pacific day or earlier. */
	readonly until?: Day | undefined;
	/** Only these values of `media_product_type`. */
	readonly productTypes?: readonly string[] | undefined;
	/** Most items to return. */
	readonly limit?: number | undefined;
};

/** The numbers of media whose IDs are known. */
export type MediaInsightsQuery = {
	readonly kind: 'media-insights';
	readonly mediaIds: readonly string[];
	readonly metrics: readonly string[];
	readonly breakdown?: string | undefined;
	/** Metrics to read with a breakdown, and which one. Each takes its own request. */
	readonly split?: Readonly<Record<string, string>> | undefined;
};

/** Stories of the last 24 hours, with or without their numbers. */
export type StoryListQuery = {
	readonly kind: 'story-list';
	readonly fields?: readonly string[] | undefined;
	readonly metrics?: readonly string[] | undefined;
	/** Metrics to read with a breakdown, and which one. Each takes a request per story, or a place in a batch. */
	readonly split?: Readonly<Record<string, string>> | undefined;
	readonly limit?: number | undefined;
};

/** Media of other accounts that tag this one or that it collaborates on, newest first. Without own media, stories and insights. */
export type OthersMediaQuery = {
	readonly kind: 'others-media';
	/** `tags`: the account is tagged in them. `collaborative_media`: it is a collaborator; Facebook Login only. */
	readonly edge: 'tags' | 'collaborative_media';
	/** Media fields under Graph's names; those of the edge when left out. */
	readonly fields?: readonly string[] | undefined;
	readonly limit?: number | undefined;
};

/** Questions that the account's insights edge answers; `planRequests` plans them. */
export type AccountQuery = AccountTotalsQuery | AccountDailyQuery | AudienceQuery | OnlineFollowersQuery;
/** Questions about posts, reels and stories. */
export type MediaQuery = MediaListQuery | MediaInsightsQuery | StoryListQuery | OthersMediaQuery;

/** Every question, by `kind`. */
export type InsightsQuery = AccountQuery | AccountCompareQuery | ProfileQuery | MediaQuery;

/** What a question is checked against. */
export type QueryContext = {
	readonly host: Host;
	readonly now: Date;
	/**
	 * IANA time zone of the people who ask. They may ask for their today even if it has not begun in California; it is then
	 * left out of the answer with a note. California's zone when left out.
	 */
	readonly timeZone?: string | undefined;
	/** Accept metric names that the catalog does not know, for metrics newer than this library. */
	readonly allowUnknown?: boolean | undefined;
};

/** The breakdowns of a query as a list: none, one or several, each with its dimensions in order. */
export function readBreakdowns(choices: BreakdownChoices | undefined): string[][] {
	const list = choices === undefined ? [] : typeof choices === 'string' ? [choices] : choices;
	const read = list.map((choice) => choice.split(',').map((dimension) => dimension.trim()));
	return read
		.map((dimensions) => dimensions.filter((dimension) => dimension !== ''))
		.filter((found) => found.length > 0);
}
