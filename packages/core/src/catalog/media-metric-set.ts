import type { Host } from './host.ts';
import { MEDIA_METRICS, type MediaMetric } from './media-metric.ts';
import type { KnownProductType } from './product-type.ts';

/**
 * Metrics that may be asked together for media of one product type: they hold for the type and the host, and none of
 * them can take the others down. Empty for ads: no metric is known to hold for them.
 */
export function mediaMetricSet(host: Host, product: KnownProductType): MediaMetric[] {
	return mediaMetricsWhere((row) => row.hosts.includes(host) && row.products.includes(product) && !row.poison);
}

/**
 * Metrics that posts, albums and reels all answer on a host, so that one nested request may carry a page of mixed
 * media. Stories are on an edge of their own.
 */
export function commonMediaMetrics(host: Host): MediaMetric[] {
	const feed = mediaMetricSet(host, 'FEED');
	const reels = mediaMetricSet(host, 'REELS');
	return feed.filter((name) => reels.includes(name));
}

function mediaMetricsWhere(holds: (row: (typeof MEDIA_METRICS)[MediaMetric]) => boolean): MediaMetric[] {
	return (Object.keys(MEDIA_METRICS) as MediaMetric[]).filter((name) => holds(MEDIA_METRICS[name]));
}
