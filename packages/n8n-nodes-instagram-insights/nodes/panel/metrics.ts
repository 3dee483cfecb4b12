import { HOSTS, type Host, type KnownProductType } from '@instagram-insights/core/internal';
import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { authenticationsOf } from '../graph/authentication';
import { mediaMetricOptions } from './metricOptions';
import { readSwitch, wrongSetting } from './wrongSetting';

/** One version of the Metrics parameter: what it offers for certain values of the parameters above it. */
export type MetricsFace = {
	readonly options: INodePropertyOptions[];
	readonly preselected: readonly string[];
	/** Other parameters that must have these values. */
	readonly show?: NonNullable<IDisplayOptions['show']>;
	readonly hint?: string;
};

/** A list with Views preselected, or its first metric if it does not have Views. */
export function preselecting(options: INodePropertyOptions[]): Pick<MetricsFace, 'options' | 'preselected'> {
	const names = options.map(({ value }) => String(value));
	return { options, preselected: names.includes('views') ? ['views'] : names.slice(0, 1) };
}

/**
 * The parameter `metrics`, once for every list that can apply. All share one name, so the choice stays when the list
 * changes. A metric that the new list does not have is refused by name before any call.
 *
 * Values outside the list are allowed here, so that an expression can use a metric that is newer than this node.
 */
export function metricsParameters(faces: readonly MetricsFace[]): INodeProperties[] {
	return faces.map(({ options, preselected, show, hint }) => ({
		displayName: 'Metrics',
		name: 'metrics',
		type: 'multiOptions',
		options,
		default: [...preselected],
		required: true,
		allowArbitraryValues: true,
		description:
			'The metrics to return, named as in the Instagram app. In an expression, use Meta\'s names as a list or separated by commas, such as "reach,views".',
		builderHint: {
			propertyHint:
				'Keep the default unless specific metrics are requested. To look up a name, run resource metric, operation getMany with options.level.',
		},
		...(hint === undefined ? {} : { hint }),
		...(show === undefined ? {} : { displayOptions: { show } }),
	}));
}

/**
 * The metrics of a list with insights.
 *
 * @param way what the error suggests instead of a metric
 * @throws {InsightsError} `invalid-query`: no metric is named, for example because an expression returned nothing
 */
export function readWantedMetrics(value: unknown, way: string): string[] {
	const names = readNames(value);
	if (names.length > 0) return names;
	throw wrongSetting('metrics', undefined, `No metric selected. Choose at least one${way}.`);
}

/**
 * A list of names as people and language models write it: an array, also as JSON text, or text with commas or line breaks.
 * Duplicates are removed; the order stays.
 */
export function readNames(value: unknown): string[] {
	const list = typeof value === 'string' ? fromJson(value) : value;
	const parts = Array.isArray(list) ? list : typeof list === 'string' ? list.split(/[,\n]/) : [];
	return [...new Set(parts.map((part) => String(part).trim()).filter((part) => part !== ''))];
}

function fromJson(text: string): unknown {
	if (!text.trim().startsWith('[')) return text;
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/** The Metrics lists for some kinds of media, one for each host, because a few metrics need Facebook Login. */
export function mediaMetricsFaces(
	products: readonly KnownProductType[],
	{
		show = {},
		preselected,
	}: { readonly show?: NonNullable<MetricsFace['show']>; readonly preselected: readonly string[] },
): MetricsFace[] {
	return byHost(show, (host) => ({ options: mediaMetricOptions(host, products), preselected }));
}

/** One list for each host. */
export function byHost(
	show: NonNullable<MetricsFace['show']>,
	face: (host: Host) => Pick<MetricsFace, 'options' | 'preselected'>,
): MetricsFace[] {
	const hosts = Object.keys(HOSTS) as Host[];
	return hosts.map((host) => ({ show: { ...show, authentication: authenticationsOf(host) }, ...face(host) }));
}

export const includeInsightsParameter: INodeProperties = {
	displayName: 'Include Insights',
	name: 'includeInsights',
	type: 'boolean',
	default: true,
	description: 'Whether to also return the insights of each one. One call returns both for 100 posts.',
};

/**
 * The metrics of a list; none if its insights are off.
 *
 * @param preset the default of the switch
 * @throws {InsightsError} `invalid-query`: insights are on, and no metric is named
 */
export function readIncludedMetrics(
	parameter: (name: string, fallback: unknown) => unknown,
	preset: boolean,
): string[] {
	const isWanted = readSwitch('includeInsights', parameter('includeInsights', preset), preset);
	return isWanted ? readWantedMetrics(parameter('metrics', []), ', or switch Include Insights off') : [];
}

/** The default metrics of stories. */
export const STORY_METRICS = ['reach', 'views', 'replies', 'shares', 'navigation', 'total_interactions'] as const;
