import type { Host } from '../catalog/host.ts';
import { MEDIA_METRICS, type MediaMetric, mediaMetricRow } from '../catalog/media-metric.ts';
import type { KnownProductType } from '../catalog/product-type.ts';

/** How to request the metrics of a media question. */
export type MediaMetricPlan = {
	/** Metrics that posts and reels both have: one nested request reads them for a whole page. */
	readonly nested: readonly string[];
	/** Metrics that some kinds of media lack: requested per post, all that fit a post in one request. */
	readonly single: readonly string[];
	/** Metrics that can make others fail: each in its own request. */
	readonly alone: readonly string[];
};

/**
 * Sort the metrics of a media list. Names outside the catalog go into the nested request: a refusal names them, and they are
 * left out from then on.
 */
export function planMediaMetrics(metrics: readonly string[], host: Host): MediaMetricPlan {
	const common: readonly string[] = commonMediaMetrics(host);
	const unique = [...new Set(metrics)];
	const alone = unique.filter(mustGoAlone);
	const nested = unique.filter(
		(metric) => !alone.includes(metric) && (common.includes(metric) || !mediaMetricRow(metric)),
	);
	const single = unique.filter((metric) => !alone.includes(metric) && !nested.includes(metric));
	return { nested, single, alone };
}

/** Metrics of media whose kinds all have them: those that may be asked together, and those that go in requests of their own. */
export function planAlike(metrics: readonly string[], split: Readonly<Record<string, string>> = {}) {
	const isAlone = (metric: string) => mustGoAlone(metric) || Object.hasOwn(split, metric);
	return { together: metrics.filter((metric) => !isAlone(metric)), alone: metrics.filter(isAlone) };
}

/** Metrics that fail for single posts: those the catalog marks, and the retired `impressions`, which only old posts have. */
export function mustGoAlone(metric: string): boolean {
	return mediaMetricRow(metric)?.poison ?? metric === 'impressions';
}

/**
 * Metrics that posts, albums and reels all have on a host, so that one nested request can read a page of mixed
 * media. Stories are on an edge of their own.
 */
export function commonMediaMetrics(host: Host): MediaMetric[] {
	const reels = mediaMetricSet(host, 'REELS');
	return mediaMetricSet(host, 'FEED').filter((name) => reels.includes(name));
}

/**
 * Metrics that can be requested together for media of one product type: they exist for the type and the host, and none of
 * them can make the others fail. Empty for ads, for which no metric is known to work.
 */
export function mediaMetricSet(host: Host, product: KnownProductType): MediaMetric[] {
	return (Object.keys(MEDIA_METRICS) as MediaMetric[]).filter((name) => {
		const { hosts, products, poison } = MEDIA_METRICS[name];
		return hosts.includes(host) && products.includes(product) && !poison;
	});
}
