import { absentReasonOf, type Insight, type MediaFields, type MediaItem } from '@instagram-insights/core/internal';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { mediaMetricsFaces, metricsParameters, readIncludedMetrics, readNames } from '../../panel/metrics';
import { metricColumns } from '../../rows/columns';
import { mediaRow } from '../../rows/mediaRows';
import { type Look, type PollEvent, showFor } from '../watch';

/** What is remembered of an account's media. */
export const newMediaSchema = z.object({
	/** When the newest medium was published, in milliseconds since 1970. */
	newestMs: z.number(),
	/** Ids of the media of the last {@link GRACE_MS} before that. */
	known: z.array(z.string()),
});
export type NewMediaState = z.infer<typeof newMediaSchema>;

const EVENT = 'newMedia';

/** 2,000 posts since the last look: twenty days of as much as Instagram allows. */
const MAX_PAGES = 20;

const productTypesParameter: INodeProperties = {
	displayName: 'Product Types',
	name: 'productTypes',
	type: 'multiOptions',
	options: [
		{ name: 'Posts', value: 'FEED', description: 'Photos, albums and older videos' },
		{ name: 'Reels', value: 'REELS' },
	],
	default: ['FEED', 'REELS'],
	required: true,
	description: 'Which kinds of media start the workflow',
	displayOptions: { show: showFor(EVENT) },
};

const includeInsightsParameter: INodeProperties = {
	displayName: 'Include Insights',
	name: 'includeInsights',
	type: 'boolean',
	default: false,
	description:
		'Whether to return the numbers of each new medium beside its fields. Right after publishing they are near zero.',
	displayOptions: { show: showFor(EVENT) },
};

/** A post or reel that was not there before. */
export const newMedia: PollEvent<NewMediaState> = {
	value: EVENT,
	name: 'New Media',
	description: 'A post or reel was published',
	fields: [
		productTypesParameter,
		includeInsightsParameter,
		...metricsParameters(
			mediaMetricsFaces(['FEED', 'REELS'], {
				show: { ...showFor(EVENT), includeInsights: [true] },
				preselected: ['reach', 'views', 'likes', 'comments', 'saved', 'shares'],
			}),
		),
	],
	state: newMediaSchema,
	subject: () => null,
	async begin(look) {
		return beginNewMedia((await listBack(look, null)).map(listed), look.now.getTime());
	},
	async next(look, before) {
		const media = await listBack(look, before);
		const { fresh, state } = decideNewMedia(before, media.map(listed));
		const types = readNames(look.parameter('productTypes', []));
		const byId = new Map(media.map((medium) => [medium.id, medium]));
		const wanted = fresh.flatMap((id) => byId.get(id) ?? []).filter((medium) => isWanted(medium, types));
		return { rows: await rowsOf(look, wanted), state };
	},
	async latest(look) {
		const types = readNames(look.parameter('productTypes', []));
		for await (const { items } of look.client.media({}, { signal: look.signal })) {
			const found = items.map(({ media }) => media).find((medium) => isWanted(medium, types));
			if (found !== undefined) return await rowsOf(look, [found]);
		}
		return [];
	},
	nothing: {
		message: 'The account has no media of these kinds yet',
		description: 'Publish a post or reel, or choose other Product Types, then try again.',
	},
};

/** Media newest first, page by page, back to where everything is known. */
async function listBack(look: Look, state: NewMediaState | null): Promise<MediaFields[]> {
	const media: MediaFields[] = [];
	let pages = 0;
	for await (const { items } of look.client.media({}, { signal: look.signal })) {
		media.push(...items.map((item) => item.media));
		pages += 1;
		if (reachesBack(state, media.map(listed))) break;
		if (pages === MAX_PAGES) {
			look.warn(`more than ${media.length} media are new: older ones are left out`);
			break;
		}
	}
	return media;
}

function listed({ id, timestamp }: MediaFields): ListedMedia {
	const publishedMs = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
	return { id, publishedMs: Number.isNaN(publishedMs) ? null : publishedMs };
}

