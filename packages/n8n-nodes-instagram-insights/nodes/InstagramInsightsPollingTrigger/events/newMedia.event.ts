import { type Insight, type MediaFields, pacificDay } from '@instagram-insights/core/internal';
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { z } from 'zod/v4';
import { mediaMetricsFaces, metricsParameters, readIncludedMetrics, readNames } from '../../panel/metrics';
import { readChoice } from '../../panel/wrongSetting';
import { metricColumns } from '../../rows/columns';
import { mediaRow } from '../../rows/mediaRows';
import { numbersOf, takeInTime, timeIsUp } from '../pollBudget';
import { type Look, type PollEvent, showFor } from '../watch';

/** What is remembered of an account's media. */
export const newMediaSchema = z.object({
	/** When the newest medium was published, in milliseconds since 1970. */
	newestMs: z.number(),
	/** Ids of the media of the last {@link GRACE_MS} before that. */
	known: z.array(z.string()),
	/** After a look that ran out of time: where the next one goes on. */
	rest: z
		.object({
			/** When the newest medium was published that such a look has seen. */
			topMs: z.number(),
			/** Everything published after this was handed over. */
			untilMs: z.number(),
			/** Ids handed over since, as far as a later look may list them again. */
			handed: z.array(z.string()),
		})
		.optional(),
});
export type NewMediaState = z.infer<typeof newMediaSchema>;

const EVENT = 'newMedia';

/** Pages that one poll lists, of 100 posts each. */
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
	description: 'Kinds of posts that start the workflow',
	displayOptions: { show: showFor(EVENT) },
};

const includeInsightsParameter: INodeProperties = {
	displayName: 'Include Insights',
	name: 'includeInsights',
	type: 'boolean',
	default: false,
	description:
		'Whether to return the numbers of each new post with its fields. Right after publishing, they are near zero.',
	displayOptions: { show: showFor(EVENT) },
};

/** A new post or reel. */
export const newMedia: PollEvent<NewMediaState> = {
	value: EVENT,
	name: 'New Media',
	description: 'A post or reel is published',
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
		// Refuse at once what would keep the workflow from starting later.
		readProductTypes(look);
		readIncludedMetrics(look.parameter, false);
		const { media, isWhole } = await listBack(look, null);
		if (!isWhole) throw timeIsUp();
		return beginNewMedia(media.map(listed), look.now.getTime());
	},
	async next(look, before) {
		const { media, isWhole } = await listBack(look, before);
		const all = media.map(listed);
		const types = readProductTypes(look);
		const byId = new Map(media.map((medium) => [medium.id, medium]));
		const fresh = freshMedia(before, all);
		const wanted = fresh.flatMap((id) => byId.get(id) ?? []).filter((medium) => isWanted(medium, types));
		const rows = await rowsOf(look, wanted);
		const firstUnread = wanted[rows.length];
		const handedOver = firstUnread === undefined ? fresh.length : fresh.indexOf(firstUnread.id);
		if (handedOver === 0 && fresh.length > 0) throw timeIsUp();
		const state = rememberNewMedia(before, all, { handedOver, isWhole });
		return { rows: rows.reverse(), state, mustKeep: state.rest !== undefined };
	},
	async latest(look) {
		const types = readProductTypes(look);
		for await (const { items } of look.client.media({}, { signal: look.signal })) {
			const found = items.map(({ media }) => media).find((medium) => isWanted(medium, types));
			if (found !== undefined) return await rowsOf(look, [found]);
		}
		return [];
	},
	nothing: {
		message: 'The account has no posts of these kinds yet',
		description: 'Publish a post or reel, or choose other Product Types, then try again.',
	},
};

/** @throws {InsightsError} `invalid-query`: a kind that no post has would keep the workflow from starting forever */
function readProductTypes(look: Look): string[] {
	return readNames(look.parameter('productTypes', [])).flatMap(
		(name) => readChoice('productTypes', name.toUpperCase(), ['FEED', 'REELS']) ?? [],
	);
}

/** Media newest first, page by page, back to where everything is known, or as far as one poll may go. */
async function listBack(
	look: Look,
	state: NewMediaState | null,
): Promise<{ media: readonly MediaFields[]; isWhole: boolean }> {
	const media: MediaFields[] = [];
	const rest = state?.rest;
	const from = rest === undefined ? {} : { until: pacificDay(new Date(rest.untilMs)) };
	let pages = 0;
	async function* pagesBack() {
		for await (const { items } of look.client.media(from, { signal: look.signal })) {
			yield items;
			pages += 1;
			if (pages === MAX_PAGES || reachesBack(state, media.map(listed))) return;
		}
	}
	const inTime = await takeInTime(look, pagesBack(), (items) => media.push(...items.map((item) => item.media)));
	if (!inTime && media.length === 0) throw timeIsUp();
	return { media, isWhole: inTime && (pages < MAX_PAGES || reachesBack(state, media.map(listed))) };
}

function listed({ id, timestamp }: MediaFields): ListedMedia {
	const publishedMs = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
	return { id, publishedMs: Number.isNaN(publishedMs) ? null : publishedMs };
}

