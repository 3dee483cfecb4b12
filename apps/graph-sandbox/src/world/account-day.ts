import type { Account } from './account.ts';
import { unit, whole } from './seeded.ts';

/**
 * What happened on an account in one day, by surface and by kind of viewer. Everything else is a sum of these leaves,
 * so that a breakdown adds up to its total and the days of a range add up to the range.
 */
export type Leaf = {
	readonly product: Product;
	readonly follow: FollowType;
	readonly views: number;
	/** People on this surface; the same person may be counted on another surface too. */
	readonly reach: number;
	readonly likes: number;
	readonly comments: number;
	readonly saves: number;
	readonly shares: number;
	readonly reposts: number;
	readonly replies: number;
};

const PRODUCTS = ['POST', 'CAROUSEL_CONTAINER', 'REEL', 'STORY', 'AD'] as const;
type Product = (typeof PRODUCTS)[number];
const FOLLOW_TYPES = ['FOLLOWER', 'NON_FOLLOWER'] as const;
type FollowType = (typeof FOLLOW_TYPES)[number];

const SHARE_OF_VIEWS: Record<Product, number> = {
	POST: 0.22,
	CAROUSEL_CONTAINER: 0.18,
	REEL: 0.42,
	STORY: 0.16,
	AD: 0.12,
};
const SHARE_OF_FOLLOWERS: Record<Product, number> = {
	POST: 0.7,
	CAROUSEL_CONTAINER: 0.65,
	REEL: 0.3,
	STORY: 0.95,
	AD: 0.1,
};
/** Sunday first. */
const WEEKDAY = [1.1, 0.9, 0.92, 1, 1.04, 1.12, 1.18];

const cache = new Map<string, readonly Leaf[]>();
const CACHE_LIMIT = 20_000;

/** The day's leaves, ten at most; a surface where nothing happened is left out. */
export function leavesOf(seed: string, account: Account, day: string): readonly Leaf[] {
	const key = `${seed}|${account.key}|${account.viewsPerDay}|${day}`;
	const known = cache.get(key);
	if (known !== undefined) return known;
	const leaves = computeLeaves(seed, account, day);
	if (cache.size >= CACHE_LIMIT) cache.clear();
	cache.set(key, leaves);
	return leaves;
}

