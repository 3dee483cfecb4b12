import { COMPUTED_MEDIA_METRICS, computedMetricRow } from '../catalog/computed-metric.ts';
import { mediaMetricRow } from '../catalog/media-metric.ts';
import { type MediaFields, publishedAt } from '../graph/media-answer.ts';
import { type Day, pacificDay } from '../query/calendar-day.ts';
import { type CompareWith, comparedRange, type DayRange } from '../query/date-range.ts';
import { mean, median } from './best-times.ts';
import { type AbsentReason, type Insight, totalOf } from './insight.ts';

/** A number and the one it is compared with. */
export type Change = {
	readonly current: number | null;
	readonly previous: number | null;
	/** `current - previous`; null when either is missing. */
	readonly change: number | null;
	/** In percent of `previous`, rounded to two decimals; null when `previous` is 0 or missing. */
	readonly changePercent: number | null;
};

/** A number, the one it is compared with, and the difference. */
export function changeBetween(current: number | null, previous: number | null): Change {
	const change = current === null || previous === null ? null : current - previous;
	const changePercent = change === null || !previous ? null : Math.round((change / previous) * 10_000) / 100;
	return { current, previous, change, changePercent };
}

/** A metric in this period compared with an earlier one. */
export type Comparison = Change & {
	readonly metric: string;
	/** Why a number is missing. */
	readonly reason?: AbsentReason;
	/** The reason in Meta's or our words. */
	readonly message?: string;
	/** The days compared, both included. */
	readonly since: Day;
	readonly until: Day;
	/** The days compared with, both included. */
	readonly previousSince: Day;
	readonly previousUntil: Day;
};

/**
 * One statistic of the posts of a period, compared with those of an earlier one. `metric` is `posts` for their count. `reason`
 * is the one all posts share, `not-additive` for totals that make no sense, else `no-data`.
 */
export type PostComparison = Comparison & {
	readonly statistic: 'count' | 'total' | 'average' | 'median';
	/** How many posts have a number: those behind `current`, and those behind `previous`. */
	readonly posts: number;
	readonly previousPosts: number;
};

/** A post with its numbers. */
export type ReadMedia = { readonly media: MediaFields; readonly insights: readonly Insight[] };

/** The metrics to compare, and the days on which the posts were published. */
export type PostsQuestion = DayRange & {
	readonly metrics: readonly string[];
	/** The days to compare with; the same number of days right before (`previousPeriod`) when left out. */
	readonly compareWith?: CompareWith | undefined;
};

/**
 * Compare the posts published in a range of days with those of an earlier range. First comes the number of posts, then for each
 * metric the total, the average and the median.
 *
 * Each post counts by the Pacific day it was published on, as in a list of media with `since` and `until`. A post without a number
 * for a metric does not count for that metric. Unique people (`reach`), averages and shares are not added up: their total is
 * `not-additive`.
 *
 * @param posts items of `media()` or `mediaInsights()` from both ranges, in any order; a post that comes twice counts once, posts
 *   of other days and posts without a date do not count. Read both ranges: `since` to `until`, and the days that
 *   {@link comparedRange} gives. Computed metrics are compared where `insights` holds them.
 * @returns rows in the order of `metrics`
 * @throws {RangeError} `since` or `until` is not a day that exists
 */
export function comparePosts(posts: readonly ReadMedia[], question: PostsQuestion): readonly PostComparison[] {
	const { since, until, compareWith = 'previousPeriod' } = question;
	const before = comparedRange({ since, until }, compareWith);
	const each = [...new Map(posts.map((post) => [post.media.id, post])).values()];
	const now = publishedIn(each, { since, until });
	const then = publishedIn(each, before);
	const periods = { since, until, previousSince: before.since, previousUntil: before.until };
	const counts = { posts: now.length, previousPosts: then.length };
	return [
		{ metric: 'posts', statistic: 'count', ...changeBetween(now.length, then.length), ...counts, ...periods },
		...[...new Set(question.metrics)].flatMap((metric) => {
			const current = valuesOf(metric, now, { since, until });
			const previous = valuesOf(metric, then, before);
			const behind = { posts: current.numbers.length, previousPosts: previous.numbers.length };
			const absence = current.absence ?? previous.absence ?? {};
			const of = (statistic: PostComparison['statistic'], compute: (numbers: readonly number[]) => number | null) => {
				const change = changeBetween(compute(current.numbers), compute(previous.numbers));
				return { metric, statistic, ...change, ...behind, ...absence, ...periods };
			};
			const total = addsUp(metric) ? of('total', sum) : { ...of('total', () => null), ...NOT_ADDITIVE };
			return [total, of('average', mean), of('median', median)];
		}),
	];
}

function publishedIn(posts: readonly ReadMedia[], { since, until }: DayRange): readonly ReadMedia[] {
	return posts.filter(({ media }) => {
		const instant = publishedAt(media);
		if (instant === undefined) return false;
		const day = pacificDay(new Date(instant));
		return day >= since && day <= until;
	});
}

type Absence = Pick<PostComparison, 'reason' | 'message'>;

const NOT_ADDITIVE = {
	reason: 'not-additive',
	message: 'Unique people, averages and shares of several posts cannot be added up.',
} as const satisfies Absence;

type Values = { readonly numbers: readonly number[]; readonly absence: Absence | null };

/** The numbers of the posts that have one; without any, why. */
function valuesOf(metric: string, posts: readonly ReadMedia[], { since, until }: DayRange): Values {
	const found = posts.map(({ insights }) => insights.find((insight) => insight.metric === metric));
	const numbers = found.flatMap((insight) => totalOf(insight) ?? []);
	if (numbers.length > 0) return { numbers, absence: null };
	if (posts.length === 0) {
		return { numbers, absence: { reason: 'no-data', message: `No posts from ${since} to ${until}.` } };
	}
	const absent = found.flatMap((insight) => (insight?.shape === 'absent' ? [insight] : []));
	const isSame = absent.length === found.length && new Set(absent.map(({ reason }) => reason)).size === 1;
	const { reason = 'no-data', message: why } = (isSame ? absent[0] : undefined) ?? {};
	const message = `No post from ${since} to ${until} has a number for ${metric}${why === undefined ? '.' : `: ${why}`}`;
	return { numbers, absence: { reason, message } };
}

/** Whether values of several posts may be added up. A metric that no table knows is not. */
function addsUp(metric: string): boolean {
	const row = mediaMetricRow(metric);
	return row ? row.aggregation === 'sum' : computedMetricRow(metric, COMPUTED_MEDIA_METRICS)?.unit === 'count';
}

function sum(numbers: readonly number[]): number | null {
	return numbers.length === 0 ? null : numbers.reduce((total, value) => total + value, 0);
}
