import { describe, expect, test } from 'vitest';
import { ACCOUNT_METRICS, accountMetricRow, isAccountMetric } from '../../src/catalog/account-metric.ts';
import { BREAKDOWNS } from '../../src/catalog/breakdown.ts';
import { GRAPH_ERROR_CODES } from '../../src/catalog/graph-error-code.ts';
import { DEFAULT_GRAPH_VERSION, GRAPH_VERSIONS, usableGraphVersions } from '../../src/catalog/graph-version.ts';
import { HOSTS, type Host, hostOfToken, LOGINS, TOKEN_ENDPOINTS } from '../../src/catalog/host.ts';
import { ACCOUNT_LIMITS, limitInWords, limitsOn } from '../../src/catalog/limit.ts';
import { MEDIA_METRICS, mediaMetricRow } from '../../src/catalog/media-metric.ts';
import type { AccountMetricRow, MediaMetricRow } from '../../src/catalog/metric-row.ts';
import { OUT_OF_SCOPE_METRICS, RETIRED_METRICS, retiredMetricRow } from '../../src/catalog/retired-metric.ts';
import { SOURCES } from '../../src/catalog/source.ts';
import { isDay } from '../../src/query/calendar-day.ts';
import { checkQuery } from '../../src/query/check-query.ts';
import type { AccountQuery } from '../../src/query/insights-query.ts';
import { commonMediaMetrics, mediaMetricSet } from '../../src/query/plan-media-metrics.ts';
import { planRequests } from '../../src/query/plan-requests.ts';
import { NOON } from '../client/sandbox-stand.ts';

const TITLE = /^[A-Z][\w-]*( (?:[A-Z][\w-]*|and|on|or|of|the|With))*( \([A-Z][\w -]*\))?$/;
const ONE_SENTENCE = /^[A-Z][^.!?]*\.$/;

const hosts = Object.keys(HOSTS) as Host[];
const accountRows = Object.entries<AccountMetricRow>(ACCOUNT_METRICS);
const mediaRows = Object.entries<MediaMetricRow>(MEDIA_METRICS);
const metricRows = [
	...accountRows.map(([name, row]) => [`account ${name}`, row] as const),
	...mediaRows.map(([name, row]) => [`media ${name}`, row] as const),
];
const retiredRows = [...Object.entries(RETIRED_METRICS.account), ...Object.entries(RETIRED_METRICS.media)];

describe('every row', () => {
	test.each([...metricRows, ...retiredRows, ...Object.entries(OUT_OF_SCOPE_METRICS), ...Object.entries(LOGINS)])(
		'%s names a source and the day of a reading',
		(_name, { sources, readOn }) => {
			expect(sources.length).toBeGreaterThan(0);
			expect(new Set(sources).size).toBe(sources.length);
			expect(isDay(readOn)).toBe(true);
			const newest = sources.map((id) => SOURCES[id].readOn).sort();
			expect(readOn <= (newest.at(-1) ?? '')).toBe(true);
		},
	);

	test.each([...metricRows, ...retiredRows, ...Object.entries(BREAKDOWNS)])(
		'%s has a title and a plain sentence',
		(_name, { title, meaning }) => {
			expect(title).toMatch(TITLE);
			expect(meaning).toMatch(ONE_SENTENCE);
			expect(meaning).not.toMatch(/API|endpoint|parameter|null/);
		},
	);

	test('has a title that is unique at its level', () => {
		for (const rows of [accountRows, mediaRows]) {
			expect(new Set(rows.map(([, { title }]) => title)).size).toBe(rows.length);
		}
	});
});

