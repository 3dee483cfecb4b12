import { describe, expect, test } from 'vitest';
import { ACCOUNT_METRICS } from '../../src/catalog/account-metric.ts';
import { BREAKDOWNS, breakdownsOf } from '../../src/catalog/breakdown.ts';
import { DEFAULT_GRAPH_VERSION, GRAPH_VERSIONS, VERSION_BEHAVIOUR } from '../../src/catalog/graph-version.ts';
import { HOSTS } from '../../src/catalog/host.ts';
import { LIMITS } from '../../src/catalog/limit.ts';
import { MEDIA_METRICS } from '../../src/catalog/media-metric.ts';
import { METRIC_TYPES, PERIODS, TIMEFRAMES } from '../../src/catalog/period.ts';
import { INSIGHTS_TIME_ZONE } from '../../src/query/pacific-day.ts';
import reference from '../fixtures/catalog.json' with { type: 'json' };

const sorted = (values: Iterable<string>) => [...values].sort();

describe('the reference', () => {
	test('has no part that is not compared here or beside', () => {
		const beside = [
			'accountMetrics',
			'accountRequestGroups',
			'errors',
			'hosts',
			'mediaMetricSets',
			'mediaMetrics',
			'sources',
		];
		const here = ['dimensions', 'enums', 'graphVersions', 'limits', 'recommended', 'versionBehaviour'];
		// Who compiled it when, and the webhook contract, which src/webhook keeps.
		const others = ['disclaimer', 'generatedAt', 'schemaVersion', 'webhooks'];
		expect(sorted(Object.keys(reference))).toEqual(sorted([...beside, ...here, ...others]));
	});
});

describe('recommendations', () => {
	test('of the reference are our defaults', () => {
		const periods = new Set(
			[...Object.values(ACCOUNT_METRICS), ...Object.values(MEDIA_METRICS)].flatMap((row) => row.periods),
		);
		expect({
			apiVersion: DEFAULT_GRAPH_VERSION,
			periods: sorted(periods),
			dayBoundaryTimeZone: INSIGHTS_TIME_ZONE,
			maxWindowDaysByHost: {
				'graph.facebook.com': HOSTS['graph.facebook.com'].maxWindowDays,
				'graph.instagram.com': HOSTS['graph.instagram.com'].maxWindowDays,
			},
			safeMaxWindowDays: LIMITS.safeWindowDays,
			maxLookbackDays: LIMITS.lookbackDays.safe,
			breakdownLookbackDays: LIMITS.followTypeLookbackDays.safe,
			// Every row names its metric types; the answer of insights has no paging to follow (graph/insights-answer.ts).
			defaultMetricTypeExplicit: Object.values(ACCOUNT_METRICS).every((row) => row.metricTypes.length > 0),
			followPagingLinks: false,
		}).toEqual(reference.recommended);
	});
});

describe('GRAPH_VERSIONS', () => {
	test('are those of the reference, newest first; a note where it has one', () => {
		const ours = GRAPH_VERSIONS.map(({ note, expired, ...row }) => ({
			...row,
			...(expired ? { expired } : {}),
			noted: note !== null,
		}));
		const theirs = reference.graphVersions.map((row) => {
			const { note, ...rest } = { note: undefined, ...row };
			return { ...rest, noted: note !== undefined };
		});
		expect(ours).toEqual(theirs);
	});

	test('behave as the reference says', () => {
		const { legacyFeaturesRemoved, metadataParam, expiredOrUnknownServedAs, ...rest } = reference.versionBehaviour;
		const { legacyFeaturesRemoved: ours } = VERSION_BEHAVIOUR;
		expect(rest).toEqual({
			servedVersionHeader: VERSION_BEHAVIOUR.servedVersionHeader,
			oldestUsable: VERSION_BEHAVIOUR.oldestUsable,
			sources: VERSION_BEHAVIOUR.sources,
		});
		expect(expiredOrUnknownServedAs).toMatch(/^oldest usable version/);
		expect(metadataParam).toContain(VERSION_BEHAVIOUR.metadataEndedOn);
		const { features, ...dated } = legacyFeaturesRemoved;
		expect(dated).toEqual({
			fromVersion: ours.fromVersion,
			allVersionsFrom: ours.allVersionsFrom,
			sources: ours.sources,
		});
		expect(features).toHaveLength(ours.features.length);
		for (const [index, feature] of ours.features.entries()) expect(features[index]?.toLowerCase()).toContain(feature);
	});

	test('hold the default version, unexpired', () => {
		expect(GRAPH_VERSIONS.find(({ version }) => version === DEFAULT_GRAPH_VERSION)).toMatchObject({ expired: false });
	});
});

