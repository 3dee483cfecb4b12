import type { Account } from './account.ts';
import { type BreakdownRow, rangeBreakdown } from './account-breakdown.ts';
import { type AccountDays, dayValue, rangeOfDays } from './account-range.ts';
import { audienceRows, onlineByHour } from './audience.ts';
import { childrenOf, createMedia, type Media, type NewMedia, newMedia } from './media.ts';
import { mediaBreakdown, mediaNumbers } from './media-numbers.ts';
import { addDays, daysFrom, pacificDay } from './pacific-day.ts';
import { findStory, liveStories, STORY_LIFE_MS } from './story.ts';

/** An account with its true numbers: what the sandbox answers from, and what a test compares with. */
export type AccountTruth = Account & {
	readonly tokens: { readonly instagram: string; readonly facebook: string };
	/** Posts, newest first; stories are apart. */
	media(): readonly Media[];
	/** Live stories, newest first. */
	stories(): readonly Media[];
	children(album: Media): readonly Media[];
	findMedia(id: string): Media | undefined;
	/** True for what was there and has been removed, and for the pictures of a removed album. */
	isGone(id: string): boolean;
	/** True once a story's 24 hours are over. */
	isExpired(media: Media): boolean;
	/** Followers now: the start's number and everything that came and went since. */
	followersNow(): number;
	/** False for an account nobody has seen, unless a number of the metric was set for one of the days. */
	hasNumbers(metric: string, days: readonly string[]): boolean;
	/** True when Meta has worked the day out. `extraDays` more must have passed for slower metrics. */
	isProcessed(day: string, extraDays?: number): boolean;
	/** The day's number; `undefined` for a name the world keeps no number of. */
	onDay(metric: string, day: string): number | undefined;
	/** The number over the days from `since` to `until`, both included, leaving out days not yet processed. */
	total(metric: string, since: string, until: string): number | undefined;
	/** As `total`, by bucket. */
	breakdown(metric: string, dimensions: readonly string[], since: string, until: string): readonly BreakdownRow[];
	/** Demographics rows; `people` as `audienceSize` gives it. */
	audience(metric: string, dimensions: readonly string[], timeframeDays: number): readonly BreakdownRow[];
	/** Followers, or people engaged or reached in the last `timeframeDays` days. */
	audienceSize(metric: string, timeframeDays: number): number;
	onlineFollowers(day: string): Readonly<Record<string, number>>;
	/** One metric of one medium. */
	mediaMetric(media: Media, metric: string): number | undefined;
	mediaRows(media: Media, metric: 'navigation' | 'profile_activity'): readonly BreakdownRow[];
	/** Change the world while it runs. */
	publish(choice?: NewMedia): Media;
	remove(mediaId: string): void;
	setFollowers(followers: number): void;
	setMediaMetric(mediaId: string, metric: string, value: number): void;
	/**
	 * Set one number of one day; the buckets of that metric follow, other metrics do not.
	 *
	 * @throws {RangeError} not a whole number of at least 0
	 */
	setDay(metric: string, day: string, value: number): void;
};