describe('a metric', () => {
	test.each(metricRows)('%s has hosts, and breakdowns of its level', (name, row) => {
		expect(row.hosts.length).toBeGreaterThan(0);
		const level = name.startsWith('account') ? 'account' : 'media';
		for (const breakdown of row.breakdowns) expect(BREAKDOWNS[breakdown].levels).toContain(level);
	});

	test.each(accountRows)('%s is consistent with itself', (_name, row) => {
		if (row.requiresBreakdown) expect(row.breakdowns.length).toBeGreaterThan(0);
		for (const pair of row.breakdownPairs) expect(row.breakdowns).toEqual(expect.arrayContaining([...pair]));
		for (const period of Object.keys(row.periodHosts)) expect(row.periods.slice(1)).toContain(period);
		for (const some of Object.values(row.periodHosts)) expect(row.hosts).toEqual(expect.arrayContaining([...some]));
		for (const host of Object.keys(row.limits.perHost ?? {})) expect(row.hosts).toContain(host);
		expect(row.aggregation === 'sum').toBe(row.unit !== 'people');
		expect(row.hourZone === null || row.valueShape === 'hour_map').toBe(true);
	});

	test.each(mediaRows)('%s may be added up over posts only if it counts events', (name, { aggregation, unit }) => {
		if (unit === 'people') expect(aggregation).toBe('unique');
		else expect(aggregation === 'sum').toBe(unit !== 'percent' && !name.includes('avg'));
	});

	test.each(accountRows)('%s is requested as its row says, on each host and with each breakdown', (name, row) => {
		for (const host of row.hosts) {
			for (const breakdown of [undefined, ...row.breakdowns, ...row.breakdownPairs.map((pair) => pair.join())]) {
				if (breakdown === undefined && row.requiresBreakdown) continue;
				const query = questionFor(name, row, breakdown);
				const context = { host, now: new Date('2026-11-23T20:00:00Z') };
				expect([name, breakdown, checkQuery(query, context)]).toEqual([name, breakdown, []]);
				const [request, ...others] = planRequests(query, context).requests;
				expect(others).toEqual([]);
				const { period, metric_type: type = 'default', breakdown: sent } = request?.query ?? {};
				expect(row.periods).toContain(period);
				expect(row.metricTypes).toContain(type);
				expect(sent).toBe(breakdown);
			}
		}
	});

	test('that Meta removed names a current replacement at its level, and is not listed itself', () => {
		for (const [name, row] of Object.entries(RETIRED_METRICS.account)) {
			expect([name, isAccountMetric(row.replacement), isAccountMetric(name)]).toEqual([name, true, false]);
		}
		for (const [name, row] of Object.entries(RETIRED_METRICS.media)) {
			expect([name, mediaMetricRow(row.replacement) !== undefined, mediaMetricRow(name)]).toEqual([
				name,
				true,
				undefined,
			]);
		}
		for (const name of Object.keys(OUT_OF_SCOPE_METRICS)) expect(isAccountMetric(name)).toBe(false);
	});

	test('is found by its own name only', () => {
		expect([accountMetricRow('saves')?.title, accountMetricRow('saved'), accountMetricRow('toString')]).toEqual([
			'Saves',
			undefined,
			undefined,
		]);
		expect([mediaMetricRow('saved')?.title, mediaMetricRow('saves'), mediaMetricRow('valueOf')]).toEqual([
			'Saves',
			undefined,
			undefined,
		]);
		expect(retiredMetricRow('media', 'engagement')?.replacement).toBe('total_interactions');
		expect(retiredMetricRow('account', 'engagement')).toBeUndefined();
	});

	test('of posts goes with the metrics that a whole page has, unless it can make them fail', () => {
		// Measured on images, albums and reels in one matrix (S08).
		const measured = ['comments', 'likes', 'reach', 'reposts', 'saved', 'shares', 'total_interactions', 'views'];
		expect(commonMediaMetrics('graph.instagram.com')).toEqual(expect.arrayContaining(measured));
		expect(mediaMetricSet('graph.facebook.com', 'STORY')).not.toContain('facebook_views');
		expect(mediaMetricSet('graph.facebook.com', 'AD')).toEqual([]);
	});
});

/** A question of a few days that can carry the metric. */
function questionFor(name: string, row: AccountMetricRow, breakdown: string | undefined): AccountQuery {
	const range = { since: '2026-11-10', until: '2026-11-12' };
	if (row.valueShape === 'hour_map') return { kind: 'online-followers', ...range };
	if (row.periods.includes('lifetime')) return { kind: 'audience', metrics: [name], breakdown: breakdown ?? '' };
	return { kind: 'account-totals', metrics: [name], breakdown, ...range };
}

describe('a host and a login', () => {
	test.each(hosts)('%s agrees with its login, tokens and limits', (host) => {
		const { loginType, tokenPrefixes, permissions } = HOSTS[host];
		expect(LOGINS[loginType].host).toBe(host);
		for (const prefix of tokenPrefixes) expect(hostOfToken(`${prefix}xyz`)).toBe(host);
		expect(permissions.insights.length).toBeGreaterThan(0);
		expect(TOKEN_ENDPOINTS[host].longLivedDays).toBeGreaterThan(0);
	});

	test('is not guessed from an unknown token prefix', () => {
		expect([hostOfToken('THQxyz'), hostOfToken('')]).toEqual([undefined, undefined]);
	});

	test('says what is unknown', () => {
		for (const login of Object.values(LOGINS)) {
			const open = Object.values(login.permissions).includes(null) || login.insightsConfidence === 'low';
			expect(login.unknown !== null).toBe(open);
		}
	});
});

describe('a limit', () => {
	test('of a row replaces the general one, and that of one host replaces both', () => {
		expect(limitsOn('graph.facebook.com')).toMatchObject({ daysBack: ACCOUNT_LIMITS.daysBack, windowDays: 30 });
		expect(limitsOn('graph.instagram.com').windowDays).toBeNull();
		const own = { daysBack: 30, perHost: { 'graph.facebook.com': { daysBack: 60 } } };
		expect(hosts.map((host) => limitsOn(host, own).daysBack).sort()).toEqual([30, 60]);
		const say = (days: number) => `${days} days`;
		expect(limitInWords(own, 'daysBack', say)).toBe('30 days (Facebook Login: 60 days)');
		expect(limitInWords({ daysBack: 30 }, 'daysBack', say)).toBe('30 days');
		expect(limitInWords({}, 'daysBack', say)).toBeNull();
	});
});

describe('a version and an error code', () => {
	test('are unique and in order, and the default version is usable', () => {
		const released = GRAPH_VERSIONS.map((row) => row.released);
		expect(released).toEqual(released.toSorted().reverse());
		expect(new Set(GRAPH_VERSIONS.map(({ version }) => version)).size).toBe(GRAPH_VERSIONS.length);
		expect(usableGraphVersions(new Date(NOON))).toContain(DEFAULT_GRAPH_VERSION);
		expect(usableGraphVersions(new Date('2027-01-20T23:00:00Z')).at(-1)).toBe('v21.0');
		expect(usableGraphVersions(new Date('2027-01-21T00:00:00Z')).at(-1)).toBe('v22.0');
	});

	test('names each rule once and gives advice for each', () => {
		expect(new Set(GRAPH_ERROR_CODES.map(({ id }) => id)).size).toBe(GRAPH_ERROR_CODES.length);
		for (const { id, advice } of GRAPH_ERROR_CODES) expect(advice, id).toMatch(/^[A-Z].{10,}\.$/);
	});
});
