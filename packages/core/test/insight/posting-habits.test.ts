import { describe, expect, test } from 'vitest';
import { postingHabits } from '../../src/insight/posting-habits.ts';

const NOW = new Date('2026-11-29T00:00:00Z');
const post = (timestamp: string, like_count: number | undefined, comments_count: number) => ({
	id: timestamp,
	timestamp,
	comments_count,
	...(like_count === undefined ? {} : { like_count }),
});

describe('postingHabits', () => {
	// Four posts in the four weeks since 1 November: one a week. Likes (10 + 20 + 60) / 3 = 30, comments 20 / 4 = 5.
	test('counts posts per week, and likes and comments per post', () => {
		const media = [
			post('2026-11-22T00:00:00+0000', 10, 5),
			post('2026-11-15T00:00:00+0000', undefined, 5),
			post('2026-11-08T00:00:00+0000', 20, 5),
			post('2026-11-01T00:00:00+0000', 60, 5),
		];
		expect(postingHabits(media, 1000, NOW)).toEqual({
			posts: 4,
			postsPerWeek: 1,
			likesPerPost: 30,
			commentsPerPost: 5,
			engagementRateByFollowers: 0.035,
		});
	});

	test.each([
		[[], 1000],
		[[post('2026-11-01T00:00:00+0000', undefined, 3)], 1000],
		[[post('2026-11-01T00:00:00+0000', 5, 3)], null],
		[[post('2026-11-01T00:00:00+0000', 5, 3)], 0],
	])('returns no rate without its inputs: %j, %s followers', (media, followers) => {
		expect(postingHabits(media, followers, NOW).engagementRateByFollowers).toBeNull();
	});

	test('returns null for an account without posts', () => {
		expect(postingHabits([], 10, NOW)).toMatchObject({ posts: 0, postsPerWeek: null, likesPerPost: null });
	});
});
