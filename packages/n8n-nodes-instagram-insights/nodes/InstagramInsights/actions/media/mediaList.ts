import {
	type ComputedMetrics,
	compareWithMedian,
	computeMetrics,
	HOSTS,
	type Insight,
	type InsightsClient,
	inputsOf,
	isMediaMetric,
	type MediaFields,
	type MediaItem,
	type MediaPage,
	type QueryProblem,
	type RankValue,
	rankBy,
	readFollowersNow,
	type SortDirection,
	shownMetrics,
	splitsOf,
	VS_MEDIAN,
	withInputs,
} from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';
import { readIncludedMetrics } from '../../../panel/metrics';
import { readFields } from '../../../panel/options';
import { readSwitch } from '../../../panel/wrongSetting';
import { metricColumns, metricOfColumn, singleValue } from '../../../rows/columns';
import { fieldOf, mediaRow, placedFields, sourcesOfField, USUAL_FIELDS } from '../../../rows/mediaRows';
import { computedTableOf, isAboutStories, readComputed } from '../../descriptions/computed';
import { NEWEST, readLimit, readSort } from '../../descriptions/listParameters';
import { reasonHints } from '../../output/hints';
import { rawMediaRows } from '../../output/rawRows';
import type { Item } from '../item';

const MALFORMED = 'Instagram listed media in a form that the node cannot read. They are left out.';

/** One media item of a list, with every number its row may show. */
type Entry = {
	readonly media: MediaFields;
	readonly insights: readonly Insight[];
	/** How many media the medians are based on. */
	readonly medianOf?: number;
};

/**
 * The rows of a list of posts or stories. Newest first, each page is returned before the next is read. In any other
 * order, and with medians, the whole list is read first.
 *
 * @param pages reads the list with the metrics and fields that the rows need
 */
export async function* listRows(
	item: Item,
	client: InsightsClient,
	pages: (asked: Listing['asked']) => AsyncIterable<MediaPage>,
): AsyncGenerator<IDataObject> {
	const listing = readListing(item);
	const { shown, computed, table, compared, order, limit } = listing;
	const needsFollowers = inputsOf(computed, table).includes('followers_count');
	const followers = needsFollowers ? [await readFollowersNow(client, item)] : [];
	const entries: Entry[] = [];
	const bodies: unknown[] = [];
	for await (const { items, raw, malformed } of pages(listing.asked)) {
		if (malformed) item.hint('note', MALFORMED);
		const read = items.map(({ media, insights }): Entry => {
			const all = [...insights, ...computeMetrics(computed, table, [...insights, ...followers])];
			for (const hint of reasonHints(all, shown)) item.hint(...hint);
			return { media, insights: all };
		});
		if (order === null && compared.length === 0) yield* rowsOf(read, raw, listing, item);
		else {
			entries.push(...read);
			bodies.push(...raw);
		}
	}
	const beside = withMedians(entries, compared);
	const ranked = order === null ? beside : rankBy(beside, order.rankValue, order.direction);
	yield* rowsOf(ranked.slice(0, limit), bodies, listing, item);
}

/** The columns of such a row, whatever is in the list. */
export function listColumns(item: Item): string[] {
	const listing = readListing(item);
	const entry = { media: { id: '' }, insights: [], ...(listing.compared.length > 0 ? { medianOf: 0 } : {}) };
	return rowsOf([entry], [], listing, item).flatMap(Object.keys);
}

function withMedians(entries: readonly Entry[], metrics: readonly string[]): readonly Entry[] {
	if (metrics.length === 0) return entries;
	const media = entries.map(({ media, insights }) => ({ kind: String(media.media_product_type), insights }));
	const compared = compareWithMedian(media, metrics);
	return entries.map((entry, index) => {
		const { insights = [], medianOf = 0 } = compared[index] ?? {};
		return { ...entry, insights: [...entry.insights, ...insights], medianOf };
	});
}

function rowsOf(
	entries: readonly Entry[],
	bodies: readonly unknown[],
	{ shown, computed, compared, fields }: Listing,
	{ simplify, timeZone }: Item,
): IDataObject[] {
	const names = [...shown, ...compared.map((metric) => `${metric}${VS_MEDIAN}`)];
	const columnsOf = ({ insights, medianOf }: Entry, metrics: readonly string[]) => {
		const { values, gaps } = metricColumns(metrics, insights);
		return { values: medianOf === undefined ? values : { ...values, medianOf }, gaps };
	};
	if (simplify) return entries.map((entry) => mediaRow(entry.media, columnsOf(entry, names), { fields, timeZone }));
	const own = names.filter((name) => computed.includes(name) || name.endsWith(VS_MEDIAN));
	const items = entries.map(({ media, insights }) => ({
		media,
		insights: insights.filter(({ metric }) => names.includes(metric)),
	}));
	return rawMediaRows(bodies, items).map((row, index) => {
		const entry = entries[index];
		return entry === undefined ? row : { ...row, ...columnsOf(entry, own).values };
	});
}

