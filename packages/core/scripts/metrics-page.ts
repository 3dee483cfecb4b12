import { ACCOUNT_METRICS } from '../src/catalog/account-metric.ts';
import { BREAKDOWNS, type BreakdownRow } from '../src/catalog/breakdown.ts';
import {
	ACCOUNT_INPUTS,
	COMPUTED_ACCOUNT_METRICS,
	COMPUTED_MEDIA_METRICS,
	COMPUTED_STORY_METRICS,
	type ComputedMetricRow,
	type ComputedMetrics,
	formulaInputs,
} from '../src/catalog/computed-metric.ts';
import { HOSTS, type Host } from '../src/catalog/host.ts';
import { limitInWords } from '../src/catalog/limit.ts';
import { MEDIA_METRICS } from '../src/catalog/media-metric.ts';
import type { AccountMetricRow, MediaMetricRow, MetricUnit } from '../src/catalog/metric-row.ts';
import { type Period, TIMEFRAMES } from '../src/catalog/metric-row.ts';
import { type KnownProductType, PRODUCT_TYPES } from '../src/catalog/product-type.ts';
import { OUT_OF_SCOPE_METRICS, RETIRED_METRICS, type RetiredLevel } from '../src/catalog/retired-metric.ts';
import { SOURCES } from '../src/catalog/source.ts';
import { errorsSection, hostsSection, limitsSection, markdownTable, versionsSection } from './platform-sections.ts';

/** The whole of `docs/metrics.md`, from the tables of `src/catalog` alone. */
export function metricsPage(): string {
	const sections = [
		intro(),
		accountSection(),
		mediaSection(),
		computedSection(),
		retiredSection(),
		outOfScopeSection(),
		breakdownsSection(),
		timeframesSection(),
		hostsSection(),
		limitsSection(),
		errorsSection(),
		versionsSection(),
		sourcesSection(),
	];
	return `${sections.join('\n\n')}\n`;
}

const UNITS: Record<MetricUnit, string> = {
	count: 'times',
	people: 'people',
	milliseconds: 'milliseconds',
	percent: 'percent',
};

const code = (name: string) => `\`${name}\``;
const codes = (names: readonly string[]) => names.map(code).join(', ');

/** The logins a metric works with. */
function logins(hosts: readonly Host[]): string {
	if (hosts.length === Object.keys(HOSTS).length) return 'both';
	return `${hosts.map((host) => HOSTS[host].shortTitle).join(', ')} only`;
}

function intro(): string {
	return `# Instagram metrics

<!-- Generated from packages/core/src/catalog. Do not edit: npm run tool -- node packages/core/scripts/generate-metrics-doc.ts -->

The metrics, what they mean, and where they work. The software uses the same tables.

* **People** are unique: each person counts once. Never add up numbers of people, neither over days nor over posts or
  buckets.
* **Times** are events. You can add them up.
* **Days** are Meta's days, which run from midnight to midnight in Los Angeles.
* **A missing number is not 0.** If Instagram gives no number, the result is empty and says why.`;
}

function accountSection(): string {
	const rows = Object.entries<AccountMetricRow>(ACCOUNT_METRICS).map(([name, row]) => [
		`${row.title}<br>${code(name)}`,
		row.meaning,
		UNITS[row.unit],
		`${waysToAsk(row)}; period ${row.periods.map((period) => periodOf(row, period)).join(', ')}`,
		logins(row.hosts),
		row.breakdowns.length === 0 ? '–' : `${codes(row.breakdowns)}${row.requiresBreakdown ? ' (one is required)' : ''}`,
		accountRemarks(row),
		row.sources.join(' '),
	]);
	const heads = [
		'Metric',
		'What it counts',
		'Counted in',
		'Comes as',
		'Login',
		'Breakdowns',
		'Good to know',
		'Sources',
	];
	return `## Account metrics\n\n${markdownTable(heads, rows)}`;
}

