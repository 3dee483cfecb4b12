import { describe, expect, test } from 'vitest';
import { ACCOUNT_METRICS } from '../../src/catalog/account-metric.ts';
import type { AccountMetricRow } from '../../src/catalog/account-metric-row.ts';
import { MEDIA_METRICS } from '../../src/catalog/media-metric.ts';
import type { MediaMetricRow } from '../../src/catalog/media-metric-row.ts';
import { mediaMetricSet } from '../../src/catalog/media-metric-set.ts';
import { OUT_OF_SCOPE_METRICS } from '../../src/catalog/out-of-scope-metric.ts';
import { ACCOUNT_REQUEST_GROUPS } from '../../src/catalog/request-group.ts';
import { RETIRED_METRICS, type RetiredMetricRow } from '../../src/catalog/retired-metric.ts';
import { SOURCES } from '../../src/catalog/source.ts';
import reference from '../fixtures/catalog.json' with { type: 'json' };
import { newestReading } from './newest-reading.ts';

/**
 * Each of our rows is written the way the reference writes it and must equal the reference's row, member by member,
 * for exactly the same names. The rules of the translation:
 *
 * - what is null, empty or false by default with us is left out by the reference, and the other way round;
 * - `count` of the reference is `people` with us where the thing counted is accounts: aggregation `unique` or
 *   `snapshot` of an account metric, and `reach` of a media;
 * - notes are in our own words: a note of the reference needs one of ours, nothing more is compared;
 * - what a retired or foreign metric once could do is not kept; the reference fills those members alike everywhere.
 */
type Json = Record<string, unknown>;

/**
 * Pairs that the reference gives in its text and not in its rows: that of views was measured (S09), and the other two
 * audiences take the breakdowns of the followers' (its table of account metrics says "same" and "as demographics").
 */
const PAIRS_OUTSIDE_THE_ROWS = ['views', 'engaged_audience_demographics', 'reached_audience_demographics'];

const BOTH_HOSTS = ['graph.instagram.com', 'graph.facebook.com'];

/** Members that our row has only when they say something. */
function said(members: Json): Json {
	const empty = (value: unknown) =>
		value === null || value === false || (typeof value === 'object' && Object.keys(value).length === 0);
	return Object.fromEntries(Object.entries(members).filter(([, value]) => !empty(value)));
}

function writeAccountMetric(name: string, row: AccountMetricRow): Json {
	const people = row.aggregation === 'unique' || row.aggregation === 'snapshot';
	expect(row.unit, name).toBe(people ? 'people' : 'count');
	return {
		name,
		status: row.status,
		periods: row.periods,
		metricTypes: row.metricTypes,
		breakdowns: row.breakdowns,
		requiresBreakdown: row.requiresBreakdown,
		timeframes: row.timeframes,
		sinceUntil: row.sinceUntil,
		minFollowers: row.minFollowers,
		hosts: row.hosts,
		valueShape: row.valueShape,
		unit: 'count',
		aggregation: row.aggregation,
		confidence: row.confidence,
		sources: row.sources,
		...said({
			timeframesLegacy: row.legacyTimeframes,
			maxBreakdownRows: row.breakdownRowsMax,
			minEngagements: row.minEngagements,
			maxLookbackDays: row.maxLookbackDays,
			excludesToday: row.excludesToday,
			estimated: row.estimated,
			includesAds: row.includesAds,
			introduced: row.introduced,
			deprecated: row.deprecated,
			breakdownMeaning: Object.keys(row.bucketMeanings),
			extra: said({
				timeframeOptional: row.timeframeOptional,
				multiBreakdown: PAIRS_OUTSIDE_THE_ROWS.includes(name) ? [] : row.breakdownPairs.map((pair) => pair.join(',')),
			}),
		}),
	};
}