/** What a list of posts or stories asks for, what it shows, and how it is sorted. */
export type Listing = {
	/** Metrics in the order of their columns, computed ones last. */
	readonly shown: readonly string[];
	readonly computed: readonly string[];
	/** The table that holds the `computed` metrics. */
	readonly table: ComputedMetrics;
	/** Those of `shown` that are compared with their medians. */
	readonly compared: readonly string[];
	/** Fields chosen instead of the usual ones. */
	readonly fields: readonly string[] | undefined;
	/** Null: newest first, which is Graph's own order. */
	readonly order: Order | null;
	readonly limit: number | undefined;
	readonly asked: {
		readonly metrics: readonly string[];
		readonly fields?: readonly string[] | undefined;
		readonly limit?: number | undefined;
		/** Stories only: the breakdowns of metrics whose buckets are needed. */
		readonly split?: Readonly<Record<string, string>>;
	};
};

export type Order = {
	readonly rankValue: (medium: Pick<MediaItem, 'media' | 'insights'>) => RankValue;
	readonly direction: SortDirection;
};

/**
 * @throws {InsightsError} `invalid-query`: a setting is not valid
 */
export function readListing(item: Item): Listing {
	const isStories = isAboutStories(item);
	const sort = readSort(item);
	const key = sortKey(sort.by, item);
	const withMedian = !isStories && readSwitch('compareWithMedian', item.parameter('compareWithMedian', false), false);
	const table = computedTableOf(item);
	const included = readIncludedMetrics(item.parameter, true);
	const chosen = isStories && included.length === 0 ? [] : readComputed(item, table);
	const computed = [...new Set([...chosen, ...(key.computed === undefined ? [] : [key.computed])])];
	const metrics = [...new Set([...included, ...(key.metric === undefined ? [] : [key.metric])])];
	const fields = readFields(item.options.fields);
	const limit = readLimit(item);
	const isNewestFirst = sort.by === NEWEST && sort.direction === 'desc';
	return {
		shown: shownMetrics(metrics, computed, table),
		computed,
		table,
		compared: withMedian ? shownMetrics(metrics, computed, table) : key.compared,
		fields,
		order: isNewestFirst ? null : { rankValue: key.rankValue(item.timeZone), direction: sort.direction },
		limit,
		asked: {
			metrics: withInputs(metrics, computed, table, isMediaMetric),
			...(isStories ? { split: splitsOf(computed, table) } : {}),
			fields: fieldsToAsk(fields, key.sources),
			limit: isNewestFirst ? limit : undefined,
		},
	};
}

/** Undefined: the default fields. */
function fieldsToAsk(chosen: readonly string[] | undefined, more: readonly string[]): readonly string[] | undefined {
	if (chosen === undefined && more.length === 0) return undefined;
	return [...new Set([...(chosen ?? USUAL_FIELDS.flatMap(sourcesOfField)), ...more])];
}

/** A problem of the sort key, under the name of its parameter in the panel. */
export function inListing(problem: QueryProblem, item: Item): QueryProblem {
	const { field, value } = problem;
	const isSortKey = field === 'metrics' && value !== undefined && value === sortMetric(readSort(item).by);
	const included = isSortKey ? readIncludedMetrics(item.parameter, true) : [];
	return isSortKey && !included.includes(value) ? { ...problem, field: 'sortBy' } : problem;
}

type SortKey = {
	/** Asked for and shown because the list is sorted by it. */
	readonly metric?: string;
	readonly computed?: string;
	readonly compared: readonly string[];
	/** Fields to ask for. */
	readonly sources: readonly string[];
	readonly rankValue: (timeZone: string) => Order['rankValue'];
};

function sortKey(by: string, item: Item): SortKey {
	const none = { compared: [], sources: [] };
	const base = by.endsWith(VS_MEDIAN) ? by.slice(0, -VS_MEDIAN.length) : by;
	const name = base === NEWEST ? 'published' : base;
	const isComputed = Object.hasOwn(computedTableOf(item), name);
	if (!isComputed && base === by && isField(name, item)) {
		const rankValue: SortKey['rankValue'] =
			(timeZone) =>
			({ media }) =>
				placedFields(media, timeZone)[name] ?? fieldOf(media, name);
		return { ...none, sources: sourcesOfField(name), rankValue };
	}
	const metric = isComputed ? name : sortMetric(name);
	return {
		...(isComputed ? { computed: metric } : { metric }),
		compared: base === by ? [] : [metric],
		sources: [],
		rankValue:
			() =>
			({ insights }) =>
				numberOf(insights, base === by ? metric : `${metric}${VS_MEDIAN}`),
	};
}

/** A list can be sorted by the column name of a metric. */
function sortMetric(name: string): string {
	return metricOfColumn(name) ?? name;
}

function numberOf(insights: readonly Insight[], metric: string): number | null {
	const found = singleValue(insights.find((insight) => insight.metric === metric));
	return typeof found === 'number' ? found : null;
}

const ROW_FIELDS: readonly string[] = ['published', 'weekday', 'hour', 'format', 'hashtags', 'image_url'];

function isField(name: string, { host }: Item): boolean {
	return ROW_FIELDS.includes(name) || HOSTS[host].mediaFields.includes(name);
}