function computedSection(): string {
	const heads = ['Metric', 'Formula', 'Unit', 'Inputs', 'Also empty when', 'Definition'];
	const rowsOf = (table: ComputedMetrics) =>
		Object.entries(table).map(([name, row]) => [
			`${row.title}<br>${code(name)}`,
			row.meaning,
			COMPUTED_UNITS[row.unit],
			codes(formulaInputs(row.formula)),
			row.absentWhen ?? '',
			row.definition === null ? '' : `${row.definition.url} (${row.definition.readOn})`,
		]);
	const inputs = Object.entries(ACCOUNT_INPUTS).map(([name, source]) => [code(name), source]);
	return `## Computed metrics

Numbers computed from those Meta gives. Shares are fractions of 1, not rounded. A computed metric is empty if an input is missing or a
divisor is 0. People are never added up.

### Of a post or reel

${markdownTable(heads, rowsOf(COMPUTED_MEDIA_METRICS))}

\`<metric>_vs_median\` is the number divided by the median of the same kind (posts, reels) among the posts that were read; \`medianOf\` says how
many numbers the median is based on.

### Of a story

${markdownTable(heads, rowsOf(COMPUTED_STORY_METRICS))}

### Of an account and a range of days

${markdownTable(heads, rowsOf(COMPUTED_ACCOUNT_METRICS))}

Inputs that are not metrics:

${markdownTable(['Input', 'Comes from'], inputs)}`;
}

const COMPUTED_UNITS: Record<ComputedMetricRow['unit'], string> = {
	share: 'fraction of 1',
	times: 'how many times',
	count: 'a count',
	people: 'people',
};

function periodOf({ periodHosts }: AccountMetricRow, period: Period): string {
	const hosts = periodHosts[period];
	const where = hosts === undefined ? '' : ` (${logins(hosts)})`;
	return `${code(period)}${where}`;
}

function waysToAsk(row: AccountMetricRow): string {
	if (row.valueShape === 'hour_map') return 'one number per hour';
	if (row.valueShape === 'time_series') return 'one number per day';
	if (row.valueShape === 'breakdowns_only') return 'one number per bucket';
	return row.metricTypes.includes('time_series')
		? 'a total, or one number per day in one request'
		: 'a total; day by day with one request per day';
}

function accountRemarks(row: AccountMetricRow): string {
	return sentences([
		needs(limitInWords(row.limits, 'minFollowers', (count) => `${count} followers`)),
		needs(limitInWords(row.limits, 'minEngagements', (count) => `${count} engagements`)),
		reaches(
			limitInWords(row.limits, 'daysBack', (days) => `${days} days`),
			row.excludesToday,
		),
		row.valueShape === 'hour_map' && `The hours are ${row.hourZone ?? 'in a time zone that Meta does not name'}.`,
		row.timeframes.length > 0 && `Looks back over ${codes(row.timeframes)}, whatever the dates.`,
		row.breakdownRowsMax !== null && `At most ${row.breakdownRowsMax} groups.`,
		...Object.entries(row.bucketMeanings).map(([bucket, meaning]) => `${code(bucket)}: ${meaning}`),
		row.estimated && 'An estimate.',
		row.includesAds && 'Ads included.',
		row.introducedOn && `Since ${row.introducedOn}.`,
		row.status === 'live_undocumented' && 'Undocumented, but it works.',
		row.confidence === 'low' && 'Unconfirmed.',
		row.note,
	]);
}

function needs(what: string | null): string | null {
	return what === null ? null : `Needs ${what}.`;
}

function reaches(days: string | null, withoutToday: boolean): string | null {
	return days === null ? null : `Goes back ${days}${withoutToday ? ', excluding today' : ''}.`;
}

