import { z } from 'zod/v4';
import { Id, optional } from './read-answer.ts';

/** A number, or a string if a double cannot hold it (exact-json.ts) or Meta sent a string. */
const Count = z.union([
	z.number(),
	z
		.string()
		.regex(/^-?\d+(\.\d+)?$/)
		.transform(Number),
]);

/** The name of a bucket as sent; empty if missing. */
const BucketName = z.union([z.string(), z.number().transform(String), z.null().transform(() => '')]);

/** A count, or a map from hours or names to counts. It is missing until Meta has processed it. */
const MetricValue = z.object({
	value: optional(z.union([Count, z.record(z.string(), Count.nullish())])),
	end_time: z.string().nullish(),
});

const BreakdownResult = z.object({
	dimension_values: z.array(BucketName),
	value: Count.nullish(),
});

/** `results` is missing if there is nothing to count (S11). */
const BreakdownTable = z.object({
	dimension_keys: z.array(z.string()),
	results: z.array(BreakdownResult).nullish(),
});

const TotalValue = z.object({
	value: Count.nullish(),
	breakdowns: z.array(BreakdownTable).nullish(),
});

/**
 * One metric of an answer. It has `values` (series, hour maps, media), `total_value` (totals, breakdowns), both (media
 * with a breakdown) or neither (a metric asked without the breakdown it needs).
 */
const Item = z.object({
	/** `<account or media id>/insights/<metric>/<period>`: names the account behind `/me/insights`. */
	id: Id.nullish(),
	name: z.string(),
	period: z.string().nullish(),
	values: z.array(MetricValue).nullish(),
	total_value: optional(TotalValue),
	/** What is wrong with the item, if it could not be read. */
	unreadable: z.string().optional(),
});
export type InsightsItem = z.infer<typeof Item>;

/** An item whose value has an unknown shape costs only its own metric; without a name, the metrics that are missing. */
const AnyItem = Item.catch(({ value, issues }) => {
	const name = typeof value === 'object' && value !== null && 'name' in value ? value.name : '';
	const places = issues.slice(0, 2).map(({ path }) => path?.join('.') || 'the metric itself');
	return { name: typeof name === 'string' ? name : '', unreadable: `unknown form of ${places.join(' and ')}` };
});

/** One item. The usual item of media is checked by hand: a page has a thousand, and the schema takes ten times as long. */
export const InsightsItem: z.ZodType<InsightsItem> = z.transform((item) =>
	isLifetimeCount(item) ? item : AnyItem.parse(item),
);

/** A single number without a date and without buckets. */
function isLifetimeCount(item: unknown): item is InsightsItem {
	if (typeof item !== 'object' || item === null) return false;
	const { id, name, period, values, total_value: total } = item as Record<keyof InsightsItem, unknown>;
	if (typeof name !== 'string' || typeof id !== 'string' || typeof period !== 'string' || total !== undefined)
		return false;
	if ('unreadable' in item || !Array.isArray(values) || values.length !== 1) return false;
	const [only] = values;
	return typeof only?.value === 'number' && only.end_time === undefined;
}

/**
 * The answer of both `/insights` edges. An empty `data` means no data; on the Facebook host a missing permission looks
 * the same (S14). Its `paging` goes by time and never ends, so it is not read.
 */
export const InsightsAnswer = z.object({ data: z.array(InsightsItem) });
export type InsightsAnswer = z.infer<typeof InsightsAnswer>;