function isWanted({ media_product_type: type }: MediaFields, types: readonly string[]): boolean {
	return types.length === 0 || typeof type !== 'string' || types.includes(type);
}

async function rowsOf(look: Look, media: readonly MediaFields[]): Promise<IDataObject[]> {
	const metrics = readIncludedMetrics(look.parameter, false);
	const { timeZone } = look;
	const insights = new Map<string, MediaItem['insights']>();
	if (metrics.length > 0 && media.length > 0) {
		const query = { mediaIds: media.map(({ id }) => id), metrics };
		for await (const item of look.client.mediaInsights(query, { signal: look.signal })) {
			insights.set(item.media.id, completed(item, metrics));
		}
	}
	return media.map((medium) => mediaRow(medium, metricColumns(metrics, insights.get(medium.id) ?? []), { timeZone }));
}

/** A medium that could not be read as a whole has a row too, with the reason for each number it lacks. */
function completed({ insights, error }: MediaItem, metrics: readonly string[]): readonly Insight[] {
	if (error === undefined) return insights;
	const missing = metrics.filter((name) => !insights.some(({ metric }) => metric === name));
	const reason = absentReasonOf(error);
	return [
		...insights,
		...missing.map((metric): Insight => ({ shape: 'absent', metric, reason, message: error.message })),
	];
}

/** As much of a medium as the decision needs; without a time it counts as published now. */
export type ListedMedia = { readonly id: string; readonly publishedMs: number | null };

/** Media may appear in the list after younger ones: shared posts once the partner agrees, and posts published on time. */
export const GRACE_MS = 48 * 3_600_000;

/** More than the 100 posts a day that Instagram allows, over the grace time. */
const MAX_KNOWN = 500;

/**
 * The first look: everything that is there is known.
 *
 * @param listed newest first, at least back to {@link GRACE_MS} before the newest
 * @param nowMs where an account without media begins
 */
export function beginNewMedia(listed: readonly ListedMedia[], nowMs: number): NewMediaState {
	return remember(listed, newestOf(listed) ?? nowMs);
}

/** Whether the list goes back to where everything is known, so that no further page is needed. */
export function reachesBack(state: NewMediaState | null, listed: readonly ListedMedia[]): boolean {
	const from = (state?.newestMs ?? newestOf(listed) ?? 0) - GRACE_MS;
	const oldest = listed.at(-1)?.publishedMs ?? null;
	return oldest !== null && oldest < from;
}

/**
 * Which media were not there the last time, oldest first.
 *
 * @param listed newest first, back to where {@link reachesBack} says so or to the end of the list
 */
export function decideNewMedia(
	state: NewMediaState,
	listed: readonly ListedMedia[],
): { readonly fresh: readonly string[]; readonly state: NewMediaState } {
	const known = new Set(state.known);
	const from = state.newestMs - GRACE_MS;
	const fresh = listed
		.filter(({ id, publishedMs }) => !known.has(id) && (publishedMs === null || publishedMs >= from))
		.map(({ id }) => id)
		.reverse();
	// A list that moves on between two of its pages may name a medium on both.
	return {
		fresh: [...new Set(fresh)],
		state: remember(listed, Math.max(state.newestMs, newestOf(listed) ?? 0), state.known),
	};
}

function remember(listed: readonly ListedMedia[], newestMs: number, before: readonly string[] = []): NewMediaState {
	const times = new Map(listed.map(({ id, publishedMs }) => [id, publishedMs]));
	const recent = listed.filter(({ publishedMs }) => publishedMs === null || publishedMs >= newestMs - GRACE_MS);
	// A medium that is hidden today may be back tomorrow: what has left the list stays known while there is room.
	const gone = before.filter((id) => !times.has(id));
	return { newestMs, known: [...recent.map(({ id }) => id), ...gone].slice(0, MAX_KNOWN) };
}

function newestOf(listed: readonly ListedMedia[]): number | null {
	const times = listed.flatMap(({ publishedMs }) => (publishedMs === null ? [] : [publishedMs]));
	return times.length === 0 ? null : Math.max(...times);
}