function mediaSection(): string {
	const products = (Object.keys(PRODUCT_TYPES) as KnownProductType[]).filter(
		(name) => PRODUCT_TYPES[name].insights === 'metrics',
	);
	const rows = Object.entries<MediaMetricRow>(MEDIA_METRICS).map(([name, row]) => [
		`${row.title}<br>${code(name)}`,
		row.meaning,
		UNITS[row.unit],
		...products.map((product) => (row.products.includes(product) ? 'yes' : '–')),
		logins(row.hosts),
		row.breakdowns.length === 0 ? '–' : codes(row.breakdowns),
		mediaRemarks(row),
		row.sources.join(' '),
	]);
	const heads = [
		'Metric',
		'What it counts',
		'Counted in',
		...products.map((product) => PRODUCT_TYPES[product].plural),
		'Login',
		'Breakdowns',
		'Good to know',
		'Sources',
	];
	return `## Metrics of posts, reels and stories

Numbers since the post was published. Stories have numbers for 24 hours only. Photos inside an album have no numbers of their own,
and no metric is known to work for ads.

${markdownTable(heads, rows)}`;
}

function mediaRemarks(row: MediaMetricRow): string {
	return sentences([
		row.poison && 'Read in its own request, because it can make others fail.',
		row.estimated && 'An estimate.',
		row.includesAds && 'Ads included.',
		row.introducedOn && `Since ${row.introducedOn}.`,
		row.confidence === 'low' && 'Unconfirmed.',
		row.hostsConfidence === 'low' && 'Unconfirmed with Instagram Login.',
		row.note,
	]);
}

function retiredSection(): string {
	const levels: readonly [RetiredLevel, string][] = [
		['account', 'account'],
		['media', 'posts'],
	];
	const rows = levels.flatMap(([level, where]) =>
		Object.entries(RETIRED_METRICS[level]).map(([name, row]) => [
			`${row.title}<br>${code(name)}`,
			where,
			row.meaning,
			row.removedOn,
			code(row.replacement),
			sentences([row.advice, row.onlyMediaBefore && `Posts from before ${row.onlyMediaBefore} still have it.`]),
		]),
	);
	const heads = ['Metric', 'Of', 'What it counted', 'Removed on', 'Use instead', 'How'];
	return `## Removed metrics

Older guides and workflows still use them. Meta removed them from every version of the API; a question with one is refused before any request.

${markdownTable(heads, rows)}`;
}

function outOfScopeSection(): string {
	const rows = Object.entries(OUT_OF_SCOPE_METRICS).map(([name, row]) => [code(name), row.reason]);
	return `## Not supported\n\n${markdownTable(['Name', 'Why'], rows)}`;
}

function breakdownsSection(): string {
	const rows = Object.entries<BreakdownRow>(BREAKDOWNS).map(([name, row]) => [
		`${row.title}<br>${code(name)}`,
		row.meaning,
		row.levels.map((level) => (level === 'media' ? 'posts' : level)).join(', '),
		row.values.length === 0 ? 'open list' : codes(row.values),
		(row.limits && limitInWords(row.limits, 'daysBack', (days) => `${days} days`)) ?? 'as the metric',
	]);
	return `## Breakdowns

A group with nothing in it is left out by Instagram. Groups need not add up to the total.

${markdownTable(['Breakdown', 'What it shows', 'For', 'Buckets', 'Goes back'], rows)}`;
}

function timeframesSection(): string {
	const rows = Object.entries(TIMEFRAMES).map(([name, row]) => [
		code(name),
		row.title,
		row.days === null ? 'a calendar month' : String(row.days),
		row.current ? 'works' : 'ended for reached and engaged audiences on 2024-08-19, unconfirmed for followers',
	]);
	return `## Timeframes of audiences\n\n${markdownTable(['Name', 'Title', 'Days', 'Today'], rows)}`;
}

function sourcesSection(): string {
	const rows = Object.entries(SOURCES).map(([id, row]) => [
		id,
		row.url === undefined ? row.title : `[${row.title}](${row.url})`,
		row.kind.replaceAll('-', ' '),
		row.readOn,
	]);
	return `## Sources\n\nIf two sources disagree, a measurement counts more than a page.\n\n${markdownTable(['ID', 'Source', 'Kind', 'Date'], rows)}`;
}

function sentences(parts: readonly (string | false | null | undefined)[]): string {
	return parts.filter((part) => typeof part === 'string' && part !== '').join(' ');
}
