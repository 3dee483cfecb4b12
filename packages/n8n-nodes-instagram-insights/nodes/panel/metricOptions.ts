import {
	ACCOUNT_METRICS,
	type AccountMetric,
	type AccountMetricRow,
	type Host,
	type KnownProductType,
	LIMITS,
	limitInWords,
	MEDIA_METRICS,
	type MediaMetric,
	type MediaMetricRow,
	type MetricSection,
	PRODUCT_TYPES,
} from '@instagram-insights/core/internal';
import type { INodePropertyOptions } from 'n8n-workflow';

/** The hint for numbers of days. */
export const PACIFIC_HINT = `Meta's days run from midnight to midnight in Los Angeles. Their numbers can take up to ${LIMITS.dataDelayHours} hours to be complete.`;

/** The account metrics for which `holds` returns true, as choices by section. */
export function accountMetricOptions(holds: (row: AccountMetricRow) => boolean): INodePropertyOptions[] {
	const names = Object.keys(ACCOUNT_METRICS) as AccountMetric[];
	const choices = names
		.filter((name) => ACCOUNT_METRICS[name].offered && holds(ACCOUNT_METRICS[name]))
		.map((name) => ({ value: name, ...ACCOUNT_METRICS[name], sentences: accountSentences(ACCOUNT_METRICS[name]) }));
	return bySection(choices);
}

function accountSentences({ meaning, estimated, includesAds, limits }: AccountMetricRow): string[] {
	const followers = limitInWords(limits, 'minFollowers', (count) => `${count} followers`);
	return [
		meaning,
		...(includesAds ? ['Ads included.'] : []),
		...(estimated ? ['An estimate.'] : []),
		...(followers === null ? [] : [`Needs ${followers}.`]),
	];
}

/**
 * The media metrics that a host has for at least one of the product types, as choices. The description says so if not all
 * of these types have the metric.
 *
 * @param breakdown offer only metrics with this breakdown
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
	const choices = names
		.filter((name) => holds(MEDIA_METRICS[name]))
		.map((name) => {
			const row = MEDIA_METRICS[name];
			const restriction = onlyFor(row, products);
			return { value: name, ...row, sentences: restriction === null ? [row.meaning] : [row.meaning, restriction] };
		});
	return bySection(choices);
}

function onlyFor(row: MediaMetricRow, products: readonly KnownProductType[]): string | null {
	const without = products.filter((product) => !row.products.includes(product));
	if (without.length === 0) return null;
	const having = products.filter((product) => row.products.includes(product));
	return `${having.map((product) => PRODUCT_TYPES[product].plural).join(' and ')} only.`;
}

type Choice = {
	readonly value: string;
	readonly title: string;
	readonly section: MetricSection;
	readonly sentences: readonly string[];
};

/**
 * Choices by section of the Instagram app. n8n's lists have no headings and are sorted alphabetically, so the name begins
 * with the section, unless there is only one or the title begins with it.
 */
function bySection(choices: readonly Choice[]): INodePropertyOptions[] {
	const several = new Set(choices.map(({ section }) => section)).size > 1;
	return choices
		.map(({ value, title, section, sentences }) => ({
			name: several && !title.startsWith(section) ? `${section}: ${title}` : title,
			value,
			description: asDescription(sentences.join(' ')),
		}))
		.sort(byName);
}

/** In n8n, a description ends with a full stop only if it has several sentences. */
export function asDescription(text: string): string {
	return /\. /.test(text) ? text : text.replace(/\.$/, '');
}

type Named = { readonly name: string; readonly displayName?: string };

/** n8n's order of a list. A comparison by locale would load collation tables when n8n starts, which takes 5 ms. */
export function byName(one: Named, other: Named): number {
	const [a, b] = [one, other].map(({ name, displayName = name }) => displayName.toLowerCase());
	return a === b ? 0 : String(a) < String(b) ? -1 : 1;
}
