import {
	ACCOUNT_METRICS,
	type AccountMetric,
	type AccountMetricRow,
	type Host,
	type KnownProductType,
	MEDIA_METRICS,
	type MediaMetric,
	type MediaMetricRow,
	PRODUCT_TYPES,
} from '@instagram-insights/core';
import type { INodePropertyOptions } from 'n8n-workflow';

/** Metrics that Graph answers without anyone being able to say what they count. */
const NOT_OFFERED: readonly string[] = ['content_views'];

/** The account metrics for which `holds` says yes, as choices in the order of their titles. */
export function accountMetricOptions(holds: (row: AccountMetricRow) => boolean): INodePropertyOptions[] {
	const names = Object.keys(ACCOUNT_METRICS) as AccountMetric[];
	return names
		.filter((name) => !NOT_OFFERED.includes(name) && holds(ACCOUNT_METRICS[name]))
		.map((name) => option(name, ACCOUNT_METRICS[name].title, accountSentences(ACCOUNT_METRICS[name])))
		.sort(byName);
}

function accountSentences({ meaning, estimated, includesAds, minFollowers }: AccountMetricRow): string[] {
	return [
		meaning,
		...(includesAds ? ['Ads included.'] : []),
		...(estimated ? ['An estimate.'] : []),
		...(minFollowers === null ? [] : [`Needs ${minFollowers} followers.`]),
	];
}

/**
 * The media metrics that a host answers for any of some product types, as choices. A metric that only some of those
 * types have says so.
 *
 * @param breakdown when given, only metrics that split by it
 */
export function mediaMetricOptions(
	host: Host,
	products: readonly KnownProductType[],
	breakdown?: string,
): INodePropertyOptions[] {
	const names = Object.keys(MEDIA_METRICS) as MediaMetric[];
	const holds = (row: MediaMetricRow) =>
		row.hosts.includes(host) &&
		row.products.some((product) => products.includes(product)) &&
		(breakdown === undefined || row.breakdowns.some((name) => name === breakdown));
	return names
		.filter((name) => holds(MEDIA_METRICS[name]))
		.map((name) => {
			const row = MEDIA_METRICS[name];
			const restriction = onlyFor(row, products);
			return option(name, row.title, restriction === null ? [row.meaning] : [row.meaning, restriction]);
		})
		.sort(byName);
}

function onlyFor(row: MediaMetricRow, products: readonly KnownProductType[]): string | null {
	const without = products.filter((product) => !row.products.includes(product));
	if (without.length === 0) return null;
	const having = products.filter((product) => row.products.includes(product));
	return `${having.map((product) => `${PRODUCT_TYPES[product].title}s`).join(' and ')} only.`;
}

/** n8n ends a description with a full stop only when it has several sentences. */
function option(value: string, name: string, sentences: readonly string[]): INodePropertyOptions {
	const text = sentences.join(' ');
	return { name, value, description: sentences.length === 1 ? text.replace(/\.$/, '') : text };
}

function byName(a: INodePropertyOptions, b: INodePropertyOptions): number {
	return a.name.localeCompare(b.name, 'en');
}