function isWanted({ media_product_type: type }: MediaFields, types: readonly string[]): boolean {
	return types.length === 0 || typeof type !== 'string' || types.includes(type);
}

/** The rows of the media in their order: all of them, or as many as there is time for. */
async function rowsOf(look: Look, media: readonly MediaFields[]): Promise<IDataObject[]> {
	const metrics = readIncludedMetrics(look.parameter, false);
	const rowOf = (medium: MediaFields, insights: readonly Insight[]) =>
		mediaRow(medium, metricColumns(metrics, insights), look);
	if (metrics.length === 0) return media.map((medium) => rowOf(medium, []));
	const rows: IDataObject[] = [];
	if (media.length === 0) return rows;
	const query = { mediaIds: media.map(({ id }) => id), metrics };
	const numbers = look.client.mediaInsights(query, { signal: look.signal });
	await takeInTime(look, numbers, (item) => {
		// The numbers come in the order asked.
		const medium = media[rows.length];
		if (medium !== undefined) rows.push(rowOf(medium, numbersOf(item, metrics)));
	});
	return rows;
}

/** The part of a medium that the decision needs. Without a time, it counts as published now. */
export type ListedMedia = { readonly id: string; readonly publishedMs: number | null };

/** Media can appear in the list after younger ones, such as shared posts once the partner agrees, and scheduled posts. */
export const GRACE_MS = 48 * 3_600_000;

/** The most ids remembered of media that have left the list. */
const MOST_GONE = 300;

/**
 * The first look: all media in the list are known.
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
 * Ids of the media that were not there the last time, newest first.
 *
 * @param listed newest first
 */
export function freshMedia(
	{ newestMs, known, rest }: NewMediaState,
	listed: readonly ListedMedia[],
): readonly string[] {
	const seen = new Set([...known, ...(rest?.handed ?? [])]);
	const from = newestMs - GRACE_MS;
	const until = rest?.untilMs ?? Number.POSITIVE_INFINITY;
	const fresh = listed.filter(
		({ id, publishedMs }) => !seen.has(id) && (publishedMs === null || (publishedMs >= from && publishedMs <= until)),
	);
	// If the list changes between two pages, both may contain the same medium.
	return [...new Set(fresh.map(({ id }) => id))];
}

/**
 * What to remember after a look.
 *
 * @param listed newest first
 * @param handedOver how many of {@link freshMedia} start the workflow now, or never will because their kind is not wanted
 * @param isWhole whether the list goes back to where {@link reachesBack} says so, or to its end
 */
export function rememberNewMedia(
	state: NewMediaState,
	listed: readonly ListedMedia[],
	{ handedOver, isWhole }: { readonly handedOver: number; readonly isWhole: boolean },
): NewMediaState {
	const { rest, known, newestMs } = state;
	const topMs = rest?.topMs ?? Math.max(newestMs, newestOf(listed) ?? 0);
	const startMs = rest?.untilMs ?? topMs;
	const left = new Set(freshMedia(state, listed).slice(handedOver));
	// Younger ones belong to the look that begins at the top of the list again.
	const passed = listed.filter(
		({ id, publishedMs }) => !left.has(id) && (publishedMs === null || publishedMs <= startMs),
	);
	if (isWhole && left.size === 0) return remember(passed, topMs, { handed: rest?.handed, before: known });
	const timesOf = (media: readonly ListedMedia[]) => media.flatMap(({ publishedMs }) => publishedMs ?? []);
	const waiting = timesOf(listed.filter(({ id }) => left.has(id)));
	// Where no medium waits, the list was cut off: what is older than all of it comes next.
	const untilMs = waiting.length > 0 ? Math.max(...waiting) : Math.min(startMs, ...timesOf(listed));
	const again = passed.filter(
		({ publishedMs }) => publishedMs === null || publishedMs <= untilMs || publishedMs >= topMs - GRACE_MS,
	);
	const handed = [...new Set([...(rest?.handed ?? []), ...again.map(({ id }) => id)])];
	return { newestMs, known, rest: { topMs, untilMs, handed } };
}

function remember(
	listed: readonly ListedMedia[],
	newestMs: number,
	{
		handed = [],
		before = [],
	}: { readonly handed?: readonly string[] | undefined; readonly before?: readonly string[] } = {},
): NewMediaState {
	const ids = new Set(listed.map(({ id }) => id));
	const recent = listed.filter(({ publishedMs }) => publishedMs === null || publishedMs >= newestMs - GRACE_MS);
	// A hidden medium may come back, so media that have left the list stay known while there is room.
	const gone = before.filter((id) => !ids.has(id)).slice(0, MOST_GONE);
	return { newestMs, known: [...new Set([...recent.map(({ id }) => id), ...handed, ...gone])] };
}

function newestOf(listed: readonly ListedMedia[]): number | null {
	const times = listed.flatMap(({ publishedMs }) => (publishedMs === null ? [] : [publishedMs]));
	return times.length === 0 ? null : Math.max(...times);
}
