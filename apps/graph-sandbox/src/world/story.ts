import type { Account, StoryPlan } from './account.ts';
import { type Media, mediaId } from './media.ts';
import { unit } from './seeded.ts';

export const STORY_LIFE_MS = 24 * 3_600_000;

/**
 * The stories that are live at `now`, newest first.
 *
 * Each planned story is posted again when it expires, so a sandbox that runs for days always has the same set of ages:
 * one fresh, one nearly over, one with few viewers, as the account's plan says.
 */
export function liveStories(seed: string, account: Account, startedAt: Date, now: Date): readonly Media[] {
	return account.posts.stories
		.map((plan, index) => {
			const first = startedAt.getTime() - plan.ageHours * 3_600_000;
			const generation = Math.floor((now.getTime() - first) / STORY_LIFE_MS);
			return createStory(seed, account, plan, index, { first, generation });
		})
		.sort((a, b) => b.timestamp - a.timestamp);
}

/** The story behind an id, live or expired; `undefined` when the account never had it. */
export function findStory(seed: string, account: Account, startedAt: Date, id: string): Media | undefined {
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