export function createAccountTruth(seed: string, account: Account, startedAt: Date, now: () => Date): AccountTruth {
	const planned = createMedia(seed, account, startedAt);
	const byId = new Map(planned.map((media) => [media.id, media]));
	const published: Media[] = [];
	const overrides = new Map<string, number>();
	const removed = new Set<string>();
	let ordinal = 0;
	const newestFirst = (): Media[] => [...published.filter((m) => m.productType !== 'STORY'), ...planned];
	const accountDays: AccountDays = {
		seed,
		account,
		setNumber: (metric, day) => overrides.get(`${day}|${metric}`),
	};
	const value = (metric: string, day: string): number | undefined => dayValue(accountDays, metric, day);
	/** Whatever the account has ever had under an id. */
	const everPosted = (id: string): Media | undefined => {
		const own = byId.get(id) ?? published.find((media) => media.id === id) ?? findStory(seed, account, startedAt, id);
		if (own !== undefined || !id.startsWith(`18${account.number}5`)) return own;
		const album = planned.find((media) => media.childIds.includes(id));
		return album === undefined ? undefined : childrenOf(album).find((child) => child.id === id);
	};
	const isExpired = (media: Media): boolean =>
		media.productType === 'STORY' && now().getTime() - media.timestamp >= STORY_LIFE_MS;
	/** The first day Meta has not worked out yet. */
	const dayInProgress = (): string => pacificDay(new Date(now().getTime() - account.processingHours * 3_600_000));
	const numbers = new Map<string, Readonly<Record<string, number>>>();
	const numbersOf = (media: Media): Readonly<Record<string, number>> => {
		const known = numbers.get(media.id) ?? mediaNumbers(seed, account, media);
		numbers.set(media.id, known);
		return known;
	};
	const processedDays = (since: string, until: string, extraDays = 0): string[] => {
		const last = addDays(dayInProgress(), -1 - extraDays);
		return daysFrom(since, addDays(until < last ? until : last, 1));
	};
	const truth: AccountTruth = {
		...account,
		tokens: { instagram: `IGAA-sandbox-${account.key}`, facebook: `EAA-sandbox-${account.key}` },
		media: () =>
			published.length === 0 && removed.size === 0 ? planned : newestFirst().filter((m) => !removed.has(m.id)),
		stories: () =>
			[
				...published.filter((m) => m.productType === 'STORY' && !isExpired(m)),
				...liveStories(seed, account, startedAt, now()),
			]
				.filter((m) => !removed.has(m.id))
				.sort((a, b) => b.timestamp - a.timestamp),
		children: childrenOf,
		findMedia: (id) => (truth.isGone(id) ? undefined : everPosted(id)),
		isGone(id) {
			const media = removed.size === 0 ? undefined : everPosted(id);
			return media !== undefined && (removed.has(media.id) || (media.parentId !== null && removed.has(media.parentId)));
		},
		isExpired,
		followersNow() {
			const set = overrides.get('followers');
			if (set !== undefined) return set;
			const days = daysFrom(pacificDay(startedAt), pacificDay(now()));
			return days.reduce(
				(total, day) => total + (value('follower_count', day) ?? 0) - (value('unfollows', day) ?? 0),
				account.followers,
			);
		},
		hasNumbers: (metric, days) =>
			account.viewsPerDay > 0 || days.some((day) => accountDays.setNumber(metric, day) !== undefined),
		isProcessed: (day, extraDays = 0) => addDays(day, extraDays) < dayInProgress(),
		onDay: value,
		total(metric, since, until) {
			return rangeOfDays(
				metric,
				processedDays(since, until).map((day) => value(metric, day)),
			);
		},
		breakdown: (metric, dimensions, since, until) =>
			rangeBreakdown(accountDays, {
				metric,
				dimensions,
				days: processedDays(since, until, metric === 'follows_and_unfollows' ? 2 : 0),
			}),
		audienceSize(metric, timeframeDays) {
			if (metric === 'follower_demographics') return truth.followersNow();
			const today = pacificDay(now());
			const base = metric === 'engaged_audience_demographics' ? 'accounts_engaged' : 'reach';
			return truth.total(base, addDays(today, -timeframeDays), addDays(today, -1)) ?? 0;
		},
		audience: (metric, dimensions, timeframeDays) =>
			audienceRows(seed, account, dimensions, truth.audienceSize(metric, timeframeDays), metric),
		onlineFollowers: (day) => onlineByHour(seed, account, day),
		mediaMetric: (media, metric) => overrides.get(`${media.id}|${metric}`) ?? numbersOf(media)[metric],
		mediaRows: (media, metric) => mediaBreakdown(seed, account, media, metric),
		publish(choice = {}) {
			ordinal += 1;
			const media = newMedia(account, choice, ordinal, now());
			published.unshift(media);
			return media;
		},
		remove: (mediaId) => void removed.add(mediaId),
		setFollowers: (followers) => void overrides.set('followers', followers),
		setMediaMetric: (mediaId, metric, number) => void overrides.set(`${mediaId}|${metric}`, number),
		setDay(metric, day, number) {
			if (!Number.isInteger(number) || number < 0) throw new RangeError(`not a whole number of at least 0: ${number}`);
			overrides.set(`${day}|${metric}`, number);
		},
	};
	return truth;
}
