import type { LimitsRow } from './limit.ts';

/** Which insights a breakdown belongs to. */
export type BreakdownLevel = 'account' | 'media';

/** One way to divide a metric into buckets. */
export type BreakdownRow = {
	readonly title: string;
	readonly meaning: string;
	/** Where the `breakdown` parameter takes the name (S04). */
	readonly levels: readonly BreakdownLevel[];
	/**
	 * Buckets known today, in Meta's upper case. Answers may contain others and may be in lower case: compare without
	 * regard to case and keep the original. Empty for open lists (cities, countries).
	 */
	readonly values: readonly string[];
	/** Its own limits, if its buckets are kept for another time than the metric's total. */
	readonly limits?: LimitsRow;
};

const ROWS = {
	age: {
		title: 'Age',
		meaning: 'Age group, as stated in the profile.',
		levels: ['account'],
		values: ['13-17', '18-24', '25-34', '35-44', '45-54', '55-64', '65+'],
	},
	city: { title: 'City', meaning: 'City and region where people usually are.', levels: ['account'], values: [] },
	country: {
		title: 'Country',
		meaning: 'Two-letter code of the country where people usually are.',
		levels: ['account'],
		values: [],
	},
	gender: {
		title: 'Gender',
		meaning: 'Women (F), men (M) or not stated (U).',
		levels: ['account'],
		values: ['F', 'M', 'U'],
	},
	follow_type: {
		title: 'Followers or Not',
		meaning: 'Whether people follow the account.',
		levels: ['account', 'media'],
		values: ['FOLLOWER', 'NON_FOLLOWER', 'UNKNOWN'],
		// Older windows answer the total without buckets; 366 days were seen (S09 S10), one is left for clock skew.
		limits: { daysBack: 365 },
	},
	media_product_type: {
		title: 'Content Type',
		meaning: 'Posts, reels, stories or ads.',
		levels: ['account'],
		values: ['AD', 'FEED', 'POST', 'CAROUSEL_CONTAINER', 'REEL', 'REELS', 'STORY'],
	},
	contact_button_type: {
		title: 'Contact Button',
		meaning: 'Which contact button of the profile was tapped.',
		levels: ['account'],
		values: ['BOOK_NOW', 'CALL', 'DIRECTION', 'EMAIL', 'INSTANT_EXPERIENCE', 'TEXT', 'UNDEFINED'],
	},
	action_type: {
		title: 'Profile Action',
		meaning: 'What people did on the profile after they saw the post.',
		levels: ['media'],
		values: ['BIO_LINK_CLICKED', 'CALL', 'DIRECTION', 'EMAIL', 'OTHER', 'TEXT'],
	},
	story_navigation_action_type: {
		title: 'Story Navigation',
		meaning: 'How people moved on from the story: forward, back, to the next account, or out.',
		levels: ['media'],
		values: ['SWIPE_FORWARD', 'TAP_BACK', 'TAP_EXIT', 'TAP_FORWARD'],
	},
	surface_type: {
		title: 'Surface',
		meaning: 'A name that Meta lists for posts; no metric is known to take it.',
		levels: ['media'],
		values: [],
	},
} as const satisfies Record<string, BreakdownRow>;

/** The name of a dimension, as the `breakdown` parameter takes it. */
export type Breakdown = keyof typeof ROWS;

/** Ways to divide a metric into buckets. Sources S01, S02, S04. */
export const BREAKDOWNS: Readonly<Record<Breakdown, BreakdownRow>> = ROWS;

/** The values of the `breakdown` parameter at one level, in alphabetical order as the API lists them. */
export function breakdownsOf(level: BreakdownLevel): Breakdown[] {
	const names = Object.keys(ROWS) as Breakdown[];
	return names.filter((name) => BREAKDOWNS[name].levels.includes(level)).sort();
}
