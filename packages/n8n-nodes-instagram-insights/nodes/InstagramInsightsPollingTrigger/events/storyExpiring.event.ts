import { LIMITS, type MediaFields, type MediaItem, publishedAt } from '@instagram-insights/core/internal';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { mediaMetricsFaces, metricsParameters, readWantedMetrics, STORY_METRICS } from '../../panel/metrics';
import { readWholeNumber } from '../../panel/wrongSetting';
import { metricColumns } from '../../rows/columns';
import { mediaRow } from '../../rows/mediaRows';
import { readInTime } from '../pollBudget';
import { type Look, type PollEvent, showFor } from '../watch';

/** What is remembered of the stories, by id. */
export const storiesSchema = z.record(
	z.string(),
	z.object({
		expiresMs: z.number(),
		/** Reported already. */
		done: z.boolean(),
		/** The numbers as last read, in case the story ends between two looks. */
		last: z.record(z.string(), z.unknown()),
		/** When they were read, in milliseconds since 1970. */
		readMs: z.number(),
		/** When the numbers were last saved with an execution, in milliseconds since 1970. */
		keptMs: z.number(),
	}),
);
export type StoriesState = z.infer<typeof storiesSchema>;

const EVENT = 'storyExpiring';
const MINUTE_MS = 60_000;
const DEFAULT_MINUTES = 60;
const MOST_MINUTES = 1380;

const minutesParameter: INodeProperties = {
	displayName: 'Minutes Before Expiry',
	name: 'minutesBefore',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: MOST_MINUTES },
	default: DEFAULT_MINUTES,
	required: true,
	description: 'How long before the end of its 24 hours a story starts the workflow',
	hint: 'Poll more often than this. A story that ends between two polls comes with the numbers of the earlier poll.',
	displayOptions: { show: showFor(EVENT) },
};

/** A story is about to expire. */
export const storyExpiring: PollEvent<{ stories: StoriesState; isSlow: boolean }> = {
	value: EVENT,
	name: 'Story About to Expire',
	description: 'A story nears the end of its 24 hours. Returns its last numbers, once for each story.',
	fields: [
		minutesParameter,
		...metricsParameters(mediaMetricsFaces(['STORY'], { show: showFor(EVENT), preselected: STORY_METRICS })),
	],
	state: z.object({ stories: storiesSchema, isSlow: z.boolean() }),
	// Another lead time or other metrics do not change which stories were reported.
	subject: () => null,
	async begin(look) {
		const { live, isWhole } = await readStories(look);
		return { stories: beginStories(live, timing(look)), isSlow: !isWhole };
	},
	async next(look, before) {
		const { live, isWhole, isListed } = await readStories(look, before);
		const { notices, state, mustKeep } = decideStories(before.stories, live, { ...timing(look), isListed });
		const rows = notices.map((notice) => rowOf(notice, look.now));
		return { rows, state: { stories: state, isSlow: !isWhole }, mustKeep: mustKeep || !isWhole };
	},
	async latest(look) {
		// Refuse what the published trigger would refuse.
		timing(look);
		const { live } = await readStories(look);
		const [first] = [...live].sort((a, b) => a.expiresMs - b.expiresMs);
		return first === undefined ? [] : [rowOf({ ...first, readMs: look.now.getTime(), expired: false }, look.now)];
	},
	nothing: {
		message: 'The account has no live story',
		description: 'Post a story, then try again. You can read a story and its numbers for 24 hours.',
	},
};

type ReadStories = {
	readonly live: readonly LiveStory[];
	/** Every story that can still start the workflow was read. */
	readonly isWhole: boolean;
	/** No live story is missing in `live`. */
	readonly isListed: boolean;
};

async function readStories(look: Look, before?: { stories: StoriesState; isSlow: boolean }): Promise<ReadStories> {
	const metrics = readWantedMetrics(look.parameter('metrics', [...STORY_METRICS]), '');
	const list = (nested: readonly string[]) => look.client.stories({ metrics: nested }, { signal: look.signal });
	if (before?.isSlow !== true) {
		const { items, isWhole } = await readInTime(look, metrics, list);
		return { live: items.map((item) => liveStory(item, metrics, look)), isWhole, isListed: isWhole };
	}
	// The next to expire comes first. What was reported needs no numbers any more.
	const order = (media: readonly MediaFields[]) =>
		media.filter(({ id }) => before.stories[id]?.done !== true).sort((a, b) => expiryOf(a, look) - expiryOf(b, look));
	const { items, unread, rest, isWhole } = await readInTime(look, metrics, list, order);
	const unknown = [...unread, ...rest].map((media) => ({
		...liveStory({ media, insights: [] }, metrics, look),
		isUnread: true,
	}));
	return { live: [...items.map((item) => liveStory(item, metrics, look)), ...unknown], isWhole, isListed: true };
}

