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

/** Where the numbers are those of days. */
export const PACIFIC_HINT = `Meta's days run from midnight to midnight in Los Angeles. Their numbers can take up to ${LIMITS.dataDelayHours} hours to be complete.`;

/** The account metrics for which `holds` says yes, as choices by section. */
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
 * Choices under the sections of the Instagram app. n8n has no headings in a list and wants it in alphabetical order, so
 * the section stands before the title; not where all are of one, or where the title begins with it.
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

/** n8n ends a description with a full stop only when it has several sentences. */
export function asDescription(text: string): string {
	return /\. /.test(text) ? text : text.replace(/\.$/, '');
}

type Named = { readonly name: string; readonly displayName?: string };

/** The order n8n wants a list in. A comparison by locale would load collation tables when n8n starts, which takes 5 ms. */
export function byName(one: Named, other: Named): number {
	const [a, b] = [one, other].map(({ name, displayName = name }) => displayName.toLowerCase());
	return a === b ? 0 : String(a) < String(b) ? -1 : 1;
}
