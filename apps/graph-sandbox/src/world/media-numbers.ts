import type { Account } from './account.ts';
import type { BreakdownRow } from './account-breakdown.ts';
import type { Media } from './media.ts';
import { unit, whole } from './seeded.ts';

/**
 * Every number of one medium, agreeing with each other: interactions add up, views are at least the reach,
 * total watch time is the average times the views. They do not grow with time, so a test can state them.
 */
export function mediaNumbers(seed: string, account: Account, media: Media): Readonly<Record<string, number>> {
	const draw = (name: string): number => unit(seed, media.id, name);
	const seen = media.fewViewers ? whole(1, 4, seed, media.id, 'few') : peopleReached(account, media, draw('reach'));
	const views = Math.floor(seen * (1.05 + draw('views')));
	const part = (name: string, rate: number): number => Math.floor(seen * rate * (0.5 + draw(name)));
	const story = media.productType === 'STORY';
	const likes = story ? 0 : part('likes', 0.06);
	const comments = story ? 0 : part('comments', 0.006);
	const saved = story ? 0 : part('saved', 0.01);
	const shares = part('shares', 0.009);
	const reposts = part('reposts', 0.003);
	const replies = story ? part('replies', 0.01) : 0;
	const facebookViews = media.sharedToFacebook ? Math.floor(views * 0.4 * draw('facebook')) : 0;
	const averageWatchMs = whole(2_500, 14_000, seed, media.id, 'watch');
	return {
		views,
		reach: seen,
		likes,
		comments,
		saved,
		shares,
		reposts,
		replies,
		total_interactions: likes + comments + saved + shares + reposts + replies,
		follows: part('follows', 0.002),
		profile_visits: part('visits', 0.02),
		profile_activity: sumOf(rows(seed, media, seen, ACTIONS)),
		navigation: sumOf(rows(seed, media, views, NAVIGATION)),
		link_clicks: part('links', 0.004),
		ig_reels_avg_watch_time: averageWatchMs,
		ig_reels_video_view_total_time: averageWatchMs * views,
		reels_skip_rate: Math.round(250 + 400 * draw('skip')) / 10,
		facebook_views: facebookViews,
		crossposted_views: views + facebookViews,
		// The total_* metrics count paid and Facebook views too.
		total_views: views + facebookViews + part('paid', 0.05),
		total_likes: likes + part('paid-likes', 0.002),
		total_comments: comments + part('paid-comments', 0.0005),
		impressions: Math.floor(views * 1.1),
	};
}

/**
 * Buckets of a medium's metric, empty ones left out.
 *
 * @param numbers those of the medium
 * @throws {RangeError} a metric without buckets
 */
export function mediaBreakdown(
	seed: string,
	media: Media,
	numbers: Readonly<Record<string, number>>,
	metric: string,
): readonly BreakdownRow[] {
	const buckets = MEDIA_BUCKETS[metric];
	if (buckets === undefined) throw new RangeError(`The sandbox has no buckets for the metric "${metric}"`);
	return rows(seed, media, numbers[buckets.of] ?? 0, buckets.rates);
}

function peopleReached(account: Account, media: Media, draw: number): number {
	const appeal = media.productType === 'REELS' ? 1.6 : media.productType === 'STORY' ? 0.25 : 0.6;
	return Math.max(5, Math.floor(account.followers * appeal * (0.3 + 0.9 * draw)));
}

type Rates = readonly (readonly [bucket: string, rate: number])[];

const NAVIGATION: Rates = [
	['tap_forward', 0.7],
	['tap_back', 0.08],
	['tap_exit', 0.12],
	['swipe_forward', 0.09],
];
const ACTIONS: Rates = [
	['BIO_LINK_CLICKED', 0.004],
	['CALL', 0.0006],
	['DIRECTION', 0.0012],
	['EMAIL', 0.0005],
	['OTHER', 0.0008],
	['TEXT', 0.0002],
];

/** Each metric that has buckets, and what they are parts of. Lower case for story navigation, as Meta's samples show. */
const MEDIA_BUCKETS: Readonly<Record<string, { readonly of: 'views' | 'reach'; readonly rates: Rates }>> = {
	navigation: { of: 'views', rates: NAVIGATION },
	profile_activity: { of: 'reach', rates: ACTIONS },
};

function rows(seed: string, media: Media, base: number, rates: Rates): BreakdownRow[] {
	return rates
		.map(([bucket, rate]) => ({
			dimensionValues: [bucket],
			value: Math.floor(base * rate * (0.5 + unit(seed, media.id, bucket))),
		}))
		.filter((row) => row.value > 0);
}

function sumOf(rowsToAdd: readonly BreakdownRow[]): number {
	return rowsToAdd.reduce((total, row) => total + row.value, 0);
}
