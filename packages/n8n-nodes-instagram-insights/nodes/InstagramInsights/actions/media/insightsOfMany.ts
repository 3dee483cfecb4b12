import {
	type ComputedMetrics,
	computeMetrics,
	type Insight,
	type InsightsClient,
	InsightsError,
	inputsOf,
	isMediaMetric,
	type MediaItem,
	type MediaReading,
	readFollowersNow,
	shownMetrics,
	splitsOf,
	withInputs,
} from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';
import { readNames } from '../../../panel/metrics';
import { metricColumns, withReasons } from '../../../rows/columns';
import { mediaBreakdowns, NO_BREAKDOWN, readBreakdown } from '../../descriptions/breakdown';
import { computedTableOf, isAboutStories, readComputed } from '../../descriptions/computed';
import { bucketRows } from '../../output/accountRows';
import { reasonHints } from '../../output/hints';
import { rawMediaRows } from '../../output/rawRows';
import type { Item } from '../item';
import type { Outcome, Row } from '../operation';
import { chosenMediaId } from './chosenMediaId';

/** One question to core: media of one client, with the same metrics and breakdown. */
type Question = {
	readonly client: InsightsClient;
	readonly metrics: readonly string[];
	readonly breakdown: string | undefined;
	readonly computed: readonly string[];
	readonly table: ComputedMetrics;
	/** Items by the ID of the media they ask for, in input order. */
	readonly asked: Map<string, Item[]>;
};

/**
 * The rows of many media. Items with the same settings go into one question to core, which sends batches of 50 to the
 * Facebook host and paced parallel calls to the Instagram host. The rows of one item stay together and in order.
 */
export async function* insightsOfMany(items: readonly Item[]): AsyncGenerator<Outcome> {
	const questions: Question[] = [];
	for (const item of items) {
		const failed = await addTo(questions, item).then(
			() => null,
			(error: unknown) => ({ item, error }),
		);
		if (failed !== null) yield failed;
	}
	for (const question of questions) yield* answer(question);
}

async function addTo(questions: Question[], item: Item): Promise<void> {
	const metrics = readNames(item.parameter('metrics', []));
	const breakdowns = mediaBreakdowns(isAboutStories(item) ? ['STORY'] : ['FEED', 'REELS']);
	const breakdown = readBreakdown(item.parameter('breakdown', NO_BREAKDOWN), breakdowns)?.toString();
	const table = computedTableOf(item);
	const computed = breakdown === undefined ? readComputed(item, table) : [];
	const client = await item.client();
	const id = await chosenMediaId(item, client);
	const alike = questions.find(
		(known) =>
			known.client === client &&
			known.table === table &&
			known.breakdown === breakdown &&
			known.metrics.join() === metrics.join() &&
			known.computed.join() === computed.join(),
	);
	const question = alike ?? { client, metrics, breakdown, computed, table, asked: new Map<string, Item[]>() };
	if (alike === undefined) questions.push(question);
	const sameMedium = question.asked.get(id);
	if (sameMedium === undefined) question.asked.set(id, [item]);
	else sameMedium.push(item);
}

async function* answer({ client, metrics, breakdown, computed, table, asked }: Question): AsyncGenerator<Outcome> {
	const open = new Map(asked);
	const shown = shownMetrics(metrics, computed, table);
	let followers: readonly Insight[] = [];
	const rowsOf = ({ media, insights, raw, error }: MediaReading, item: Item) => {
		const found = computeMetrics(computed, table, [...insights, ...followers]);
		const all = [...insights, ...found].filter(({ metric }) => shown.includes(metric));
		hintsFor(item, all, error);
		if (error !== undefined) return [];
		if (item.simplify) return mediaInsightRows({ media, insights: all }, shown, breakdown);
		return rawMediaRows(raw, [{ media, insights: all }]).map((row) => ({
			...row,
			...metricColumns(computed, found).values,
		}));
	};
	const [first] = [...asked.values()].flat();
	if (first === undefined) return;
	const { host, signal } = first;
	try {
		if (inputsOf(computed, table).includes('followers_count')) {
			followers = [await readFollowersNow(client, { host, signal })];
		}
		const needed = withInputs(metrics, computed, table, isMediaMetric);
		const split = splitsOf(computed, table);
		const found = client.mediaInsights({ mediaIds: [...asked.keys()], metrics: needed, breakdown, split }, { signal });
		for await (const medium of found) {
			const { id } = medium.media;
			for (const item of open.get(id) ?? []) {
				const rows = rowsOf(medium, item);
				const error = medium.error ?? refuseOtherKind(medium, item);
				if (error === undefined) for (const row of rows) yield { item, row };
				else yield { item, error };
			}
			open.delete(id);
		}
	} catch (error) {
		for (const item of [...open.values()].flat()) yield { item, error };
	}
}

/** Posts and stories have operations of their own, which offer other metrics. Numbers that came are kept, with a note. */
function refuseOtherKind({ media, insights }: MediaReading, item: Item): InsightsError | undefined {
	const { id, media_product_type: product } = media;
	if (product === undefined || product === null || (product === 'STORY') === isAboutStories(item)) return undefined;
	const [kind, way] =
		product === 'STORY' ? ['a story', 'Story: Get Insights'] : ['a post or reel', 'Post or Reel: Get Insights'];
	const message = `${id} is ${kind}`;
	const advice = `Use ${way} to read its insights.`;
	if (insights.every(({ shape }) => shape === 'absent')) return new InsightsError('invalid-query', message, { advice });
	item.hint('note', `${message}. ${advice}`);
	return undefined;
}

function hintsFor(item: Item, insights: readonly Insight[], error: MediaReading['error']): void {
	for (const hint of reasonHints(insights)) item.hint(...hint);
	if (error?.kind === 'not-found' && !isAboutStories(item)) item.hint('maybe-album-child');
}

/** The insights of one media item: one row, or one row per bucket. */
function mediaInsightRows(
	{ media, insights }: Pick<MediaItem, 'media' | 'insights'>,
	metrics: readonly string[],
	breakdown: string | undefined,
): IDataObject[] {
	const head = { mediaId: media.id };
	if (breakdown !== undefined) return bucketRows(insights, breakdown, head);
	const { values, gaps } = metricColumns(metrics, insights);
	return [withReasons({ ...head, ...values }, gaps)];
}

/**
 * The rows of one media item.
 *
 * @throws {InsightsError} the media item cannot be read
 */
export async function* insightsOfOne(item: Item): AsyncGenerator<Row> {
	for await (const outcome of insightsOfMany([item])) {
		if ('error' in outcome) throw outcome.error;
		yield outcome.row;
	}
}
