import {
	ACCOUNT_METRICS,
	type AccountMetricRow,
	BREAKDOWNS,
	type Breakdown,
	type KnownProductType,
	MEDIA_METRICS,
	type MediaMetricRow,
} from '@instagram-insights/core/internal';
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { byName, mediaMetricOptions } from '../../panel/metricOptions';
import { byHost, type MetricsFace, mediaMetricsFaces, preselecting } from '../../panel/metrics';
import { wrongSetting } from '../../panel/wrongSetting';

/** The choice without a breakdown. */
export const NO_BREAKDOWN = 'none';

/** Every breakdown, and every pair, of the account metrics for which `holds` returns true. */
export function accountBreakdowns(holds: (row: AccountMetricRow) => boolean): string[] {
	const rows = Object.values<AccountMetricRow>(ACCOUNT_METRICS).filter((row) => row.offered && holds(row));
	return [...new Set(rows.flatMap((row) => [...row.breakdowns, ...row.breakdownPairs.map((pair) => pair.join())]))];
}

/** Every breakdown of the metrics of these kinds of media. */
export function mediaBreakdowns(products: readonly KnownProductType[]): string[] {
	const rows = Object.values<MediaMetricRow>(MEDIA_METRICS).filter((row) =>
		row.products.some((product) => products.includes(product)),
	);
	return [...new Set(rows.flatMap(({ breakdowns }) => breakdowns))];
}

/**
 * The parameter `breakdown`. A pair such as 'age,gender' combines two.
 *
 * @param optional adds "None"
 */
export function breakdownParameter(
	choices: readonly string[],
	{ optional, preselected, description }: { optional: boolean; preselected: string; description: string },
): INodeProperties {
	const none: INodePropertyOptions = { name: 'None', value: NO_BREAKDOWN, description: 'One number for each metric' };
	const options = [...(optional ? [none] : []), ...choices.map(choice)];
	return {
		displayName: 'Breakdown',
		name: 'breakdown',
		type: 'options',
		options: options.sort(byName),
		default: preselected,
		description,
	};
}

function choice(value: string): INodePropertyOptions {
	const rows = value.split(',').map((name) => BREAKDOWNS[name as Breakdown]);
	const name = rows.map(({ title }) => title).join(' and ');
	const [only] = rows;
	return rows.length === 1 && only !== undefined
		? { name, value, description: only.meaning.replace(/\.$/, '') }
		: { name, value, description: 'Returns one row for each combination' };
}

/**
 * The breakdown to ask core for; undefined for none.
 *
 * @param choices the breakdowns that the panel offers; it has no list of metrics for any other
 * @throws {InsightsError} `invalid-query`: a breakdown that the operation does not offer
 */
export function readBreakdown(value: unknown, choices?: readonly string[]): string | string[] | undefined {
	if (value === undefined || value === null || value === '' || value === NO_BREAKDOWN) return undefined;
	const found = Array.isArray(value) ? value.map(String) : String(value);
	const foreign = [found].flat().find((name) => choices?.includes(name.replace(/\s/g, '')) === false);
	if (foreign === undefined) return found;
	const list = [NO_BREAKDOWN, ...(choices ?? [])].join(', ');
	const way = AUDIENCE.includes(foreign) ? ' Account: Get Audience breaks followers down by it.' : '';
	throw wrongSetting('breakdown', foreign, `"${foreign}" is not a breakdown here. Choose one of ${list}.${way}`);
}

const AUDIENCE = accountBreakdowns(({ periods }) => periods.includes('lifetime'));

/** The Metrics lists for some kinds of media: one without a breakdown, and one for each breakdown. */
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