describe('BREAKDOWNS', () => {
	test('have the buckets of the reference, in any order', () => {
		const { notes: _notes, ...dimensions } = reference.dimensions;
		const ours = Object.entries(BREAKDOWNS).filter(([, row]) => row.values.length > 0);
		const buckets = (entries: [string, readonly string[]][]) =>
			Object.fromEntries(entries.map(([name, values]) => [name, sorted(values)]));
		expect(buckets(ours.map(([name, row]) => [name, row.values]))).toEqual(buckets(Object.entries(dimensions)));
	});

	test('are the values of the breakdown parameter at each level', () => {
		expect(breakdownsOf('account')).toEqual(reference.enums.accountBreakdownParam);
		expect(breakdownsOf('media')).toEqual(reference.enums.mediaBreakdownParam);
	});
});

describe('PERIODS, METRIC_TYPES and TIMEFRAMES', () => {
	test('are the enumerations of the reference', () => {
		const { accountBreakdownParam: _account, mediaBreakdownParam: _media, source, ...enums } = reference.enums;
		expect({ period: PERIODS, metricType: METRIC_TYPES, timeframe: sorted(Object.keys(TIMEFRAMES)) }).toEqual({
			...enums,
			timeframe: sorted(enums.timeframe),
		});
		expect(source).toBe('S04');
	});
});

describe('LIMITS', () => {
	test('are those of the reference', () => {
		const { window, lookbackDays, followTypeBreakdownLookbackDays, rateLimit, ...rest } = reference.limits;
		const flat = ({ max, ...proof }: { max: number | null }) => ({ maxSeconds: max, ...proof });
		expect(window).toEqual({
			'graph.facebook.com': flat(LIMITS.windowSeconds['graph.facebook.com']),
			'graph.instagram.com': flat(LIMITS.windowSeconds['graph.instagram.com']),
		});
		const { max: value, ...lookback } = LIMITS.lookbackDays;
		expect(lookbackDays).toEqual({ value, ...lookback });
		const { max, safe: _safe, ...followType } = LIMITS.followTypeLookbackDays;
		expect(followTypeBreakdownLookbackDays).toEqual({ value: max, ...followType });
		expect(rest).toEqual({
			followerCountDays: LIMITS.followerCountDays,
			onlineFollowersDays: LIMITS.onlineFollowersDays,
			storyInsightsHours: LIMITS.storyInsightsHours,
			mediaListMax: LIMITS.mediaListMax,
			batchMax: LIMITS.batchMax,
			demographicRowsMax: LIMITS.demographicRowsMax,
			dataDelayHours: LIMITS.dataDelayHours,
			mediaInsightsRetentionYears: LIMITS.mediaInsightsRetentionYears,
		});
		expect(rateLimit).toEqual({
			...LIMITS.rateLimit,
			formula: `calls/24h = ${LIMITS.callsPerImpression} * impressions(24h)`,
			scope: 'app + app user',
		});
	});

	test('agree with the hosts', () => {
		expect(HOSTS['graph.facebook.com'].maxWindowDays).toBe(LIMITS.windowSeconds['graph.facebook.com'].max / 86_400);
		expect(HOSTS['graph.instagram.com'].maxWindowDays).toBe(LIMITS.windowSeconds['graph.instagram.com'].max);
		expect(HOSTS['graph.facebook.com'].batchMaxItems).toBe(LIMITS.batchMax);
	});
});
