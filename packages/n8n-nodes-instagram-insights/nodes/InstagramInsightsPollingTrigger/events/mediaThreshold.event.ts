import {
	type Host,
	type Insight,
	InsightsError,
	type MediaFields,
	type MediaItem,
} from '@instagram-insights/core/internal';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { authenticationsOf } from '../../graph/authentication';
import { mediaParameter, readMedia } from '../../panel/media';
import { mediaMetricOptions } from '../../panel/metricOptions';
import { readChoice, readWholeNumber } from '../../panel/wrongSetting';
import { metricColumns, singleValue } from '../../rows/columns';
import { mediaRow } from '../../rows/mediaRows';
import { readInTime } from '../pollBudget';
import { type Look, type PollEvent, showFor } from '../watch';
import {
	beginCrossing,
	type CrossingDecision,
	type CrossingRule,
	type CrossingState,
	crossingSchema,
	decideCrossing,
	isWorthKeeping,
	readRule,
	thresholdParameters,
} from './crossing';

/** What is remembered of the watched media. */
export const mediaCrossingsSchema = z.object({
	/** When the watch began, in milliseconds since 1970. */
	sinceMs: z.number(),
	/** One number per medium, by id. */
	media: z.record(z.string(), crossingSchema),
	/** After a look that ran out of time: the last medium it read. The next look goes on behind it. */
	cutAfter: z.string().optional(),
});
export type MediaCrossingsState = z.infer<typeof mediaCrossingsSchema>;

const EVENT = 'mediaThreshold';
const HOSTS: readonly Host[] = ['graph.instagram.com', 'graph.facebook.com'];
const MOST_MEDIA = 100;

const watchParameter: INodeProperties = {
	displayName: 'Watch',
	name: 'watch',
	type: 'options',
	options: [
		{ name: 'Recent Posts', value: 'recent', description: 'Each of the newest posts and reels' },
		{ name: 'One Post', value: 'one', description: 'A single post or reel' },
	],
	default: 'recent',
	displayOptions: { show: showFor(EVENT) },
};

const countParameter: INodeProperties = {
	displayName: 'How Many',
	name: 'mediaCount',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: MOST_MEDIA },
	default: 25,
	description: 'Number of newest posts and reels to watch, at most 100',
	displayOptions: { show: { ...showFor(EVENT), watch: ['recent'] } },
};

/**
 * From the list or by ID only, because a link would cost a search with every look. Not required: while Watch is an
 * expression, the panel shows this too, and n8n would refuse to publish without it. {@link watchedOf} requires it.
 */
const oneMediumParameter: INodeProperties = {
	...mediaParameter,
	required: false,
	description: 'The post or reel to watch',
	modes: (mediaParameter.modes ?? []).filter(({ name }) => name !== 'url'),
	displayOptions: { show: { ...showFor(EVENT), watch: ['one'] } },
};

const metricParameters: INodeProperties[] = HOSTS.map((host) => ({
	displayName: 'Metric',
	name: 'metric',
	type: 'options',
	options: mediaMetricOptions(host, ['FEED', 'REELS']),
	default: 'views',
	required: true,
	description: 'The number to watch',
	displayOptions: { show: { ...showFor(EVENT), authentication: authenticationsOf(host) } },
}));

/** A number of a post or reel crosses a threshold. */
export const mediaThreshold: PollEvent<MediaCrossingsState> = {
	value: EVENT,
	name: 'Media Metric Crosses a Threshold',
	description: 'A number of a post or reel rises or falls past a value, or changes by a step',
	fields: [
		watchParameter,
		countParameter,
		oneMediumParameter,
		...metricParameters,
		...thresholdParameters(EVENT, {
			before: 'the value when the workflow last started, or when the trigger first saw the post',
			ofZero: 'A value of 0 has no percent and is replaced by the first value above it',
		}),
	],
	state: mediaCrossingsSchema,
	subject: (look) => ({ watched: watchedOf(look), metric: metricOf(look), rule: readRule(look) }),
	async begin(look) {
		const { read, isWhole } = await readMeasured(look);
		const measured = read.map(({ measured: each }) => each);
		return { ...beginMediaCrossings(readRule(look), measured, look.now.getTime()), ...cutBehind(measured, isWhole) };
	},
	async next(look, before) {
		const { read, isWhole } = await readMeasured(look, before.cutAfter);
		const rule = readRule(look);
		const all = read.map(({ measured }) => measured);
		const { crossed, state, mustKeep } = decideMediaCrossings(rule, before, all);
		const rows = crossed.flatMap(({ id, decision }) =>
			read
				.filter(({ measured }) => measured.id === id)
				.map(({ item, measured }) => rowOf(look, item, measured, decision.change)),
		);
		return { rows, state: { ...state, ...cutBehind(all, isWhole) }, mustKeep: mustKeep || !isWhole };
	},
	async latest(look) {
		const [first] = (await readMeasured(look)).read.filter(({ measured }) => measured.value !== null);
		return first === undefined ? [] : [rowOf(look, first.item, first.measured, null)];
	},
	nothing: {
		message: 'No post has a value for this metric',
		description:
			'Instagram gives numbers only for posts published after the account became a professional one. Choose another Metric, or publish a post.',
	},
};

type Read = { readonly item: MediaItem; readonly measured: MeasuredMedia };