/** A story without a time is taken for one that was posted just now. */
function expiryOf(media: MediaFields, { now }: Look): number {
	return (publishedAt(media) ?? now.getTime()) + STORY_LIFE_MS;
}

function liveStory({ media, insights }: MediaItem, metrics: readonly string[], look: Look): LiveStory {
	const row = mediaRow(media, metricColumns(metrics, insights), look);
	return { id: media.id, expiresMs: expiryOf(media, look), row };
}

function rowOf({ row, expiresMs, readMs, expired }: Omit<StoryNotice, 'id'>, now: Date): IDataObject {
	return {
		expiresAt: new Date(expiresMs).toISOString(),
		minutesLeft: Math.max(0, Math.floor((expiresMs - now.getTime()) / MINUTE_MS)),
		expired,
		// Instagram no longer answers for a story that is over, so say how old its numbers are.
		lastReadAt: expired ? new Date(readMs).toISOString() : null,
		...(row as IDataObject),
	};
}

function timing(look: Look): { nowMs: number; leadMs: number } {
	const minutes = readWholeNumber('minutesBefore', look.parameter('minutesBefore', DEFAULT_MINUTES), {
		from: 1,
		to: MOST_MINUTES,
	});
	return { nowMs: look.now.getTime(), leadMs: minutes * MINUTE_MS };
}

/** A story's numbers can be read for as long as the story lives. */
export const STORY_LIFE_MS = LIMITS.storyInsightsHours * 3_600_000;

/** A live story with its numbers. */
export type LiveStory = {
	readonly id: string;
	readonly expiresMs: number;
	readonly row: Readonly<Record<string, unknown>>;
	/** There was no time to read its numbers. */
	readonly isUnread?: boolean;
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

/** How long to remember a reported story after its end, in case Meta lists it a little longer. */
const FORGET_MS = 6 * 3_600_000;

/** How often to save numbers, so that a restart finds recent ones. */
const KEEP_EVERY_MS = 3_600_000;

/** The first look: stories already about to expire are left out. All others will be reported. */
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
 * Which stories to report now, each once: those about to expire, with their current numbers, and those that ended between two
 * looks, with the numbers of the last look.
 */
export function decideStories(
	state: StoriesState,
	live: readonly LiveStory[],
	timing: Timing & { readonly isListed?: boolean },
): {
	readonly notices: readonly StoryNotice[];
	readonly state: StoriesState;
	/** A story is new or gone, or its kept numbers are old: the state must outlast a restart. */
	readonly mustKeep: boolean;
} {
	const { nowMs, isListed = true } = timing;
	const notices: StoryNotice[] = [];
	let mustKeep = false;
	const next: Record<string, StoriesState[string]> = {};
	const listed = new Set(live.map(({ id }) => id));
	for (const [id, { expiresMs, done, last, readMs, keptMs }] of Object.entries(state)) {
		if (listed.has(id)) continue;
		// A list that was cut off says nothing about stories that can still be live.
		if (!isListed && nowMs < expiresMs) {
			next[id] = { expiresMs, done, last, readMs, keptMs };
			continue;
		}
		const due = isDue(expiresMs, timing);
		if (due && !done) notices.push({ id, row: last, expiresMs, readMs, expired: true });
		// A story that disappears early was taken down by its owner. If it comes back, it counts as new.
		if (!due) mustKeep = true;
		else if (nowMs < expiresMs + FORGET_MS) next[id] = { expiresMs, done: true, last: {}, readMs, keptMs };
	}
	for (const { id, expiresMs, row, isUnread } of live) {
		const known = state[id];
		if (isUnread) {
			next[id] = known ?? { expiresMs, done: false, last: { ...row }, readMs: nowMs, keptMs: nowMs };
			if (known === undefined) mustKeep = true;
			continue;
		}
		const reported = known?.done === true;
		const due = !reported && isDue(expiresMs, timing);
		if (due) notices.push({ id, row, expiresMs, readMs: nowMs, expired: false });
		const done = reported || due;
		if (!done && (known === undefined || nowMs - known.keptMs >= KEEP_EVERY_MS)) mustKeep = true;
		next[id] = { expiresMs, done, last: done ? {} : { ...row }, readMs: nowMs, keptMs: known?.keptMs ?? nowMs };
	}
	// A notice starts an execution, which saves the whole state.
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
