import type { Host, KnownProductType } from '@instagram-insights/core';
import { authenticationsOf } from '../transport/authentication';
import { mediaMetricOptions } from './metricOptions';
import type { MetricsFace } from './metrics';

const HOSTS: readonly Host[] = ['graph.instagram.com', 'graph.facebook.com'];

/** The faces of Metrics for some kinds of media, one for each host, because a few metrics are Facebook Login only. */
export function mediaMetricsFaces(
	products: readonly KnownProductType[],
	{
		show = {},
		breakdown,
		preselected,
	}: {
		readonly show?: NonNullable<MetricsFace['show']>;
		/** Only metrics that split by it. */
		readonly breakdown?: string;
		readonly preselected: readonly string[];
	},
): MetricsFace[] {
	return HOSTS.map((host) => ({
		show: { ...show, authentication: authenticationsOf(host) },
		options: mediaMetricOptions(host, products, breakdown),
		preselected,
	}));
}
