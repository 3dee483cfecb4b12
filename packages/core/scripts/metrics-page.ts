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

What can be asked, what it means, and where it works. Every line comes from the tables the software itself uses.

* **People** are counted once each, however often they came. Numbers of people must not be added up: not over days, not over
  posts, not over groups.
* **Times** are events and may be added up.
* **Days** are Meta's days, which run from midnight to midnight in Los Angeles.
* **No number is not 0.** When Instagram gives no number, the result is empty and says why.`;
}

function accountSection(): string {
	const rows = Object.entries<AccountMetricRow>(ACCOUNT_METRICS).map(([name, row]) => [
		`${row.title}<br>${code(name)}`,
		row.meaning,
		UNITS[row.unit],
		`${waysToAsk(row)}; period ${row.periods.map((period) => periodOf(row, period)).join(', ')}`,
		logins(row.hosts),
		row.breakdowns.length === 0 ? 'no' : `${codes(row.breakdowns)}${row.requiresBreakdown ? ' (one is needed)' : ''}`,
		accountRemarks(row),
		row.sources.join(' '),
	]);
	const heads = [
		'Metric',
		'What it counts',
		'Counted in',
		'Comes as',
		'Login',
		'Can be split by',
		'Good to know',
		'Sources',
	];
	return `## Account metrics\n\n${markdownTable(heads, rows)}`;
}

function computedSection(): string {
	const heads = ['Metric', 'Worked out as', 'Unit', 'From', 'Empty besides when an input is missing', 'Defined so by'];
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

Numbers that Meta does not give, worked out from those it gives. Shares are fractions of 1 and not rounded. Never from a missing input, never
by 0, never from people added up.

### Of a post or reel

${markdownTable(heads, rowsOf(COMPUTED_MEDIA_METRICS))}

\`<metric>_vs_median\` says how many times the median of the same kind (posts, reels) in what was read a number is; \`medianOf\` says how many
numbers stand behind the median.

### Of a story

${markdownTable(heads, rowsOf(COMPUTED_STORY_METRICS))}

### Of an account and a range of days

${markdownTable(heads, rowsOf(COMPUTED_ACCOUNT_METRICS))}

Inputs that are not metrics of their own:

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
	if (row.valueShape === 'hour_map') return 'one number an hour';
	if (row.valueShape === 'time_series') return 'one number a day';
	if (row.valueShape === 'breakdowns_only') return 'one number a group';
	return row.metricTypes.includes('time_series')
		? 'a total, or one number a day in one request'
		: 'a total; day by day with one request a day';
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
		row.status === 'live_undocumented' && 'On no page of Meta’s, but answered.',
		row.confidence === 'low' && 'Not certain.',
		row.note,
	]);
}

function needs(what: string | null): string | null {
	return what === null ? null : `Needs ${what}.`;
}

function reaches(days: string | null, withoutToday: boolean): string | null {
	return days === null ? null : `Goes back ${days}${withoutToday ? ', without today' : ''}.`;
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
		row.breakdowns.length === 0 ? 'no' : codes(row.breakdowns),
		mediaRemarks(row),
		row.sources.join(' '),
	]);
	const heads = [
		'Metric',
		'What it counts',
		'Counted in',
		...products.map((product) => PRODUCT_TYPES[product].plural),
		'Login',
		'Can be split by',
		'Good to know',
		'Sources',
	];
	return `## Metrics of posts, reels and stories

Numbers over the whole life of a post. Stories answer for 24 hours only. Photos inside an album have no numbers of their own,
and for ads no metric is known to work.

${markdownTable(heads, rows)}`;
}

function mediaRemarks(row: MediaMetricRow): string {
	return sentences([
		row.poison && 'Asked for in a request of its own, because it can make others fail.',
		row.estimated && 'An estimate.',
		row.includesAds && 'Ads included.',
		row.introducedOn && `Since ${row.introducedOn}.`,
		row.confidence === 'low' && 'Not certain.',
		row.hostsConfidence === 'low' && 'Not certain to work with Instagram Login.',
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
	const heads = ['Metric', 'Of', 'What it counted', 'Gone since', 'Use instead', 'How'];
	return `## Metrics that are gone

Older guides and workflows name them. They are gone from every version of the API, so they are refused before any request is made.

${markdownTable(heads, rows)}`;
}

function outOfScopeSection(): string {
	const rows = Object.entries(OUT_OF_SCOPE_METRICS).map(([name, row]) => [code(name), row.reason]);
	return `## Left out on purpose\n\n${markdownTable(['Name', 'Why'], rows)}`;
}

function breakdownsSection(): string {
	const rows = Object.entries<BreakdownRow>(BREAKDOWNS).map(([name, row]) => [
		`${row.title}<br>${code(name)}`,
		row.meaning,
		row.levels.map((level) => (level === 'media' ? 'posts' : level)).join(', '),
		row.values.length === 0 ? 'open list' : codes(row.values),
		(row.limits && limitInWords(row.limits, 'daysBack', (days) => `${days} days`)) ?? 'as the metric',
	]);
	return `## Ways to split a number

A group with nothing in it is left out by Instagram. Groups need not add up to the total.

${markdownTable(['Split', 'What it tells apart', 'For', 'Groups', 'Goes back'], rows)}`;
}

function timeframesSection(): string {
	const rows = Object.entries(TIMEFRAMES).map(([name, row]) => [
		code(name),
		row.title,
		row.days === null ? 'a calendar month' : String(row.days),
		row.current ? 'works' : 'ended for reached and engaged audiences on 2024-08-19, not proven for followers',
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
	return `## Sources\n\nWhere two disagree, a measurement counts more than a page.\n\n${markdownTable(['Id', 'Source', 'Kind', 'Of'], rows)}`;
}

function sentences(parts: readonly (string | false | null | undefined)[]): string {
	return parts.filter((part) => typeof part === 'string' && part !== '').join(' ');
}