/** @param cutAfter the last medium that a look read before it ran out of time */
async function readMeasured(look: Look, cutAfter?: string): Promise<{ read: Read[]; isWhole: boolean }> {
	const metric = metricOf(look);
	const watched = watchedOf(look);
	const { signal } = look;
	if (watched.kind === 'one') {
		const read: Read[] = [];
		for await (const item of look.client.mediaInsights({ mediaIds: [watched.id], metrics: [metric] }, { signal })) {
			if (item.error !== undefined) throw item.error;
			read.push({ item, measured: measure(item, metric) });
		}
		return { read, isWhole: true };
	}
	const list = (metrics: readonly string[]) => look.client.media({ metrics, limit: watched.count }, { signal });
	const order = cutAfter === undefined ? undefined : (media: readonly MediaFields[]) => fromBehind(cutAfter, media);
	const { items, isWhole } = await readInTime(look, [metric], list, order);
	return { read: items.map((item) => ({ item, measured: measure(item, metric) })), isWhole };
}

/** All media, beginning with the one behind `id`, so that every one has its turn. */
function fromBehind(id: string, media: readonly MediaFields[]): MediaFields[] {
	const next = media.findIndex((one) => one.id === id) + 1;
	return [...media.slice(next), ...media.slice(0, next)];
}

function cutBehind(read: readonly MeasuredMedia[], isWhole: boolean): { cutAfter?: string } {
	return isWhole ? {} : { cutAfter: read.at(-1)?.id ?? '' };
}

function measure({ media, insights }: MediaItem, metric: string): MeasuredMedia {
	const publishedMs = typeof media.timestamp === 'string' ? Date.parse(media.timestamp) : Number.NaN;
	return {
		id: media.id,
		publishedMs: Number.isNaN(publishedMs) ? null : publishedMs,
		value: numberOf(insights.find((insight) => insight.metric === metric)),
	};
}

function numberOf(insight: Insight | undefined): number | null {
	const found = singleValue(insight);
	return typeof found === 'number' ? found : null;
}

function rowOf(
	look: Look,
	{ media, insights }: MediaItem,
	{ value }: MeasuredMedia,
	change: number | null,
): IDataObject {
	const { direction, threshold } = readRule(look);
	const metric = metricOf(look);
	const row = mediaRow(media, metricColumns([metric], insights), look);
	return { metric, value, change, direction, threshold, ...row };
}

type Watched = { readonly kind: 'one'; readonly id: string } | { readonly kind: 'recent'; readonly count: number };

function watchedOf(look: Look): Watched {
	if (readChoice('watch', look.parameter('watch', ''), ['recent', 'one']) !== 'one') {
		return {
			kind: 'recent',
			count: readWholeNumber('mediaCount', look.parameter('mediaCount', 25), { from: 1, to: MOST_MEDIA }),
		};
	}
	const choice = readMedia(look.parameter('media', ''));
	if (choice?.by === 'id') return { kind: 'one', id: choice.id };
	throw new InsightsError('invalid-query', 'No post is chosen', {
		advice: 'Watch is set to One Post. Choose the post in the parameter Post, from the list or by ID.',
	});
}

function metricOf(look: Look): string {
	return String(look.parameter('metric', 'views')).trim();
}

/** The most media remembered, including those out of view. It exceeds the most watched at once. */
const MOST_REMEMBERED = 500;

/** A medium with its number; null: Instagram gives no number now. */
export type MeasuredMedia = {
	readonly id: string;
	readonly publishedMs: number | null;
	readonly value: number | null;
};

/** The first look at all media. It never fires. */
export function beginMediaCrossings(
	rule: CrossingRule,
	measured: readonly MeasuredMedia[],
	nowMs: number,
): MediaCrossingsState {
	const seen = measured.flatMap(({ id, value }) =>
		value === null ? [] : [[id, beginCrossing(rule, { value })] as const],
	);
	return { sinceMs: nowMs, media: Object.fromEntries(seen) };
}

/**
 * Which media have crossed, in the order measured.
 *
 * A medium published after the watch began started from 0: it can fire on its first number if that has risen to the level. An
 * older medium that comes into view later, because a younger one was deleted, begins without firing. A medium that was in
 * view before continues where it was.
 */
export function decideMediaCrossings(
	rule: CrossingRule,
	state: MediaCrossingsState,
	measured: readonly MeasuredMedia[],
): {
	readonly crossed: readonly { readonly id: string; readonly decision: CrossingDecision }[];
	readonly state: MediaCrossingsState;
	/** The state changed, and a restart must not lose it. */
	readonly mustKeep: boolean;
} {
	const crossed: { id: string; decision: CrossingDecision }[] = [];
	const media = new Map(Object.entries(state.media));
	/** The latest measured are last, so that the first can be forgotten. */
	const note = (id: string, crossing: CrossingState) => {
		media.delete(id);
		media.set(id, crossing);
	};
	let mustKeep = false;
	for (const { id, publishedMs, value } of measured) {
		const known = state.media[id];
		if (value === null) continue;
		const young = publishedMs !== null && publishedMs > state.sinceMs;
		if (known === undefined && !(young && rule.comparison === 'level')) {
			const begun = beginCrossing(rule, { value });
			note(id, begun);
			if (isWorthKeeping(rule, begun)) mustKeep = true;
			continue;
		}
		const decision = decideCrossing(rule, known ?? beginCrossing(rule, { value: 0 }), { value });
		if (decision.fired) crossed.push({ id, decision });
		if (decision.mustKeep) mustKeep = true;
		note(id, decision.state);
	}
	const kept = Object.fromEntries([...media].slice(-MOST_REMEMBERED));
	return { crossed, state: { sinceMs: state.sinceMs, media: kept }, mustKeep };
}
