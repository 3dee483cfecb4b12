import {
	type AccountDays,
	CONTACT_BUTTONS,
	type ContactButton,
	contactTaps,
	dayReach,
	dayValue,
	type Leaf,
	leafValue,
	leavesOf,
	rangeOfDays,
} from './account-day.ts';

/** A bucket of a breakdown: one value for each dimension, in the order asked. */
export type BreakdownRow = { readonly dimensionValues: readonly string[]; readonly value: number };

type BreakdownQuestion = {
	readonly metric: string;
	/** Any of `follow_type`, `media_product_type`, `contact_button_type`, in the order asked. */
	readonly dimensions: readonly string[];
	readonly days: readonly string[];
};

/**
 * Buckets of a metric over several days, empty ones left out. They add up to the number over the days, set by hand or not;
 * only the surfaces of `reach` add up to more, because a person may be counted on two of them.
 */
export function rangeBreakdown(days: AccountDays, question: BreakdownQuestion): readonly BreakdownRow[] {
	return bucketsOf(days, question).filter((row) => row.value > 0);
}

function bucketsOf(days: AccountDays, question: BreakdownQuestion): readonly BreakdownRow[] {
	const { metric, dimensions } = question;
	if (metric === 'follows_and_unfollows') return followRows(days, question.days);
	if (dimensions[0] === 'contact_button_type') return buttonRows(days, question.days);
	if (metric === 'reach' && dimensions.join() === 'follow_type') return reachByFollowType(days, question.days);
	const byBucket = new Map<string, number[]>();
	for (const day of question.days) {
		for (const [bucket, value] of dayBuckets(days, question, day)) {
			byBucket.set(bucket, [...(byBucket.get(bucket) ?? []), value]);
		}
	}
	return [...byBucket].map(([bucket, values]) => ({
		dimensionValues: bucket.split('|'),
		value: rangeOfDays(metric, values) ?? 0,
	}));
}

type Part = Pick<Leaf, 'product' | 'follow'> & { readonly value: number };

/** The buckets of a number that was set for a day without events. */
const QUIET_DAY: readonly Part[] = [
	{ product: 'POST', follow: 'FOLLOWER', value: 7 },
	{ product: 'POST', follow: 'NON_FOLLOWER', value: 3 },
];

/** What the leaves of a day have of a metric; with a number set by hand, the weights it is shared out by. */
function dayParts({ seed, account, setNumber }: AccountDays, metric: string, day: string): readonly Part[] {
	const parts = leavesOf(seed, account, day).map((leaf) => ({ ...leaf, value: leafValue(leaf, metric) }));
	const drawn = parts.some((part) => part.value > 0);
	return drawn || setNumber(metric, day) === undefined ? parts : QUIET_DAY;
}

function bucketOf({ follow, product }: Part, dimension: string): string {
	if (dimension === 'follow_type') return follow;
	if (dimension === 'media_product_type') return product;
	throw new RangeError(`The sandbox has no buckets for the breakdown "${dimension}"`);
}

function dayBuckets(
	days: AccountDays,
	{ metric, dimensions }: BreakdownQuestion,
	day: string,
): ReadonlyMap<string, number> {
	const parts = dayParts(days, metric, day);
	const set = days.setNumber(metric, day);
	const values = parts.map((part) => part.value);
	const shared = set === undefined || metric === 'reach' ? values : spreadTotal(set, values);
	const buckets = new Map<string, number>();
	for (const [index, part] of parts.entries()) {
		const bucket = dimensions.map((dimension) => bucketOf(part, dimension)).join('|');
		buckets.set(bucket, (buckets.get(bucket) ?? 0) + (shared[index] ?? 0));
	}
	if (set === undefined || metric !== 'reach') return buckets;
	// Rounded up, no surface reaches more people than the day, and together they reach all of them.
	const drawn = partsReach(parts);
	return new Map([...buckets].map(([bucket, value]) => [bucket, Math.ceil((value * set) / drawn)]));
}

/** A follower is never a non-follower, so these two buckets add up to the reach. */
function reachByFollowType(days: AccountDays, range: readonly string[]): readonly BreakdownRow[] {
	let followers = 0;
	let all = 0;
	for (const day of range) {
		const parts = dayParts(days, 'reach', day);
		const set = days.setNumber('reach', day);
		const scale = set === undefined ? 1 : set / partsReach(parts);
		for (const { follow, value } of parts) {
			all += value * scale;
			if (follow === 'FOLLOWER') followers += value * scale;
		}
	}
	const total = overDays(days, 'reach', range);
	if (all === 0) return [];
	const ofFollowers = Math.round((total * followers) / all);
	return [
		{ dimensionValues: ['FOLLOWER'], value: ofFollowers },
		{ dimensionValues: ['NON_FOLLOWER'], value: total - ofFollowers },
	];
}

function partsReach(parts: readonly Part[]): number {
	return dayReach(parts.map(({ product, value }) => ({ product, reach: value })));
}

/** FOLLOWER is who followed, NON_FOLLOWER who unfollowed or left. */
function followRows(days: AccountDays, range: readonly string[]): readonly BreakdownRow[] {
	return [
		{ dimensionValues: ['FOLLOWER'], value: overDays(days, 'follower_count', range) },
		{ dimensionValues: ['NON_FOLLOWER'], value: overDays(days, 'unfollows', range) },
	];
}

function overDays(days: AccountDays, metric: string, range: readonly string[]): number {
	return (
		rangeOfDays(
			metric,
			range.map((day) => dayValue(days, metric, day)),
		) ?? 0
	);
}

/** The buttons that every profile has; they get the taps that were set for a day without any. */
const ON_EVERY_PROFILE: readonly ContactButton[] = ['CALL', 'DIRECTION', 'EMAIL'];

function buttonRows(days: AccountDays, range: readonly string[]): readonly BreakdownRow[] {
	const taps = range.map((day) => dayTaps(days, day));
	return CONTACT_BUTTONS.map((button, index) => ({
		dimensionValues: [button],
		value: taps.reduce((sum, ofDay) => sum + (ofDay[index] ?? 0), 0),
	}));
}

function dayTaps({ seed, account, setNumber }: AccountDays, day: string): readonly number[] {
	const drawn = CONTACT_BUTTONS.map((button) => contactTaps(seed, account, day, button));
	const set = setNumber('profile_links_taps', day);
	if (set === undefined) return drawn;
	const tapped = drawn.some((taps) => taps > 0);
	return spreadTotal(
		set,
		tapped ? drawn : CONTACT_BUTTONS.map((button) => (ON_EVERY_PROFILE.includes(button) ? 1 : 0)),
	);
}

/**
 * Share a whole number out by weight: the parts are whole and add up to it. What rounding leaves over goes to the largest
 * remainders, the earlier part first.
 *
 * @param weights at least one above 0
 */
export function spreadTotal(total: number, weights: readonly number[]): readonly number[] {
	const sum = weights.reduce((all, weight) => all + weight, 0);
	const exact = weights.map((weight) => (total * weight) / sum);
	const parts = exact.map(Math.floor);
	const left = total - parts.reduce((all, part) => all + part, 0);
	const next = exact
		.map((value, index) => ({ index, remainder: value - Math.floor(value) }))
		.sort((a, b) => b.remainder - a.remainder || a.index - b.index)
		.slice(0, left);
	for (const { index } of next) parts[index] = (parts[index] ?? 0) + 1;
	return parts;
}
