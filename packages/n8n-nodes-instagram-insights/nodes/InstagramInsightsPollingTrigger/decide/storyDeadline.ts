import { LIMITS } from '@instagram-insights/core/internal';
import { z } from 'zod/v4';

/** A story's numbers can be read for as long as the story lives. */
export const STORY_LIFE_MS = LIMITS.storyInsightsHours * 3_600_000;

/** What is remembered of the stories, by id. */
export const storiesSchema = z.record(
	z.string(),
	z.object({
		expiresMs: z.number(),
		/** Reported already. */
		done: z.boolean(),
		/** The numbers as last read, to be reported when the story ended before its time had come. */
		last: z.record(z.string(), z.unknown()),
		/** When they were read, in milliseconds since 1970. */
		readMs: z.number(),
		/** When numbers of the story were last kept for good, in milliseconds since 1970. */
		keptMs: z.number(),
	}),
);
export type StoriesState = z.infer<typeof storiesSchema>;

/** A live story with its numbers. */
export type LiveStory = {
	readonly id: string;
	readonly expiresMs: number;
	readonly row: Readonly<Record<string, unknown>>;
};

export type StoryNotice = {
	readonly id: string;
	readonly row: Readonly<Record<string, unknown>>;
	readonly expiresMs: number;
	/** When the numbers were read, in milliseconds since 1970. */
	readonly readMs: number;
	/** The story is over: these are the numbers of the last look. */
	readonly expired: boolean;
};

/** For how long a story that is over and reported is remembered, in case Meta lists it a little longer. */
const FORGET_MS = 6 * 3_600_000;

/** Numbers that a restart brings back are hardly older than this. */
const KEEP_EVERY_MS = 3_600_000;

/** The first look: stories that are about to expire already are left out, all others will be reported. */
export function beginStories(live: readonly LiveStory[], { nowMs, leadMs }: Timing): StoriesState {
	return Object.fromEntries(
		live.map(({ id, expiresMs, row }) => [
			id,
			{ expiresMs, done: isDue(expiresMs, { nowMs, leadMs }), last: row, readMs: nowMs, keptMs: nowMs },
		]),
	);
}

type Timing = {
	readonly nowMs: number;
	/** How long before its end a story is reported. */
	readonly leadMs: number;
};

/**
 * Which stories to tell now, each once: those that are about to expire, with their present numbers, and those that
 * ended between two looks, with the numbers of the last one.
 */
export function decideStories(
	state: StoriesState,
	live: readonly LiveStory[],
	timing: Timing,
): {
	readonly notices: readonly StoryNotice[];
	readonly state: StoriesState;
	/** A story is new or gone, or its kept numbers are old: the state must outlast a restart. */
	readonly mustKeep: boolean;
} {
	const { nowMs } = timing;
	const notices: StoryNotice[] = [];
	let mustKeep = false;
	const next: Record<string, StoriesState[string]> = {};
	const listed = new Set(live.map(({ id }) => id));
	for (const [id, { expiresMs, done, last, readMs, keptMs }] of Object.entries(state)) {
		if (listed.has(id)) continue;
		const due = isDue(expiresMs, timing);
		if (due && !done) notices.push({ id, row: last, expiresMs, readMs, expired: true });
		// One that is gone before its time was taken down by its owner; should it come back, it counts as new.
		if (!due) mustKeep = true;
		else if (nowMs < expiresMs + FORGET_MS) next[id] = { expiresMs, done: true, last: {}, readMs, keptMs };
	}
	for (const { id, expiresMs, row } of live) {
		const known = state[id];
		const reported = known?.done === true;
		const due = !reported && isDue(expiresMs, timing);
		if (due) notices.push({ id, row, expiresMs, readMs: nowMs, expired: false });
		const done = reported || due;
		if (!done && (known === undefined || nowMs - known.keptMs >= KEEP_EVERY_MS)) mustKeep = true;
		next[id] = { expiresMs, done, last: done ? {} : { ...row }, readMs: nowMs, keptMs: known?.keptMs ?? nowMs };
	}
	// A notice starts an execution, which keeps everything along with it.
	const isKept = mustKeep || notices.length > 0;
	const kept = Object.entries(next).map(([id, story]) => [id, isKept ? { ...story, keptMs: nowMs } : story] as const);
	return {
		notices: notices.sort((a, b) => a.expiresMs - b.expiresMs),
		state: Object.fromEntries(kept),
		mustKeep,
	};
}

function isDue(expiresMs: number, { nowMs, leadMs }: Timing): boolean {
	return expiresMs - nowMs <= leadMs;
}
