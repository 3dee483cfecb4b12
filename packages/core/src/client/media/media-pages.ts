import { HOSTS, LOGINS } from '../../catalog/host.ts';
import { type MediaFields, publishedAt } from '../../graph/media-answer.ts';
import { InsightsError, isInsightsError } from '../../insights-error.ts';
import { addDays, pacificMidnight } from '../../query/calendar-day.ts';
import type { MediaListQuery, OthersMediaQuery, StoryListQuery } from '../../query/insights-query.ts';
import { type MediaMetricPlan, planAlike, planMediaMetrics } from '../../query/plan-media-metrics.ts';
import { assertAskable, type ClientContext, type QuestionOptions } from '../client-context.ts';
import { isSuspect, productTypeOf } from '../memory.ts';
import { assertNumbersReadable, assertSomeAnswered, newTally } from '../nothing-came.ts';
import { type Asking, completeMedia } from './ask-media.ts';
import { type KnownMedia, type ListPart, type MediaPage, mediaFields } from './media-item.ts';
import type { ListQuestion } from './media-list.ts';
import { readList } from './read-list.ts';

/**
 * Read the account's posts and reels, newest first, with the requested metrics. Each page is available before the next is
 * read; earlier pages are not kept.
 *
 * @throws {InsightsError} (while iterating) `invalid-query` before anything is sent; else what concerns the whole list
 */
export async function* readMediaPages(
	query: MediaListQuery,
	context: ClientContext,
	options: QuestionOptions = {},
): AsyncGenerator<MediaPage> {
	assertAskable(query, context);
	const plan = planMediaMetrics(query.metrics ?? [], context.session.host);
	yield* readPages('media', query, plan, { ...context, options, tally: newTally() });
}

/**
 * Read the stories of the last 24 hours with the requested metrics. One request reads a page with its numbers. If Meta
 * refuses because of one story (too few viewers), the stories are listed without insights and each is asked by itself.
 *
 * @throws {InsightsError} (while iterating) `invalid-query` before anything is sent; else what concerns the whole list
 */
export async function* readStories(
	query: StoryListQuery,
	context: ClientContext,
	options: QuestionOptions = {},
): AsyncGenerator<MediaPage> {
	assertAskable(query, context);
	const { together, alone } = planAlike([...new Set(query.metrics)], query.split);
	yield* readPages(
		'stories',
		query,
		{ nested: together, single: [], alone },
		{ ...context, options, tally: newTally() },
	);
}

/**
 * Read media of other accounts in which the account is tagged or a collaborator, newest first, without insights.
 *
 * @throws {InsightsError} (while iterating) `invalid-query` before anything is sent; else what concerns the whole list
 */
export async function* readOthersMedia(
	query: OthersMediaQuery,
	context: ClientContext,
	options: QuestionOptions = {},
): AsyncGenerator<MediaPage> {
	assertAskable(query, context);
	const { edge, fields = OTHERS_FIELDS[edge] } = query;
	const plan = { nested: [], single: [], alone: [] };
	try {
		yield* readPages(edge, { ...query, fields }, plan, { ...context, options, tally: newTally() });
	} catch (error) {
		if (!isInsightsError(error) || !OF_THE_EDGE.includes(error.graph?.rule ?? '')) throw error;
		const { kind, message, graph } = error;
		throw new InsightsError(kind, message, { advice: EDGE_ADVICE[edge], cause: error, ...(graph ? { graph } : {}) });
	}
}

const KNOWN_OF_OTHERS = ['media_type', 'media_product_type', 'timestamp', 'permalink', 'caption', 'username'];

/** The fields in Meta's reference of these edges (S24 of 2026-08-12 and the changelog of 2026-04-22). */
const OTHERS_FIELDS = {
	tags: ['id', ...KNOWN_OF_OTHERS, 'like_count', 'comments_count', 'media_url'],
	collaborative_media: [
		...['id', ...KNOWN_OF_OTHERS, 'like_count', 'comments_count', 'saved_count', 'shares_count', 'reposts_count'],
		...['total_like_count', 'total_comments_count', 'total_views_count'],
	],
} as const satisfies Record<OthersMediaQuery['edge'], readonly string[]>;

/** Rules that say only that the list is refused. What others say helps more than the advice about the list. */
const OF_THE_EDGE = ['permission-missing', 'permission-range', 'method-unsupported', 'field-nonexisting', 'http-403'];

