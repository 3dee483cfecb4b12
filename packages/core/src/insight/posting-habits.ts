import type { MediaFields } from '../graph/media-answer.ts';
import { mean } from './best-times.ts';
import { publishedAt } from './read-media.ts';

/** How an account posts and what it gets for it, from its latest posts. A figure without an input is null. */
export type PostingHabits = {
	/** How many posts stand behind the figures. */
	readonly posts: number;
	/** Over the time from the oldest of these posts until now. */
	readonly postsPerWeek: number | null;
	/** Mean over the posts that show their likes. */
	readonly likesPerPost: number | null;
	readonly commentsPerPost: number | null;
	/** Likes and comments per post and follower, as a fraction of 1. */
	readonly engagementRateByFollowers: number | null;
};

const WEEK_MS = 7 * 24 * 3_600_000;

/**
 * What can be said of an account from the outside: comparable between accounts of any size.
 *
 * @param media its latest posts; those that hide their likes count for none of the likes
 * @param followers null where unknown
 */
export function postingHabits(media: readonly MediaFields[], followers: number | null, now: Date): PostingHabits {
	const oldest = Math.min(...media.flatMap((one) => publishedAt(one) ?? []));
	const weeks = (now.getTime() - oldest) / WEEK_MS;
	const likes = numbersOf(media, 'like_count');
	const likesPerPost = mean(likes);
	const commentsPerPost = mean(numbersOf(media, 'comments_count'));
	const isKnown = likesPerPost !== null && commentsPerPost !== null && followers !== null && followers > 0;
	return {
		posts: media.length,
		postsPerWeek: Number.isFinite(weeks) && weeks > 0 ? media.length / weeks : null,
		likesPerPost,
		commentsPerPost,
		engagementRateByFollowers: isKnown ? (likesPerPost + commentsPerPost) / followers : null,
	};
}

function numbersOf(media: readonly MediaFields[], field: string): number[] {
	return media.flatMap((fields) => (typeof fields[field] === 'number' ? [fields[field]] : []));
}
