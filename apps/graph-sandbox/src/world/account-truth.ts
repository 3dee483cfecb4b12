import type { Account, StoryPlan } from './account.ts';
import { type BreakdownRow, rangeBreakdown } from './account-breakdown.ts';
import { type AccountDays, dayValue, rangeOfDays } from './account-day.ts';
import { childrenOf, createMedia, type Media, mediaId, type NewMedia, newMedia } from './media.ts';
import { mediaBreakdown, mediaNumbers } from './media-numbers.ts';
import { addDays, daysFrom, pacificDay } from './pacific-day.ts';
import { unit } from './seeded.ts';

/** An account with its true numbers: what the sandbox answers from, and what a test compares with. */
export type AccountTruth = Account & {
	readonly tokens: { readonly instagram: string; readonly facebook: string };
	/** Posts, newest first; stories are apart. */
	media(): readonly Media[];
	/** Live stories, newest first. */
	stories(): readonly Media[];
	children(album: Media): readonly Media[];
	findMedia(id: string): Media | undefined;
	/** True for removed media, and for the pictures of a removed album. */
	isGone(id: string): boolean;
	/** True once a story's 24 hours are over. */
	isExpired(media: Media): boolean;
	/** Followers now: those at the start, and all who followed or left since. */
	followersNow(): number;
	/** False for an account without views, unless a number of the metric was set for one of the days. */
	hasNumbers(metric: string, days: readonly string[]): boolean;
	/** True when Meta has processed the day. Slower metrics take `extraDays` more. */
	isProcessed(day: string, extraDays?: number): boolean;
	/** The day's number; `undefined` for an unknown metric. */
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
	/** Its buckets. @throws {RangeError} the metric has none */
	mediaRows(media: Media, metric: string): readonly BreakdownRow[];
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
	/** A media item of the account by id, also one that is expired or removed. */
	const everPosted = (id: string): Media | undefined => {
		const own = byId.get(id) ?? published.find((media) => media.id === id) ?? findStory(seed, account, startedAt, id);
		if (own !== undefined || !id.startsWith(`18${account.number}5`)) return own;
		const album = planned.find((media) => media.childIds.includes(id));
		return album === undefined ? undefined : childrenOf(album).find((child) => child.id === id);
	};
	const isExpired = (media: Media): boolean =>
		media.productType === 'STORY' && now().getTime() - media.timestamp >= STORY_LIFE_MS;
	/** The first day that Meta has not processed yet. */
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
		mediaRows: (media, metric) => mediaBreakdown(seed, media, numbersOf(media), metric),
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

/** Meta answers at most this many rows. */
const MAX_ROWS = 45;

const AGES = ['13-17', '18-24', '25-34', '35-44', '45-54', '55-64', '65+'] as const;
const AGE_WEIGHTS = [0.03, 0.22, 0.34, 0.2, 0.11, 0.06, 0.04];
const GENDERS = ['F', 'M', 'U'] as const;
const GENDER_WEIGHTS = [0.52, 0.42, 0.06];

/**
 * People by age, city, country, gender, or age and gender together: at most 45 rows, largest first, empty ones left out.
 * Rows never add up to more than `people`; some people have no known city or country.
 *
 * @param people followers, or people engaged in the timeframe
 * @param salt distinguishes audiences, such as the metric's name
 */
export function audienceRows(
	seed: string,
	account: Account,
	dimensions: readonly string[],
	people: number,
	salt: string,
): readonly BreakdownRow[] {
	const buckets = dimensions.reduce<readonly Bucket[]>(
		(all, dimension) =>
			all.flatMap((left) =>
				bucketsOf(seed, account, dimension, salt).map((right) => ({
					values: [...left.values, ...right.values],
					share: left.share * right.share,
				})),
			),
		[{ values: [], share: 1 }],
	);
	return buckets
		.map((bucket) => ({ dimensionValues: bucket.values, value: Math.floor(people * bucket.share) }))
		.filter((row) => row.value > 0)
		.sort((a, b) => b.value - a.value)
		.slice(0, MAX_ROWS);
}

type Bucket = { readonly values: readonly string[]; readonly share: number };

function bucketsOf(seed: string, account: Account, dimension: string, salt: string): readonly Bucket[] {
	if (dimension === 'age') return AGES.map((age, i) => ({ values: [age], share: AGE_WEIGHTS[i] ?? 0 }));
	if (dimension === 'gender') return GENDERS.map((gender, i) => ({ values: [gender], share: GENDER_WEIGHTS[i] ?? 0 }));
	if (dimension !== 'city' && dimension !== 'country') {
		throw new RangeError(`The sandbox has no buckets for the breakdown "${dimension}"`);
	}
	const places = dimension === 'city' ? account.cities : account.countries;
	const known = dimension === 'city' ? 0.7 : 0.97;
	const weights = places.map((place, i) => (0.7 + 0.6 * unit(seed, account.key, salt, place)) / (i + 1));
	const total = weights.reduce((sum, weight) => sum + weight, 0);
	return places.map((place, i) => ({ values: [place], share: (known * (weights[i] ?? 0)) / total }));
}

/**
 * Followers online in each hour of a day, "0" to "23"; `{}` on about one day in five, as Meta answers in 2026.
 */
function onlineByHour(seed: string, account: Account, day: string): Readonly<Record<string, number>> {
	if (account.followers < 100 || unit(seed, account.key, day, 'online') < 0.2) return {};
	return Object.fromEntries(
		Array.from({ length: 24 }, (_, hour) => {
			const wave = 0.35 + 0.3 * Math.sin(((hour - 9) / 24) * 2 * Math.PI);
			const noise = 0.9 + 0.2 * unit(seed, account.key, day, 'online', hour);
			return [String(hour), Math.floor(account.followers * wave * noise * 0.5)];
		}),
	);
}

const STORY_LIFE_MS = 24 * 3_600_000;

/**
 * The stories that are live at `now`, newest first.
 *
 * Each planned story is posted again when it expires, so a sandbox that runs for days always has the same set of ages:
 * one fresh, one nearly over, one with few viewers, as the account's plan says.
 */
function liveStories(seed: string, account: Account, startedAt: Date, now: Date): readonly Media[] {
	return account.posts.stories
		.map((plan, index) => {
			const first = startedAt.getTime() - plan.ageHours * 3_600_000;
			const generation = Math.floor((now.getTime() - first) / STORY_LIFE_MS);
			return createStory(seed, account, plan, index, { first, generation });
		})
		.sort((a, b) => b.timestamp - a.timestamp);
}

/** The story behind an id, live or expired; `undefined` when the account never had it. */
function findStory(seed: string, account: Account, startedAt: Date, id: string): Media | undefined {
	const ordinal = Number(id.slice(5, 15));
	if (id !== mediaId(account, '9', ordinal)) return undefined;
	const index = ordinal % 100;
	const plan = account.posts.stories[index];
	if (plan === undefined) return undefined;
	const first = startedAt.getTime() - plan.ageHours * 3_600_000;
	return createStory(seed, account, plan, index, { first, generation: Math.floor(ordinal / 100) });
}

function createStory(
	seed: string,
	account: Account,
	plan: StoryPlan,
	index: number,
	when: { readonly first: number; readonly generation: number },
): Media {
	const ordinal = when.generation * 100 + index;
	const timestamp = when.first + when.generation * STORY_LIFE_MS;
	const video = unit(seed, account.key, 'story', ordinal) < 0.4;
	return {
		id: mediaId(account, '9', ordinal),
		accountKey: account.key,
		productType: 'STORY',
		mediaType: video ? 'VIDEO' : 'IMAGE',
		caption: '',
		timestamp: Math.floor(timestamp / 1000) * 1000,
		shortcode: `T${account.number}${ordinal.toString(36)}`,
		beforeConversion: false,
		legacyVideo: false,
		sharedToFacebook: unit(seed, account.key, 'story-facebook', ordinal) < 0.5,
		likesHidden: false,
		copyrightFlagged: false,
		fewViewers: plan.viewers === 'few',
		childIds: [],
		parentId: null,
	};
}