function computeLeaves(seed: string, account: Account, day: string): readonly Leaf[] {
	if (day < account.firstDay || account.viewsPerDay === 0) return [];
	const weekday = WEEKDAY[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? 1;
	const mood = 0.7 + 0.6 * unit(seed, account.key, day, 'mood');
	const leaves: Leaf[] = [];
	for (const product of PRODUCTS) {
		// Ads run in some weeks only: most windows have an empty AD bucket, which Meta leaves out.
		if (product === 'AD' && !adsRun(seed, account, day)) continue;
		const views = account.viewsPerDay * weekday * mood * SHARE_OF_VIEWS[product];
		for (const follow of FOLLOW_TYPES) {
			const share = follow === 'FOLLOWER' ? SHARE_OF_FOLLOWERS[product] : 1 - SHARE_OF_FOLLOWERS[product];
			const noise = 0.85 + 0.3 * unit(seed, account.key, day, product, follow);
			const leaf = leafOf(seed, account, day, product, follow, Math.floor(views * share * noise));
			if (leaf.views > 0) leaves.push(leaf);
		}
	}
	return leaves;
}

function leafOf(
	seed: string,
	account: Account,
	day: string,
	product: Product,
	follow: FollowType,
	views: number,
): Leaf {
	const part = (name: string, rate: number): number =>
		Math.floor(views * rate * (0.6 + 0.8 * unit(seed, account.key, day, product, follow, name)));
	const story = product === 'STORY';
	return {
		product,
		follow,
		views,
		reach: Math.min(views, Math.ceil(views * (0.55 + 0.25 * unit(seed, account.key, day, product, follow, 'reach')))),
		likes: part('likes', story ? 0.01 : 0.04),
		comments: story ? 0 : part('comments', 0.003),
		saves: story ? 0 : part('saves', 0.005),
		shares: part('shares', 0.006),
		reposts: part('reposts', 0.002),
		replies: story ? part('replies', 0.007) : 0,
	};
}

function adsRun(seed: string, account: Account, day: string): boolean {
	const week = Math.floor(Date.parse(`${day}T00:00:00Z`) / (7 * 86_400_000));
	return unit(seed, account.key, 'ads', week) < 0.25;
}

/** Accounts that began to follow that day. */
function newFollowers(seed: string, account: Account, day: string): number {
	if (day < account.firstDay) return 0;
	return Math.floor(account.followers * 0.0022 * (0.4 + 1.2 * unit(seed, account.key, day, 'follows')));
}

/** Accounts that stopped following, or left Instagram, that day. */
function lostFollowers(seed: string, account: Account, day: string): number {
	return Math.floor(newFollowers(seed, account, day) * (0.2 + 0.35 * unit(seed, account.key, day, 'unfollows')));
}

export const CONTACT_BUTTONS = ['BOOK_NOW', 'CALL', 'DIRECTION', 'EMAIL', 'TEXT'] as const;
export type ContactButton = (typeof CONTACT_BUTTONS)[number];

/** Taps on one contact button that day; BOOK_NOW and TEXT are not on every profile. */
export function contactTaps(seed: string, account: Account, day: string, button: ContactButton): number {
	if (day < account.firstDay || ((button === 'BOOK_NOW' || button === 'TEXT') && account.followers < 10_000)) return 0;
	const most = Math.ceil(account.viewsPerDay * 0.0015);
	return most === 0 ? 0 : whole(0, most, seed, account.key, day, 'contact', button);
}

/** The days of one account: as the seed draws them, and where a number was set by hand, that number. */
export type AccountDays = {
	readonly seed: string;
	readonly account: Account;
	/** The number that was set for the day; `undefined` without one. */
	readonly setNumber: (metric: string, day: string) => number | undefined;
};

type SummedLeaf = 'views' | 'likes' | 'comments' | 'saves' | 'shares' | 'reposts' | 'replies';
const SUMMED: ReadonlySet<string> = new Set(['views', 'likes', 'comments', 'saves', 'shares', 'reposts', 'replies']);

/** The day's number of an account metric; `undefined` for an unknown metric. */
export function dayValue(days: AccountDays, metric: string, day: string): number | undefined {
	return days.setNumber(metric, day) ?? drawnValue(days, metric, day);
}

function drawnValue({ seed, account }: AccountDays, metric: string, day: string): number | undefined {
	const leaves = leavesOf(seed, account, day);
	const views = sum(leaves, (leaf) => leaf.views);
	const rate = (name: string, share: number): number =>
		Math.floor(views * share * (0.5 + unit(seed, account.key, day, name)));
	if (SUMMED.has(metric)) return sum(leaves, (leaf) => leafValue(leaf, metric));
	switch (metric) {
		case 'total_interactions':
			return sum(leaves, interactions);
		case 'reach':
			return dayReach(leaves);
		case 'accounts_engaged':
			return Math.min(dayReach(leaves), Math.ceil(sum(leaves, interactions) * 0.8));
		case 'profile_views':
			return rate('profile', 0.03);
		case 'website_clicks':
			return rate('website', 0.004);
		case 'profile_links_taps':
			return sum(CONTACT_BUTTONS, (button) => contactTaps(seed, account, day, button));
		case 'follower_count':
			return newFollowers(seed, account, day);
		case 'unfollows':
			return lostFollowers(seed, account, day);
		default:
			return undefined;
	}
}

/** Metrics that count people: a person seen on two days counts once in the range. */
const UNIQUE: ReadonlySet<string> = new Set(['reach', 'accounts_engaged']);

/** The number over several days: a sum, or, where people are counted, fewer than the sum; `undefined` when a day's is. */
export function rangeOfDays(metric: string, ofDays: readonly (number | undefined)[]): number | undefined {
	const values = ofDays.filter((value) => value !== undefined);
	if (values.length < ofDays.length) return undefined;
	return UNIQUE.has(metric) ? union(values) : sum(values, (value) => value);
}

/** A leaf's number of a metric that leaves have: the summed ones, `reach` and `total_interactions`. */
export function leafValue(leaf: Leaf, metric: string): number {
	if (metric === 'reach') return leaf.reach;
	if (metric === 'total_interactions') return interactions(leaf);
	return leaf[metric as SummedLeaf];
}

function interactions(leaf: Leaf): number {
	return leaf.likes + leaf.comments + leaf.saves + leaf.shares + leaf.reposts + leaf.replies;
}

/** People of the day: fewer than the surfaces together, never fewer than the largest surface. */
export function dayReach(leaves: readonly Pick<Leaf, 'product' | 'reach'>[]): number {
	const surfaces = new Map<string, number>();
	for (const { product, reach } of leaves) surfaces.set(product, (surfaces.get(product) ?? 0) + reach);
	return Math.max(0, ...surfaces.values(), Math.floor(sum(leaves, (leaf) => leaf.reach) * 0.82));
}

/** People over several days: grows with every day, at least the best day, at most the sum. */
function union(values: readonly number[]): number {
	const best = values.reduce((most, value) => Math.max(most, value), 0);
	const total = sum(values, (value) => value);
	return Math.floor(best + (total - best) * 0.75);
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
	return items.reduce((total, item) => total + value(item), 0);
}
