import type { Account } from './account.ts';
import { CONTACT_BUTTONS, contactTaps, type Leaf, leavesOf, lostFollowers, newFollowers } from './account-day.ts';
import { unit } from './seeded.ts';

/** A bucket of a breakdown: one value for each dimension, in the order asked. */
export type BreakdownRow = { readonly dimensionValues: readonly string[]; readonly value: number };

type SummedLeaf = 'views' | 'likes' | 'comments' | 'saves' | 'shares' | 'reposts' | 'replies';
const SUMMED: ReadonlySet<string> = new Set(['views', 'likes', 'comments', 'saves', 'shares', 'reposts', 'replies']);

/** The day's true number of an account metric. `undefined` when the world keeps no such number. */
export function dayValue(seed: string, account: Account, metric: string, day: string): number | undefined {
	const leaves = leavesOf(seed, account, day);
	const views = sum(leaves, (leaf) => leaf.views);
	const rate = (name: string, share: number): number =>
		Math.floor(views * share * (0.5 + unit(seed, account.key, day, name)));
	if (SUMMED.has(metric)) return sum(leaves, (leaf) => leaf[metric as SummedLeaf]);
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

/** The number over several days: a sum, or, where people are counted, fewer than the sum. */
export function rangeValue(
	seed: string,
	account: Account,
	metric: string,
	days: readonly string[],
): number | undefined {
	return rangeOfDays(
		metric,
		days.map((day) => dayValue(seed, account, metric, day)),
	);
}

/** The same out of the numbers of the days; `undefined` when one is. */
export function rangeOfDays(metric: string, ofDays: readonly (number | undefined)[]): number | undefined {
	const values = ofDays.filter((value) => value !== undefined);
	if (values.length < ofDays.length) return undefined;
	return UNIQUE.has(metric) ? union(values) : sum(values, (value) => value);
}

/**
 * Buckets of a metric over several days, empty ones left out.
 *
 * @param dimensions any of `follow_type`, `media_product_type`, `contact_button_type`, in the order asked
 */
export function rangeBreakdown(
	seed: string,
	account: Account,
	metric: string,
	dimensions: readonly string[],
	days: readonly string[],
): readonly BreakdownRow[] {
	if (metric === 'follows_and_unfollows') return followRows(seed, account, days);
	if (dimensions[0] === 'contact_button_type') return buttonRows(seed, account, days);
	if (metric === 'reach' && dimensions.length === 1 && dimensions[0] === 'follow_type') {
		return reachByFollowType(seed, account, days);
	}
	const byBucket = new Map<string, number[]>();
	for (const day of days) {
		const ofDay = new Map<string, number>();
		for (const leaf of leavesOf(seed, account, day)) {
			const bucket = dimensions
				.map((dimension) => (dimension === 'follow_type' ? leaf.follow : leaf.product))
				.join('|');
			ofDay.set(bucket, (ofDay.get(bucket) ?? 0) + leafValue(leaf, metric));
		}
		for (const [bucket, value] of ofDay) {
			const values = byBucket.get(bucket);
			if (values === undefined) byBucket.set(bucket, [value]);
			else values.push(value);
		}
	}
	return [...byBucket]
		.map(([bucket, values]) => ({
			dimensionValues: bucket.split('|'),
			value: UNIQUE.has(metric) ? union(values) : sum(values, (value) => value),
		}))
		.filter((row) => row.value > 0);
}

function leafValue(leaf: Leaf, metric: string): number {
	if (metric === 'reach') return leaf.reach;
	if (metric === 'total_interactions') return interactions(leaf);
	return leaf[metric as SummedLeaf];
}

function interactions(leaf: Leaf): number {
	return leaf.likes + leaf.comments + leaf.saves + leaf.shares + leaf.reposts + leaf.replies;
}

/** People of the day: fewer than the surfaces together, never fewer than the largest surface. */
function dayReach(leaves: readonly Leaf[]): number {
	const largest = leaves.reduce((most, leaf) => Math.max(most, leaf.reach), 0);
	return Math.max(largest, Math.floor(sum(leaves, (leaf) => leaf.reach) * 0.82));
}

/** People over several days: grows with every day, at least the best day, at most the sum. */
function union(values: readonly number[]): number {
	const best = values.reduce((most, value) => Math.max(most, value), 0);
	const total = sum(values, (value) => value);
	return Math.floor(best + (total - best) * 0.75);
}

/** A follower is never a non-follower, so these two buckets add up to the reach. */
function reachByFollowType(seed: string, account: Account, days: readonly string[]): readonly BreakdownRow[] {
	const total = rangeValue(seed, account, 'reach', days) ?? 0;
	const leaves = days.flatMap((day) => leavesOf(seed, account, day));
	const all = sum(leaves, (leaf) => leaf.reach);
	if (total === 0 || all === 0) return [];
	const ofFollowers = sum(leaves, (leaf) => (leaf.follow === 'FOLLOWER' ? leaf.reach : 0));
	const followers = Math.round((total * ofFollowers) / all);
	return [
		{ dimensionValues: ['FOLLOWER'], value: followers },
		{ dimensionValues: ['NON_FOLLOWER'], value: total - followers },
	].filter((row) => row.value > 0);
}

/** FOLLOWER is who followed, NON_FOLLOWER who unfollowed or left. */
function followRows(seed: string, account: Account, days: readonly string[]): readonly BreakdownRow[] {
	return [
		{ dimensionValues: ['FOLLOWER'], value: rangeValue(seed, account, 'follower_count', days) ?? 0 },
		{ dimensionValues: ['NON_FOLLOWER'], value: rangeValue(seed, account, 'unfollows', days) ?? 0 },
	].filter((row) => row.value > 0);
}

function buttonRows(seed: string, account: Account, days: readonly string[]): readonly BreakdownRow[] {
	return CONTACT_BUTTONS.map((button) => ({
		dimensionValues: [button],
		value: sum(days, (day) => contactTaps(seed, account, day, button)),
	})).filter((row) => row.value > 0);
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
	return items.reduce((total, item) => total + value(item), 0);
}
