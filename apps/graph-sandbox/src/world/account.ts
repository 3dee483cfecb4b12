/** Who an account is: facts that do not change while the sandbox runs. Its numbers are in account-day.ts and account-breakdown.ts. */
export type Account = {
	/** Short name used in tokens: `large` in `IGAA-sandbox-large`. */
	readonly key: string;
	/** Two digits, unique in the world; every id of the account is built on it. */
	readonly number: string;
	/** The professional account id (1784…); above 2^53, so a JSON number would lose its last digit. */
	readonly id: string;
	/** What graph.instagram.com calls `id` of /me: another number than `user_id`. */
	readonly appScopedId: string;
	readonly pageId: string;
	/** Whether the sandbox's business portfolio owns the Page. */
	readonly inPortfolio: boolean;
	readonly facebookUserId: string;
	readonly username: string;
	readonly name: string;
	readonly biography: string;
	readonly website: string;
	readonly accountType: 'BUSINESS' | 'MEDIA_CREATOR';
	/** Followers when the world starts. */
	readonly followers: number;
	readonly follows: number;
	/** Views on an average day; 0 for an account without views. */
	readonly viewsPerDay: number;
	/** First Pacific day with numbers. */
	readonly firstDay: string;
	/** Hours after the end of a day until Meta has processed it. */
	readonly processingHours: number;
	/** Every call about it is refused because a role on its Page is missing, although the token lists it. */
	readonly refuses: boolean;
	/** Countries the followers come from, the most frequent first. */
	readonly countries: readonly string[];
	readonly cities: readonly string[];
	readonly posts: MediaPlan;
};

/** What the account has posted. */
export type MediaPlan = {
	readonly count: number;
	/** Hours between two posts. */
	readonly everyHours: number;
	/** Share (0 to 1) of the oldest posts that were made before the account became a business account. */
	readonly beforeConversionShare: number;
	/** Share (0 to 1) of posts that are ads and answer no metric. */
	readonly adShare: number;
	/** Share (0 to 1) of feed videos of the old kind that refuse `views`. */
	readonly legacyVideoShare: number;
	readonly captions: readonly string[];
	/** Ages in hours, at the start, of the stories that are live; each comes back every 24 hours. */
	readonly stories: readonly StoryPlan[];
};

export type StoryPlan = { readonly ageHours: number; readonly viewers: 'many' | 'few' };

export type AccountOptions = Partial<Omit<Account, 'key' | 'posts'>> & {
	readonly key: string;
	readonly posts?: Partial<MediaPlan>;
};

/** An account from the few facts that matter, the rest filled in plausibly. `number` must be unique in the world. */
export function createAccount(options: AccountOptions, number: string, startDay: string): Account {
	const followers = options.followers ?? 5_000;
	return {
		number,
		id: `17841401714833${number}1`,
		appScopedId: `25810472911300${number}1`,
		pageId: `10209411860${number}1`,
		inPortfolio: true,
		facebookUserId: `1220931545${number}`,
		username: options.key.replaceAll('-', '.'),
		name: options.key,
		biography: '',
		website: '',
		accountType: 'BUSINESS',
		follows: 180,
		viewsPerDay: Math.round(followers * 0.6),
		firstDay: `${Number(startDay.slice(0, 4)) - 4}-01-01`,
		refuses: options.refuses ?? false,
		processingHours: 0,
		countries: COUNTRIES,
		cities: CITIES,
		...options,
		followers,
		posts: {
			count: 60,
			everyHours: 36,
			beforeConversionShare: 0,
			adShare: 0,
			legacyVideoShare: 0,
			captions: CAPTIONS,
			stories: [],
			...options.posts,
		},
	};
}

const CAPTIONS = ['A quiet morning', 'New this week', 'Behind the scenes', 'Thank you all'];

const COUNTRIES = ['US', 'BR', 'PT', 'ES', 'GB', 'DE', 'FR', 'IT', 'MX', 'JP', 'IN', 'CA', 'AR', 'NL', 'SE'];

const CITIES = [
	'Lisbon, Lisbon District',
	'Porto, Porto District',
	'São Paulo, São Paulo (state)',
	'Madrid, Community of Madrid',
	'London, England',
	'Los Angeles, California',
];
