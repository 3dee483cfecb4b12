import { accountMetricRow } from '../catalog/account-metric.ts';
import { MEDIA_METRICS, mediaMetricRow } from '../catalog/media-metric.ts';
import { nearestName } from '../catalog/nearest-name.ts';
import { PRODUCT_TYPES } from '../catalog/product-type.ts';
import { retiredMetricRow } from '../catalog/retired-metric.ts';
import type { QueryProblem } from '../insights-error.ts';
import { unknownMetric, wrongHost } from './check-account-metrics.ts';
import type { QueryContext } from './insights-query.ts';
import { either, problem } from './query-problem.ts';

/** Kinds of media the media edge lists; stories have an edge of their own. */
export const MEDIA_EDGE_PRODUCTS: readonly string[] = ['FEED', 'REELS', 'AD'];

/** Account metrics whose media counterpart has another name. */
const MEDIA_COUNTERPARTS: Readonly<Record<string, string>> = {
	saves: 'saved',
	profile_views: 'profile_visits',
	follower_count: 'follows',
	follows_and_unfollows: 'follows',
	profile_links_taps: 'profile_activity',
	website_clicks: 'profile_activity',
};

/**
 * Problems of the metric names of a question about media.
 *
 * @param products the kinds of media asked about: a metric must exist for at least one of them
 */
export function checkMediaMetrics(
	metrics: readonly string[],
	products: readonly string[],
	context: QueryContext,
	{ atLeastOne = false }: { atLeastOne?: boolean } = {},
): QueryProblem[] {
	if (metrics.length === 0 && atLeastOne) {
		const message = 'No metric selected. Choose at least one, for example "views", "reach" or "likes".';
		return [problem('metrics', 'no-metrics', message)];
	}
	return [...new Set(metrics)].flatMap((name) => checkOne(name, products, context) ?? []);
}

function checkOne(name: string, products: readonly string[], context: QueryContext): QueryProblem | undefined {
	const row = mediaMetricRow(name);
	if (row) {
		if (!row.hosts.includes(context.host)) {
			const [host = context.host] = row.hosts;
			return problem('metrics', 'wrong-host', wrongHost(name, host), { value: name, suggestion: host });
		}
		const known = products.filter((product) => product === 'AD' || KNOWN_PRODUCTS.includes(product));
		// A product type newer than the catalog may have any metric.
		if (known.length < products.length || row.products.some((product) => products.includes(product))) return undefined;
		const message = `"${name}" exists only for ${either(row.products)}, not for ${either(products)}. Ask for those media, or leave the metric out.`;
		return problem('metrics', 'wrong-product-type', message, { value: name, suggestion: row.products[0] });
	}
	const retired = retiredMetricRow('media', name);
	if (retired) {
		const { removedOn, replacement, advice, onlyMediaBefore } = retired;
		if (onlyMediaBefore !== null && context.allowUnknown) return undefined;
		const message = `Meta removed "${name}" for media on ${removedOn}, in every API version. Use "${replacement}" instead.`;
		return problem('metrics', 'retired-metric', advice ? `${message} ${advice}` : message, {
			value: name,
			suggestion: replacement,
		});
	}
	if (accountMetricRow(name) || retiredMetricRow('account', name)) {
		const counterpart = MEDIA_COUNTERPARTS[name];
		const advice = counterpart ? `For media, use "${counterpart}".` : 'Ask for the insights of the account instead.';
		return problem('metrics', 'account-metric', `"${name}" is a metric for the account, not for media. ${advice}`, {
			value: name,
			suggestion: counterpart,
		});
	}
	if (context.allowUnknown) return undefined;
	return unknownMetric(name, 'media', Object.keys(MEDIA_METRICS));
}

const KNOWN_PRODUCTS: readonly string[] = ['FEED', 'REELS', 'STORY'];

/** Values of `media_type`, which are easily mistaken for product types. */
const MEDIA_TYPES = ['IMAGE', 'VIDEO', 'CAROUSEL_ALBUM'];

/** Problems of the product types that filter a list. */
export function checkProductTypes(productTypes: readonly string[] | undefined): QueryProblem[] {
	const names = Object.keys(PRODUCT_TYPES).filter((name) => name !== 'STORY');
	return [...new Set(productTypes)].flatMap((value) => {
		if (value === 'STORY') {
			const message = 'Media lists have no stories: ask for stories instead.';
			return [problem('productTypes', 'unknown-product-type', message, { value })];
		}
		if (MEDIA_TYPES.includes(value.toUpperCase())) {
			const message = `"${value}" is a media type, which does not say where it was published. Choose ${either(names)}.`;
			return [problem('productTypes', 'unknown-product-type', message, { value, suggestion: 'FEED' })];
		}
		// Meta's types are in upper case. A new one is accepted; a known one in the wrong case is not.
		if (names.includes(value) || (/^[A-Z_]+$/.test(value) && nearestName(value, names) === undefined)) return [];
		const suggestion = nearestName(value, names);
		const message = `"${value}" is not a kind of media. Choose ${either(names)}.`;
		return [problem('productTypes', 'unknown-product-type', message, { value, suggestion })];
	});
}
