import {
	COMPUTED_MEDIA_METRICS,
	COMPUTED_STORY_METRICS,
	type ComputedMetricRow,
	type ComputedMetrics,
	checkComputed,
	formulaInputs,
	type Host,
	mediaMetricRow,
} from '@instagram-insights/core/internal';
import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { authenticationsOf } from '../../graph/authentication';
import { asDescription, byName } from '../../panel/metricOptions';
import { readNames } from '../../panel/metrics';
import { wrongSettings } from '../../panel/wrongSetting';
import type { Item } from '../actions/item';

type Face = {
	readonly show?: NonNullable<IDisplayOptions['show']>;
	readonly hide?: NonNullable<IDisplayOptions['hide']>;
	readonly host?: Host;
	readonly preselected?: readonly string[];
};

/**
 * The parameter `computed`: numbers worked out from Meta's metrics.
 *
 * @param host offer only what can be computed on this host. @default everything
 */
export function computedParameter(
	table: ComputedMetrics,
	{ show = {}, hide, host, preselected = [] }: Face = {},
): INodeProperties {
	return {
		displayName: 'Computed Metrics',
		name: 'computed',
		type: 'multiOptions',
		options: computedOptions(table, host),
		default: [...preselected],
		description:
			'Rates and differences to add. The metrics they need are read in the same request. Rates are fractions: 0.05 is 5%. If an input is missing or the divisor is 0, the value is empty with a reason.',
		displayOptions: { show, ...(hide === undefined ? {} : { hide }) },
	};
}

/** The same for posts and reels, once for each host, because a few inputs need Facebook Login. */
export function mediaComputedParameters(show: NonNullable<IDisplayOptions['show']> = {}): INodeProperties[] {
	return HOSTS.map((host) =>
		computedParameter(COMPUTED_MEDIA_METRICS, { host, show: { ...show, authentication: authenticationsOf(host) } }),
	);
}

/** The same for stories, once for both hosts. */
export function storyComputedParameter(show: NonNullable<IDisplayOptions['show']>): INodeProperties {
	const preselected = ['taps_forward', 'taps_back', 'exits', 'completion_rate', 'exit_rate'];
	const parameter = computedParameter(COMPUTED_STORY_METRICS, { show, preselected });
	const cost =
		'Taps, swipes, exits and their rates take one more call per story (one batch for 50 with Facebook Login).';
	return { ...parameter, description: `${parameter.description} ${cost}` };
}

const HOSTS: readonly Host[] = ['graph.instagram.com', 'graph.facebook.com'];

/** The choices of a list of computed metrics. */
export function computedOptions(table: ComputedMetrics, host: Host | undefined): INodePropertyOptions[] {
	return Object.entries<ComputedMetricRow>(table)
		.filter(([, { formula }]) => host === undefined || formulaInputs(formula).every((input) => holds(input, host)))
		.map(([value, { title, meaning }]) => ({ name: title, value, description: asDescription(meaning) }))
		.sort(byName);
}

function holds(input: string, host: Host): boolean {
	return mediaMetricRow(input)?.hosts.includes(host) ?? true;
}

/**
 * The chosen computed metrics.
 *
 * @throws {InsightsError} `invalid-query`: unknown names, or metrics that the host does not have
 */
export function readComputed(
	item: { readonly host: Host; parameter(name: string, fallback?: unknown): unknown },
	table: ComputedMetrics,
): string[] {
	const names = readNames(item.parameter('computed', []));
	const problems = checkComputed(names, table, item.host);
	if (problems.length > 0) throw wrongSettings(problems);
	return names;
}

export const compareWithMedianParameter: INodeProperties = {
	displayName: 'Compare With Median',
	name: 'compareWithMedian',
	type: 'boolean',
	default: false,
	description:
		'Whether to add each metric as a multiple of the median. The median is taken over all posts, or all reels, of this run; medianOf is their number.',
};

/** Whether the item asks for stories. They share code with posts, but not every text. */
export function isAboutStories(item: Item): boolean {
	return item.parameter('resource', 'media') === 'story';
}

/** The computed metrics of the media that the item asks for. */
export function computedTableOf(item: Item): ComputedMetrics {
	return isAboutStories(item) ? COMPUTED_STORY_METRICS : COMPUTED_MEDIA_METRICS;
}