const { insights: INSIGHTS, taggedMedia: TAGGED } = LOGINS.facebook.permissions;
const EDGE_ADVICE = {
	tags: `Reading media in which an account is tagged needs ${TAGGED.join(' and ')} with Facebook Login. Connect the account again and grant both. Meta documents this for Facebook Login only: with Instagram Login it may be refused even with all permissions.`,
	collaborative_media: `Reading media on which an account collaborates works only with Facebook Login. Connect the account again and grant ${INSIGHTS.join(', ')}. Meta added this list on 2026-04-22 and does not say which permission it needs: if all are granted, ask Meta's support.`,
} as const satisfies Record<OthersMediaQuery['edge'], string>;

type PagesQuery = {
	readonly metrics?: readonly string[] | undefined;
	readonly fields?: readonly string[] | undefined;
	readonly limit?: number | undefined;
	readonly split?: Readonly<Record<string, string>> | undefined;
} & Filters;

async function* readPages(
	edge: ListQuestion['edge'],
	query: PagesQuery,
	plan: MediaMetricPlan,
	asking: Asking,
): AsyncGenerator<MediaPage> {
	const { tally, pageSize } = asking;
	const metrics = [...new Set(query.metrics)];
	const fields = mediaFields(query.fields);
	const filter = filterOf(query);
	let left = query.limit ?? Number.POSITIVE_INFINITY;
	const wanted = () => (filter.mayReject && left > 0 ? pageSize : left);
	/** The media that match, until there are enough of them or all that follow are too old. */
	async function* fitting(): AsyncGenerator<ListPart> {
		const list = readList({ edge, fields, metrics: plan.nested, range: filter.range, wanted }, asking);
		for await (const { media, raw } of list) {
			const counting = media.filter((one) => filter.accepts(one.media)).slice(0, left);
			left -= counting.length;
			yield { media: counting, raw };
			if (left <= 0 || media.some((one) => filter.isBefore(one.media))) return;
		}
	}
	for await (const part of gather(fitting(), plan, asking)) {
		const page = await completeMedia(part, { metrics, plan, split: query.split, fields }, asking);
		if (page.items.length > 0) yield tally.hasMalformed ? { ...page, malformed: true } : page;
	}
	assertSomeAnswered(tally, { isEnd: true });
	await assertNumbersReadable(tally, asking);
}

/** Merge small parts until a batch is full, if the host takes batches and something is left to ask for. */
async function* gather(
	parts: AsyncIterable<ListPart>,
	{ nested, single, alone }: MediaMetricPlan,
	{ session, memory }: ClientContext,
): AsyncGenerator<ListPart> {
	const batch = HOSTS[session.host].batchMaxItems ?? 1;
	const isOpen = ({ media, known }: KnownMedia) =>
		single.length + alone.length > 0 ||
		(nested.length > 0 && memory.nesting === 'refused') ||
		nested.some((metric) => !known.has(metric) && isSuspect(metric, media, memory));
	let part: ListPart = { media: [], raw: [] };
	for await (const { media, raw } of parts) {
		part = { media: [...part.media, ...media], raw: [...part.raw, ...raw] };
		if (part.media.length < (part.media.some(isOpen) ? batch : 1)) continue;
		yield part;
		part = { media: [], raw: [] };
	}
	if (part.media.length > 0) yield part;
}

type Filters = Pick<MediaListQuery, 'since' | 'until' | 'productTypes'>;

/** The filters of a list: sent to Graph if it knows them, and always applied here. A media item without a time matches. */
function filterOf({ since, until, productTypes }: Filters) {
	const from = since === undefined ? undefined : pacificMidnight(since).getTime();
	const to = until === undefined ? undefined : pacificMidnight(addDays(until, 1)).getTime();
	const isBefore = (media: MediaFields) => from !== undefined && (publishedAt(media) ?? from) < from;
	const isAfter = (media: MediaFields) => to !== undefined && (publishedAt(media) ?? 0) >= to;
	const isOfType = (media: MediaFields) => !productTypes || productTypes.includes(productTypeOf(media) ?? '');
	return {
		range: { since: from && from / 1000, until: to && to / 1000 - 1 },
		mayReject: productTypes !== undefined,
		isBefore,
		accepts: (media: MediaFields) => !isBefore(media) && !isAfter(media) && isOfType(media),
	};
}
