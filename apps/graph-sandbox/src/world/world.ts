import { type Account, type AccountOptions, createAccount } from './account.ts';
import { type AccountTruth, createAccountTruth } from './account-truth.ts';
import type { Media } from './media.ts';
import { pacificDay } from './pacific-day.ts';
import { createTokenRegistry, type TokenRegistry } from './token-registry.ts';

export type WorldOptions = {
	/** Number of posts of the account `large`; default 2,400. */
	readonly media?: number;
	/** Share (0 to 1) of the oldest posts of `large` made before its business conversion; default 0.05. */
	readonly beforeConversionShare?: number;
	/** Share (0 to 1) of posts of `large` that are ads and answer no metric; default 0.01. */
	readonly adShare?: number;
	/** Share (0 to 1) of posts of `large` that are old feed videos refusing `views`; default 0. */
	readonly legacyVideoShare?: number;
	/** Hours between two posts of `large`; default 12.8. */
	readonly postsEveryHours?: number;
	/** More accounts, or known ones with other facts (same `key`). */
	readonly accounts?: readonly AccountOptions[];
};

/** All accounts of the sandbox with their true numbers, which tests compare with. */
export type World = {
	readonly seed: string;
	readonly startedAt: Date;
	readonly now: () => Date;
	/** By key: `bakery`, `large`, `tiny`, `brand-new`, and those of the options. */
	readonly accounts: Readonly<Record<string, AccountTruth>>;
	readonly tokens: TokenRegistry;
	/** The account by key. @throws {RangeError} when there is none. */
	account(key: string): AccountTruth;
	/** The account by professional id, app-scoped id or Page id. */
	accountById(id: string): AccountTruth | undefined;
	/** A post, story or album child by id, whatever account it belongs to. */
	mediaById(id: string): Media | undefined;
};

export function createWorld(options: WorldOptions, seed: string, now: () => Date): World {
	const startedAt = now();
	const startDay = pacificDay(startedAt);
	const accounts: Account[] = accountOptions(options).map((account, index) =>
		createAccount(account, String(index + 11), startDay),
	);
	const truths: Record<string, AccountTruth> = {};
	for (const account of accounts) truths[account.key] = createAccountTruth(seed, account, startedAt, now);
	const all = Object.values(truths);
	return {
		seed,
		startedAt,
		now,
		accounts: truths,
		tokens: createTokenRegistry(accounts, startedAt),
		account(key) {
			const found = truths[key];
			if (found === undefined)
				throw new RangeError(`no account "${key}" in this world: ${Object.keys(truths).join(', ')}`);
			return found;
		},
		accountById: (id) => all.find((a) => a.id === id || a.appScopedId === id || a.pageId === id),
		mediaById(id) {
			for (const account of all) {
				const media = account.findMedia(id);
				if (media !== undefined) return media;
			}
			return undefined;
		},
	};
}

function accountOptions(options: WorldOptions): AccountOptions[] {
	const large = {
		...(options.media === undefined ? {} : { count: options.media }),
		...(options.beforeConversionShare === undefined ? {} : { beforeConversionShare: options.beforeConversionShare }),
		...(options.adShare === undefined ? {} : { adShare: options.adShare }),
		...(options.legacyVideoShare === undefined ? {} : { legacyVideoShare: options.legacyVideoShare }),
		...(options.postsEveryHours === undefined ? {} : { everyHours: options.postsEveryHours }),
	};
	const extra = options.accounts ?? [];
	const known = KNOWN_ACCOUNTS.map((account) => {
		const changed = extra.find((candidate) => candidate.key === account.key);
		const sized = account.key === 'large' ? { ...account, posts: { ...account.posts, ...large } } : account;
		return changed === undefined ? sized : { ...sized, ...changed, posts: { ...sized.posts, ...changed.posts } };
	});
	return [...known, ...extra.filter((account) => !KNOWN_ACCOUNTS.some((one) => one.key === account.key))];
}

/** The accounts of the default world; `bakery` is the friendly one that the playground shows. */
const KNOWN_ACCOUNTS: readonly AccountOptions[] = [
	{
		key: 'bakery',
		username: 'casa.canela.bakery',
		name: 'Casa Canela',
		biography: 'Sourdough, cinnamon rolls and good coffee. Lisbon, Tuesday to Sunday.',
		website: 'https://casa-canela.example/',
		followers: 4_812,
		follows: 397,
		viewsPerDay: 2_900,
		countries: ['PT', 'BR', 'ES', 'GB', 'FR', 'DE', 'US', 'IT', 'NL', 'CH', 'AO', 'CV', 'IE', 'BE'],
		cities: [
			'Lisbon, Lisbon District',
			'Almada, Setúbal District',
			'Porto, Porto District',
			'Cascais, Lisbon District',
			'Sintra, Lisbon District',
			'São Paulo, São Paulo (state)',
			'Madrid, Community of Madrid',
			'London, England',
		],
		posts: {
			count: 180,
			everyHours: 40,
			captions: [
				'First cinnamon rolls out of the oven',
				'Three-day sourdough, one happy kitchen',
				'Saturday table: almond croissants are back',
				'How we fold the dough',
				'Thank you for five years, Lisbon',
				'New: orange and cardamom buns',
				'The quiet hour before we open',
				'Your Sunday order, ready at nine',
			],
			stories: [
				{ ageHours: 2, viewers: 'many' },
				{ ageHours: 9, viewers: 'few' },
				{ ageHours: 23.6, viewers: 'many' },
			],
		},
	},
	{
		key: 'large',
		username: 'northwind.trails',
		name: 'Northwind Trails',
		biography: 'Maps, boots and weather. Field notes from the long paths.',
		website: 'https://northwind-trails.example/',
		followers: 412_350,
		follows: 612,
		viewsPerDay: 265_000,
		processingHours: 30,
		countries: manyCountries(),
		cities: manyCities(),
		posts: {
			count: 2_400,
			everyHours: 12.8,
			beforeConversionShare: 0.05,
			adShare: 0.01,
			captions: [
				'Ridge at dawn',
				'Packing list, winter',
				'Route notes',
				'Boots after 900 km',
				'Reader photo of the week',
			],
			stories: Array.from({ length: 12 }, (_, index) => ({
				ageHours: index === 11 ? 23.7 : 1 + index * 1.9,
				viewers: index === 5 ? ('few' as const) : ('many' as const),
			})),
		},
	},
	{
		key: 'tiny',
		username: 'pots.by.ines',
		name: 'Pots by Inês',
		accountType: 'MEDIA_CREATOR',
		followers: 64,
		follows: 120,
		viewsPerDay: 22,
		countries: ['PT', 'ES'],
		cities: ['Évora, Évora District'],
		posts: { count: 6, everyHours: 120, stories: [{ ageHours: 5, viewers: 'few' }] },
	},
	{
		key: 'brand-new',
		username: 'just.opened.today',
		name: 'Just Opened',
		followers: 0,
		follows: 3,
		viewsPerDay: 0,
		countries: [],
		cities: [],
		posts: { count: 0, everyHours: 24 },
	},
];

function manyCountries(): string[] {
	return (
		'US GB DE CA FR NO SE CH AT IT ES NZ AU NL BE DK FI IE PL CZ PT JP KR BR MX AR CL PE CO ZA IN NP TR GR HR SI SK HU RO ' +
		'BG EE LV LT IS IL AE SG TH PH ID MY VN'
	).split(' ');
}

/** More cities than the 45 rows Meta answers. */
function manyCities(): string[] {
	return Array.from({ length: 60 }, (_, index) => `Trail Town ${index + 1}, Region ${(index % 9) + 1}`);
}