/** A retired or foreign account metric, with the members the reference fills alike. */
function fillAccountMetric(
	name: string,
	row: { periods: readonly string[]; confidence: string; sources: readonly string[] },
): Json {
	return {
		name,
		periods: row.periods,
		breakdowns: [],
		requiresBreakdown: false,
		timeframes: [],
		sinceUntil: 'optional',
		minFollowers: null,
		hosts: BOTH_HOSTS,
		valueShape: 'total_value',
		unit: 'count',
		aggregation: 'sum',
		confidence: row.confidence,
		sources: row.sources,
	};
}

function writeRetiredAccountMetric(name: string, row: RetiredMetricRow): Json {
	const deprecated = { version: row.version, date: row.removedOn, scope: 'all versions' };
	return {
		...fillAccountMetric(name, row),
		status: 'removed',
		metricTypes: [],
		deprecated,
		replacement: row.replacement,
	};
}

function writeMediaMetric(name: string, row: MediaMetricRow): Json {
	const unit = name === 'reach' ? 'people' : row.unit;
	expect(row.unit, name).toBe(unit);
	return {
		name,
		status: row.status,
		products: row.products,
		periods: row.periods,
		hosts: row.hosts,
		breakdowns: row.breakdowns,
		unit: unit === 'people' ? 'count' : unit,
		poison: row.poison,
		confidence: row.confidence,
		sources: row.sources,
		...said({
			hostsConfidence: row.hostsConfidence,
			estimated: row.estimated,
			includesAds: row.includesAds,
			introduced: row.introduced,
		}),
	};
}

/** What still answers for old media is `deprecated` and poison in the reference, everything else `removed`. */
function writeRetiredMediaMetric(name: string, row: RetiredMetricRow): Json {
	const old = row.onlyMediaBefore !== null;
	return {
		name,
		status: old ? 'deprecated' : 'removed',
		products: row.products,
		periods: row.periods,
		hosts: BOTH_HOSTS,
		breakdowns: [],
		unit: 'count',
		poison: old,
		confidence: row.confidence,
		sources: row.sources,
		deprecated: { version: row.version, date: row.removedOn },
		replacement: row.replacement,
	};
}

const byName = (rows: Json[]) => Object.fromEntries(rows.map((row) => [String(row.name), row]));
/** The reference's rows without notes; meanings of buckets by their names. */
const referenceRows = (rows: readonly Json[]) =>
	byName(
		rows.map(({ notes: _notes, ...row }) =>
			'breakdownMeaning' in row ? { ...row, breakdownMeaning: Object.keys(row.breakdownMeaning as Json) } : row,
		),
	);

describe('ACCOUNT_METRICS with RETIRED_METRICS and OUT_OF_SCOPE_METRICS', () => {
	const ours = byName([
		...Object.entries(ACCOUNT_METRICS).map(([name, row]) => writeAccountMetric(name, row)),
		...Object.entries(RETIRED_METRICS.account).map(([name, row]) => writeRetiredAccountMetric(name, row)),
		...Object.entries(OUT_OF_SCOPE_METRICS).map(([name, row]) => ({
			...fillAccountMetric(name, { ...row, periods: ['day'] }),
			status: 'out_of_scope',
			metricTypes: ['total_value'],
		})),
	]);

	test('have the names of the reference and no others', () => {
		expect(Object.keys(ours).sort()).toEqual(reference.accountMetrics.map(({ name }) => name).sort());
		expect(reference.accountMetrics).toHaveLength(37);
	});

	test.each(Object.entries(referenceRows(reference.accountMetrics)))(
		'say of %s what the reference says',
		(name, row) => {
			expect(ours[name]).toEqual(row);
		},
	);

	test('have a note or advice wherever the reference has a note', () => {
		for (const row of reference.accountMetrics) {
			if (!('notes' in row) || row.status === 'out_of_scope') continue;
			const noted = ACCOUNT_METRICS[row.name as keyof typeof ACCOUNT_METRICS]?.note;
			expect(noted, row.name).toEqual(expect.any(String));
		}
	});
});

