import { InsightsError, type MediaItem } from '@instagram-insights/core/internal';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { mediaMetricsFaces, metricsParameters, readWantedMetrics, STORY_METRICS } from '../../panel/metrics';
import { metricColumns } from '../../rows/columns';
import { mediaRow } from '../../rows/mediaRows';
import {
	beginStories,
	decideStories,
	type LiveStory,
	STORY_LIFE_MS,
	type StoriesState,
	type StoryNotice,
	storiesSchema,
} from '../decide/storyDeadline';
import { showFor } from '../descriptions/showFor';
import type { Look, PollEvent } from './pollEvent';

const EVENT = 'storyExpiring';
const MINUTE_MS = 60_000;
const DEFAULT_MINUTES = 60;

const minutesParameter: INodeProperties = {
	displayName: 'Minutes Before Expiry',
	name: 'minutesBefore',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 1380 },
	default: DEFAULT_MINUTES,
	required: true,
	description: 'How long before the end of its 24 hours a story starts the workflow',
	hint: 'Poll more often than this. A story that ends between two looks comes with the numbers of the look before.',
	displayOptions: { show: showFor(EVENT) },
};

/** A story whose numbers can soon no longer be read. */
export const storyExpiring: PollEvent<StoriesState> = {
	value: EVENT,
	name: 'Story About to Expire',
	description: 'A story is near the end of its 24 hours: its last numbers, once for each story',
	fields: [
		minutesParameter,
		...metricsParameters(mediaMetricsFaces(['STORY'], { show: showFor(EVENT), preselected: STORY_METRICS })),
	],
	state: storiesSchema,
	// More or less time before the end, or other metrics, change nothing about what was reported.
	subject: () => null,
	async begin(look) {
		return beginStories(await readStories(look), timing(look));
	},
	async next(look, before) {
		const { notices, state, mustKeep } = decideStories(before, await readStories(look), timing(look));
		return { rows: notices.map((notice) => rowOf(notice, look.now)), state, mustKeep };
	},
	async latest(look) {
		// What the published trigger would refuse is refused here too.
		timing(look);
		const stories = await readStories(look);
		const [first] = [...stories].sort((a, b) => a.expiresMs - b.expiresMs);
		return first === undefined ? [] : [rowOf({ ...first, readMs: look.now.getTime(), expired: false }, look.now)];
	},
	nothing: {
		message: 'The account has no live story',
		description: 'Post a story, then try again. A story and its numbers can be read for 24 hours.',
	},
};

async function readStories(look: Look): Promise<LiveStory[]> {
	const metrics = readWantedMetrics(look.parameter('metrics', [...STORY_METRICS]), '');
	const stories: LiveStory[] = [];
	for await (const { items } of look.client.stories({ metrics }, { signal: look.signal })) {
		stories.push(...items.map((item) => liveStory(item, metrics, look)));
	}
	return stories;
}

/** A story without a time is taken for one that was posted just now. */
function liveStory({ media, insights }: MediaItem, metrics: readonly string[], { now, timeZone }: Look): LiveStory {
	const { id, timestamp } = media;
	const postedMs = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
	const expiresMs = (Number.isNaN(postedMs) ? now.getTime() : postedMs) + STORY_LIFE_MS;
	return { id, expiresMs, row: mediaRow(media, metricColumns(metrics, insights), { timeZone }) };
}

function rowOf({ row, expiresMs, readMs, expired }: Omit<StoryNotice, 'id'>, now: Date): IDataObject {
	return {
		expiresAt: new Date(expiresMs).toISOString(),
		minutesLeft: Math.max(0, Math.floor((expiresMs - now.getTime()) / MINUTE_MS)),
		expired,
		// A story that is over cannot be asked any more: how old its numbers are.
		lastReadAt: expired ? new Date(readMs).toISOString() : null,
		...(row as IDataObject),
	};
}

function timing(look: Look): { nowMs: number; leadMs: number } {
	const minutes = Number(look.parameter('minutesBefore', DEFAULT_MINUTES));
	if (!(minutes > 0)) {
		throw new InsightsError('invalid-query', 'Minutes Before Expiry must be above 0', {
			advice: 'Enter a number such as 60.',
		});
	}
	return { nowMs: look.now.getTime(), leadMs: minutes * MINUTE_MS };
}
