import type { Day } from '../query/calendar-day.ts';

/** One row of another operation, as a table would hold it: columns by name, a missing value is `null`. */
export type ReportRow = Readonly<Record<string, string | number | boolean | null>>;

/** Why numbers are missing or may change, in words of the report's language. */
export type ReportNote = 'notAdditive' | 'retention' | 'privacy' | 'conversion' | 'lag';

/** Everything in a report. Every number it shows is a column of one of these rows. */
export type ReportData = {
	readonly account: {
		readonly id: string;
		readonly username?: string | null | undefined;
		readonly name?: string | null | undefined;
	};
	/** The days of the report, both included, Pacific. */
	readonly since: Day;
	readonly until: Day;
	/** One row per metric: `metric`, `current`, `previous`, `change`, `changePercent`, `previousSince`, `previousUntil`. */
	readonly summary: readonly ReportRow[];
	/** `followers_count`, `followers_gained`, `followers_lost`, `follower_growth`, `follower_growth_rate`; null when it was not asked. */
	readonly followers: ReportRow | null;
	/** One row per day: `date` and one column per metric, in time order. */
	readonly daily: readonly ReportRow[];
	/** What posts are ranked by: a column of the post rows. */
	readonly rankedBy: string;
	/** Post rows, best first: `published`, `format`, `caption`, `permalink`, the ranked metric and `<metric>_vs_median`. */
	readonly topPosts: readonly ReportRow[];
	/** Post rows, weakest first; none of them is among `topPosts`. */
	readonly weakestPosts: readonly ReportRow[];
	/** How many posts of the range were read. */
	readonly posts: number;
	/** One row per format: `format`, `posts`, `median`. */
	readonly formats: readonly ReportRow[];
	/** Rows of `bestTimes`, best first. */
	readonly bestTimes: readonly ReportRow[];
	/** Bucket rows: `metric`, `dimension`, `value` (the bucket's name) and `count`. */
	readonly audience: readonly ReportRow[];
	/** One row per live story. */
	readonly stories: readonly ReportRow[];
	/** What a reader should know about the numbers. */
	readonly notes: readonly ReportNote[];
	/** What Meta refused, in its words and with what to do, each once. */
	readonly refusals: readonly string[];
	/** BCP 47 tag, such as `de-AT`: the words' language, and how numbers and dates are written. */
	readonly locale: string;
	/** IANA zone of `published` and of the best hours. */
	readonly timeZone: string;
};

/** What you give `writeReport`: account, days, and whatever rows you have. */
export interface ReportContent
	extends Pick<ReportData, 'account' | 'since' | 'until'>,
		Partial<Omit<ReportData, 'account' | 'since' | 'until'>> {}

/** A finished report. */
export type Report = {
	/** One line, for the subject of a mail. */
	readonly subject: string;
	/** A whole page for mail: inline styles, no script, no outside picture. */
	readonly html: string;
	/** What the page says under its last heading, one sentence each. */
	readonly notes: readonly string[];
	/** For chat: headings, lists and links. */
	readonly markdown: string;
	/** One SVG per daily metric that has a value, by metric. */
	readonly charts: Readonly<Record<string, string>>;
};
