import { type MediaFields, publishedAt } from '../graph/media-answer.ts';
import { mean } from './best-times.ts';

/** How often an account posts and what its posts get, from its latest posts. A number without its inputs is null. */
export type PostingHabits = {
	/** How many posts the numbers are based on. */
	readonly posts: number;
	/** Over the time from the oldest of these posts until now. */
	readonly postsPerWeek: number | null;
	/** Average over the posts that show their likes. */
	readonly likesPerPost: number | null;
	readonly commentsPerPost: number | null;
	/** Likes and comments per post and follower, as a fraction of 1. */
	readonly engagementRateByFollowers: number | null;
};

const WEEK_MS = 7 * 24 * 3_600_000;

/**
 * Public numbers of an account, comparable between accounts of any size.
 *
 * @param media its latest posts; those with hidden likes do not count for likes
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