describe('MEDIA_METRICS with RETIRED_METRICS', () => {
	const ours = byName([
		...Object.entries(MEDIA_METRICS).map(([name, row]) => writeMediaMetric(name, row)),
		...Object.entries(RETIRED_METRICS.media).map(([name, row]) => writeRetiredMediaMetric(name, row)),
	]);

	test('have the names of the reference and no others', () => {
		expect(Object.keys(ours).sort()).toEqual(reference.mediaMetrics.map(({ name }) => name).sort());
		expect(reference.mediaMetrics).toHaveLength(36);
	});

	test.each(Object.entries(referenceRows(reference.mediaMetrics)))('say of %s what the reference says', (name, row) => {
		expect(ours[name]).toEqual(row);
	});

	test('have a note wherever the reference has one about a living metric', () => {
		for (const row of reference.mediaMetrics) {
			if (!('notes' in row) || row.status !== 'documented') continue;
			expect(MEDIA_METRICS[row.name as keyof typeof MEDIA_METRICS]?.note, row.name).toEqual(expect.any(String));
		}
	});
});

describe('mediaMetricSet', () => {
	const { note: _note, anyHost, facebookHost, AD, carouselChild, ...rest } = reference.mediaMetricSets;

	test.each(['FEED', 'REELS', 'STORY'] as const)('names for %s the set of the reference on each host', (product) => {
		expect(mediaMetricSet('graph.instagram.com', product).sort()).toEqual([...anyHost[product]].sort());
		expect(mediaMetricSet('graph.facebook.com', product).sort()).toEqual([...facebookHost[product]].sort());
	});

	test('names nothing for ads, and the reference knows no further set', () => {
		expect(mediaMetricSet('graph.facebook.com', 'AD')).toEqual(AD);
		expect(carouselChild).toEqual([]);
		expect(rest).toEqual({});
	});
});

describe('ACCOUNT_REQUEST_GROUPS', () => {
	test('are the groups of the reference, with "default" for no metric_type', () => {
		const ours = ACCOUNT_REQUEST_GROUPS.map(({ metricType, breakdowns, timeframe, ...group }) => ({
			...group,
			metricType: metricType === 'default' ? null : metricType,
			breakdown: breakdowns.length > 1 ? `one of ${breakdowns.join('|')}` : (breakdowns[0] ?? null),
			...(timeframe === null ? {} : { timeframe }),
		}));
		expect(ours).toEqual(reference.accountRequestGroups);
	});
});

describe('SOURCES', () => {
	test('have the ids, kinds and addresses of the reference, titles in our own words', () => {
		const plain = (sources: Record<string, { kind: string; url?: string }>) =>
			Object.fromEntries(Object.entries(sources).map(([id, { kind, url }]) => [id, { kind, url }]));
		const { S44, S45, S46, ...known } = SOURCES;
		expect(plain(known)).toEqual(plain(reference.sources));
		// Found later, for errors that the reference does not have.
		for (const { kind, url } of [S44, S45, S46]) expect([kind, url]).toEqual(['issue', expect.any(String)]);
	});

	test('are dated with the last day their title gives in the reference, if it gives a whole date of reading', () => {
		for (const id of ['S01', 'S02', 'S06', 'S07', 'S08', 'S14', 'S31', 'S43'] as const) {
			const title = reference.sources[id].title;
			expect(title, id).toContain(id === 'S31' ? 'copy 2026-09-11' : SOURCES[id].readOn);
		}
	});
});

describe('readOn', () => {
	const rows = [
		...Object.entries(ACCOUNT_METRICS),
		...Object.entries(MEDIA_METRICS),
		...Object.entries(RETIRED_METRICS.account),
		...Object.entries(RETIRED_METRICS.media),
		...Object.entries(OUT_OF_SCOPE_METRICS),
	];

	test.each(rows)('of %s is the newest reading among its sources', (_name, { sources, readOn }) => {
		expect(readOn).toBe(newestReading(sources));
	});
});
