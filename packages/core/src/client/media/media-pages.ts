import { HOSTS } from '../../catalog/host.ts';
import type { MediaFields } from '../../graph/media-answer.ts';
import { publishedAt } from '../../insight/read-media.ts';
import { InsightsError, isInsightsError } from '../../insights-error.ts';
import { addDays, pacificMidnight } from '../../query/calendar-day.ts';
import type { MediaListQuery, OthersMediaQuery, StoryListQuery } from '../../query/insights-query.ts';
import { type MediaMetricPlan, planAlike, planMediaMetrics } from '../../query/plan-media-metrics.ts';
import { assertNumbersReadable } from '../account/nothing-came.ts';
import { assertAskable, type ClientContext, type QuestionOptions } from '../client-context.ts';
import { completeMedia } from './complete-media.ts';
import {
	assertSomeAnswered,
	type KnownMedia,
	type ListPart,
	type MediaPage,
	mediaFields,
	newTally,
} from './media-item.ts';
import { isSuspect, productTypeOf } from './media-kind.ts';
import type { ListQuestion } from './media-list.ts';
import { readList } from './read-list.ts';

/**
 * The account's posts and reels, newest first, with the metrics asked for. A page can be used before the next is read;
 * nothing of earlier pages is kept.
 *
 * @throws {InsightsError} (while iterating) `invalid-query` before anything is sent; else what concerns the whole list
 */
export async function* readMediaPages(
	query: MediaListQuery,
	context: ClientContext,
	options: QuestionOptions = {},
): AsyncGenerator<MediaPage> {
	assertAskable(query, context);
	const plan = planMediaMetrics([...new Set(query.metrics)], context.session.host);
	yield* readPages('media', query, filterOf(query), plan, context, options);
}

/**
 * The stories of the last 24 hours with the metrics asked for. One request reads a page with its numbers; when one
 * story refuses (too few viewers), they are listed plainly and each is asked by itself.
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
	const plan = { nested: together, single: [], alone };
	yield* readPages('stories', query, filterOf({}), plan, context, options);
}

/**
 * Media of others in which the account is tagged, or a collaborator, newest first, without numbers of insights.
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
	try {
		yield* readPages(edge, { ...query, fields }, filterOf({}), NO_METRICS, context, options);
	} catch (error) {
		if (!isInsightsError(error) || error.kind !== 'permission' || edge !== 'tags') throw error;
		const { kind, message, graph } = error;
		throw new InsightsError(kind, message, { advice: TAGS_ADVICE, cause: error, ...(graph ? { graph } : {}) });
	}
}

const NO_METRICS: MediaMetricPlan = { nested: [], single: [], alone: [] };
const KNOWN_OF_OTHERS = ['media_type', 'media_product_type', 'timestamp', 'permalink', 'caption', 'username'];

/** What Meta's pages of the edges name (S24 of 2026-08-12 and the changelog of 2026-04-22). */
const OTHERS_FIELDS = {
	tags: ['id', ...KNOWN_OF_OTHERS, 'like_count', 'comments_count', 'media_url'],
	collaborative_media: [
		...['id', ...KNOWN_OF_OTHERS, 'like_count', 'comments_count', 'saved_count', 'shares_count', 'reposts_count'],
		...['total_like_count', 'total_comments_count', 'total_views_count'],
	],
} as const satisfies Record<OthersMediaQuery['edge'], readonly string[]>;

const TAGS_ADVICE =
	'Reading media in which an account is tagged takes instagram_manage_comments and pages_read_engagement with Facebook Login. Connect the account again and grant both. Meta documents it for Facebook Login; with Instagram Login it may be refused whatever was granted.';

async function* readPages(
	edge: ListQuestion['edge'],
	query: MediaListQuery | StoryListQuery | OthersMediaQuery,
	filter: ReturnType<typeof filterOf>,
	plan: MediaMetricPlan,
	context: ClientContext,
	options: QuestionOptions,
): AsyncGenerator<MediaPage> {
	const metrics = query.kind === 'others-media' ? [] : [...new Set(query.metrics)];
	const fields = mediaFields(query.fields);
	const split = query.kind === 'story-list' ? query.split : undefined;
	const tally = newTally();
	const asking = { ...context, options, tally };
	let left = query.limit ?? Number.POSITIVE_INFINITY;
	const wanted = () => (filter.mayReject && left > 0 ? context.pageSize : left);
	const list = readList({ edge, fields, metrics: plan.nested, range: filter.range, wanted }, asking);
	/** The media that count, until there are enough of them or all that follow are too old. */
	async function* fitting(): AsyncGenerator<ListPart> {
		for await (const { media, raw } of list) {
			const counting = media.filter((one) => filter.accepts(one.media)).slice(0, left);
			left -= counting.length;
			yield { media: counting, raw };
			if (left <= 0 || media.some((one) => filter.isBefore(one.media))) return;
		}
	}
	for await (const part of gather(fitting(), plan, context)) {
		const page = await completeMedia(part, { metrics, plan, split, fields }, asking);
		if (page.items.length > 0) yield tally.hasMalformed ? { ...page, malformed: true } : page;
	}
	assertSomeAnswered(tally, { isEnd: true });
	await assertNumbersReadable(tally, asking);
}

/** Merge small parts until a batch is full, where the host takes batches and they leave something to ask for. */
async function* gather(
	parts: AsyncIterable<ListPart>,
	{ nested, single, alone }: MediaMetricPlan,
	{ session, memory }: ClientContext,
): AsyncGenerator<ListPart> {
	const batch = HOSTS[session.host].batchMaxItems ?? 1;
	let media: readonly KnownMedia[] = [];
	let raw: readonly unknown[] = [];
	for await (const part of parts) {
		media = [...media, ...part.media];
		raw = [...raw, ...part.raw];
		const isOpen =
			single.length + alone.length > 0 ||
			(nested.length > 0 && memory.nesting === 'refused') ||
			media.some((one) => nested.some((metric) => !one.known.has(metric) && isSuspect(metric, one.media, memory)));
		if (media.length < (isOpen ? batch : 1)) continue;
		yield { media, raw };
		media = [];
		raw = [];
	}
	if (media.length > 0) yield { media, raw };
}

/** The filters of a list: sent along where Graph knows them, and held here in any case. */
function filterOf({ since, until, productTypes }: Pick<MediaListQuery, 'since' | 'until' | 'productTypes'>) {
	const fromMs = since === undefined ? undefined : pacificMidnight(since).getTime();
	const toMs = until === undefined ? undefined : pacificMidnight(addDays(until, 1)).getTime();
	const isBefore = (media: MediaFields) => fromMs !== undefined && (publishedAt(media) ?? fromMs) < fromMs;
	const isAfter = (media: MediaFields) => toMs !== undefined && (publishedAt(media) ?? 0) >= toMs;
	const isOther = (media: MediaFields) =>
		productTypes !== undefined && !productTypes.includes(productTypeOf(media) ?? '');
	return {
		range: {
			...(fromMs === undefined ? {} : { since: fromMs / 1000 }),
			...(toMs === undefined ? {} : { until: toMs / 1000 - 1 }),
		},
		mayReject: productTypes !== undefined,
		isBefore,
		accepts: (media: MediaFields) => !isBefore(media) && !isAfter(media) && !isOther(media),
	};
}
