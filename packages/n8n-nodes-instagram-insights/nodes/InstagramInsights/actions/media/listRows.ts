import {
	compareWithMedian,
	computeMetrics,
	type Insight,
	type InsightsClient,
	inputsOf,
	type MediaFields,
	type MediaPage,
	rankBy,
	readFollowersNow,
	VS_MEDIAN,
} from '@instagram-insights/core/internal';
import type { IDataObject } from 'n8n-workflow';
import { metricColumns } from '../../../rows/columns';
import { mediaRow } from '../../../rows/mediaRows';
import { rawMediaRows } from '../../output/rawRows';
import { reasonHints } from '../../output/reasonHints';
import type { Item } from '../item';
import { type Listing, readListing } from './listing';

const MALFORMED = 'Instagram listed media in a form that cannot be read: they are left out.';

/** One medium of a list with every number its row may show. */
type Entry = {
	readonly media: MediaFields;
	readonly insights: readonly Insight[];
	/** How many numbers stand behind the medians. */
	readonly medianOf?: number;
};

/**
 * The rows of a list of posts or stories. Newest first, a page is handed out before the next is read; in any other order,
 * and beside medians, the whole list is read first.
 *
 * @param pages the list, asked for what the rows need
 */
export async function* listRows(
	item: Item,
	client: InsightsClient,
	pages: (asked: Listing['asked']) => AsyncIterable<MediaPage>,
): AsyncGenerator<IDataObject> {
	const listing = readListing(item);
	const { computed, table, compared, order, limit } = listing;
	const needsFollowers = inputsOf(computed, table).includes('followers_count');
	const followers = needsFollowers ? [await readFollowersNow(client, item)] : [];
	const entries: Entry[] = [];
	const bodies: unknown[] = [];
	for await (const { items, raw, malformed } of pages(listing.asked)) {
		if (malformed) item.hint('note', MALFORMED);
		const read = items.map(({ media, insights }): Entry => {
			for (const hint of reasonHints(insights)) item.hint(...hint);
			const found = computeMetrics(computed, table, [...insights, ...followers]);
			return { media, insights: [...insights, ...found] };
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
