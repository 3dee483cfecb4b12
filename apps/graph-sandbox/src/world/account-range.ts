import type { Account } from './account.ts';
import { CONTACT_BUTTONS, contactTaps, type Leaf, leavesOf, lostFollowers, newFollowers } from './account-day.ts';
import { unit } from './seeded.ts';

/** The days of one account: as the seed draws them, and where a number was set by hand, that number. */
export type AccountDays = {
	readonly seed: string;
	readonly account: Account;
	/** The day's number as it was set, `undefined` where none was. */
	readonly setNumber: (metric: string, day: string) => number | undefined;
};

type SummedLeaf = 'views' | 'likes' | 'comments' | 'saves' | 'shares' | 'reposts' | 'replies';
const SUMMED: ReadonlySet<string> = new Set(['views', 'likes', 'comments', 'saves', 'shares', 'reposts', 'replies']);

/** The day's number of an account metric. `undefined` when the world keeps no such number. */
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

/** What one leaf has of a metric that leaves keep: the summed ones, `reach` and `total_interactions`. */
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
