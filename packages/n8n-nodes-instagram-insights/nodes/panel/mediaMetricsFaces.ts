import { HOSTS, type Host, type KnownProductType } from '@instagram-insights/core/internal';
import { authenticationsOf } from '../graph/authentication';
import { mediaBreakdowns, NO_BREAKDOWN } from '../InstagramInsights/descriptions/breakdown';
import { mediaMetricOptions } from './metricOptions';
import { type MetricsFace, preselecting } from './metrics';

/** The faces of Metrics for some kinds of media, one for each host, because a few metrics are Facebook Login only. */
export function mediaMetricsFaces(
	products: readonly KnownProductType[],
	{
		show = {},
		preselected,
	}: { readonly show?: NonNullable<MetricsFace['show']>; readonly preselected: readonly string[] },
): MetricsFace[] {
	return byHost(show, (host) => ({ options: mediaMetricOptions(host, products), preselected }));
}

/** The same without a breakdown, and for each breakdown the metrics that split by it. */
export function mediaMetricsFacesByBreakdown(
	products: readonly KnownProductType[],
	preselected: readonly string[],
): MetricsFace[] {
	return [
		...mediaMetricsFaces(products, { show: { breakdown: [NO_BREAKDOWN] }, preselected }),
		...mediaBreakdowns(products).flatMap((breakdown) =>
			byHost({ breakdown: [breakdown] }, (host) => preselecting(mediaMetricOptions(host, products, breakdown))),
		),
	];
}

function byHost(
	show: NonNullable<MetricsFace['show']>,
	face: (host: Host) => Pick<MetricsFace, 'options' | 'preselected'>,
): MetricsFace[] {
	const hosts = Object.keys(HOSTS) as Host[];
	return hosts.map((host) => ({ show: { ...show, authentication: authenticationsOf(host) }, ...face(host) }));
}
