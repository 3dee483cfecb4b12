import { type Host, type Insight, InsightsError, type MediaItem } from '@instagram-insights/core/internal';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { authenticationsOf } from '../../graph/authentication';
import { mediaParameter, readMedia } from '../../panel/media';
import { mediaMetricOptions } from '../../panel/metricOptions';
import { metricColumns, singleValue } from '../../rows/columns';
import { mediaRow } from '../../rows/mediaRows';
import {
	beginMediaCrossings,
	decideMediaCrossings,
	type MeasuredMedia,
	type MediaCrossingsState,
	mediaCrossingsSchema,
} from '../decide/mediaCrossings';
import { showFor } from '../descriptions/showFor';
import { readRule, thresholdParameters } from '../descriptions/threshold';
import type { Look, PollEvent } from './pollEvent';

const EVENT = 'mediaThreshold';
const HOSTS: readonly Host[] = ['graph.instagram.com', 'graph.facebook.com'];
const MOST_MEDIA = 100;

const watchParameter: INodeProperties = {
	displayName: 'Watch',
	name: 'watch',
	type: 'options',
	options: [
		{ name: 'Recent Posts', value: 'recent', description: 'The newest posts and reels, each by itself' },
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
	description: 'How many of the newest posts and reels to watch, at most 100',
	displayOptions: { show: { ...showFor(EVENT), watch: ['recent'] } },
};

/**
 * Links would cost a search with every look, so a medium is chosen from the list or by its ID. Not required: while Watch
 * is an expression the panel shows this too, and n8n would refuse to publish without it. {@link watchedOf} asks for it.
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

/** A number of a post or reel that crosses a threshold. */
export const mediaThreshold: PollEvent<MediaCrossingsState> = {
	value: EVENT,
	name: 'Media Metric Crosses a Threshold',
	description: 'A number of a post or reel rose or fell past a value, or changed by a step',
	fields: [
		watchParameter,
		countParameter,
		oneMediumParameter,
		...metricParameters,
		...thresholdParameters(EVENT, {
			before: 'the value at the last start, or when the watch began',
			ofZero: 'A value of 0 has no percent and gives way to the first one that is not 0',
		}),
	],
	state: mediaCrossingsSchema,
	subject: (look) => ({ watched: watchedOf(look), metric: metricOf(look), rule: readRule(look) }),
	async begin(look) {
		const measured = (await readMeasured(look)).map(({ measured: each }) => each);
		return beginMediaCrossings(readRule(look), measured, look.now.getTime());
	},
	async next(look, before) {
		const read = await readMeasured(look);
		const rule = readRule(look);
		const { crossed, state, mustKeep } = decideMediaCrossings(
			rule,
			before,
			read.map(({ measured }) => measured),
		);
		const rows = crossed.flatMap(({ id, decision }) =>
			read
				.filter(({ measured }) => measured.id === id)
				.map(({ item, measured }) => rowOf(look, item, measured, decision.change)),
		);
		return { rows, state, mustKeep };
	},
	async latest(look) {
		const [first] = (await readMeasured(look)).filter(({ measured }) => measured.value !== null);
		return first === undefined ? [] : [rowOf(look, first.item, first.measured, null)];
	},
	nothing: {
		message: 'No medium has a value for this metric',
		description:
			'Instagram gives numbers only for media that were published after the account became a professional one. Choose another Metric, or publish something.',
	},
};

type Read = { readonly item: MediaItem; readonly measured: MeasuredMedia };

async function readMeasured(look: Look): Promise<Read[]> {
	const metric = metricOf(look);
	const watched = watchedOf(look);
	const read: Read[] = [];
	if (watched.kind === 'one') {
		const query = { mediaIds: [watched.id], metrics: [metric] };
		for await (const item of look.client.mediaInsights(query, { signal: look.signal })) {
			if (item.error !== undefined) throw item.error;
			read.push({ item, measured: measure(item, metric) });
		}
		return read;
	}
	const query = { metrics: [metric], limit: watched.count };
	for await (const { items } of look.client.media(query, { signal: look.signal })) {
		read.push(...items.map((item) => ({ item, measured: measure(item, metric) })));
	}
	return read;
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
	if (look.parameter('watch', 'recent') !== 'one') {
		const count = Math.floor(Number(look.parameter('mediaCount', 25))) || 25;
		return { kind: 'recent', count: Math.min(MOST_MEDIA, Math.max(1, count)) };
	}
	const choice = readMedia(look.parameter('media', ''));
	if (choice?.by === 'id') return { kind: 'one', id: choice.id };
	throw new InsightsError('invalid-query', 'No post is chosen', {
		advice: 'Watch is One Post: choose it in the parameter Post, from the list or by its ID.',
	});
}

function metricOf(look: Look): string {
	return String(look.parameter('metric', 'views')).trim();
}
