import { describe, expect, test } from 'vitest';
import { ACCOUNT_METRICS, accountMetricRow, isAccountMetric } from '../../src/catalog/account-metric.ts';
import { BREAKDOWNS } from '../../src/catalog/breakdown.ts';
import { MEDIA_METRICS, mediaMetricRow } from '../../src/catalog/media-metric.ts';
import { outOfScopeMetricRow } from '../../src/catalog/out-of-scope-metric.ts';
import { RETIRED_METRICS, retiredMetricRow } from '../../src/catalog/retired-metric.ts';

/** Words that Title Case leaves small. */
const TITLE = /^[A-Z][\w-]*( (?:[A-Z][\w-]*|and|on|or|of|the|With))*$/;
const ONE_SENTENCE = /^[A-Z][^.!?]*\.$/;

describe('ACCOUNT_METRICS', () => {
	const rows = Object.entries(ACCOUNT_METRICS);

	test.each(rows)('explains %s by a title and one plain sentence', (_name, { title, meaning }) => {
		expect(title).toMatch(TITLE);
		expect(meaning).toMatch(ONE_SENTENCE);
		expect(meaning).not.toMatch(/API|endpoint|parameter|null/);
	});

	test('gives every metric a title of its own', () => {
		expect(new Set(rows.map(([, { title }]) => title)).size).toBe(rows.length);
	});

	test('lets a metric need a breakdown only if it has one', () => {
		for (const [name, row] of rows) if (row.requiresBreakdown) expect(row.breakdowns.length, name).toBeGreaterThan(0);
	});

	test('splits by account breakdowns only, and pairs only what it has', () => {
		for (const [name, row] of rows) {
			for (const breakdown of row.breakdowns) expect(BREAKDOWNS[breakdown].levels, name).toContain('account');
			for (const pair of row.breakdownPairs) expect(row.breakdowns, name).toEqual(expect.arrayContaining([...pair]));
		}
	});

	test('never calls the count of unique people additive', () => {
		expect(ACCOUNT_METRICS.reach.aggregation).toBe('unique');
		expect(ACCOUNT_METRICS.accounts_engaged.aggregation).toBe('unique');
	});
});

describe('accountMetricRow', () => {
	test('finds a metric by its name', () => {
		expect(accountMetricRow('saves')?.title).toBe('Saves');
	});

	test('knows no metric of another level, nor what every object inherits', () => {
		expect(accountMetricRow('saved')).toBeUndefined();
		expect(accountMetricRow('constructor')).toBeUndefined();
		expect(isAccountMetric('toString')).toBe(false);
	});
});

describe('MEDIA_METRICS', () => {
	test.each(Object.entries(MEDIA_METRICS))(
		'explains %s by a title and one plain sentence',
		(_name, { title, meaning }) => {
			expect(title).toMatch(TITLE);
			expect(meaning).toMatch(ONE_SENTENCE);
		},
	);

	test('splits by media breakdowns only', () => {
		for (const [name, row] of Object.entries(MEDIA_METRICS)) {
			for (const breakdown of row.breakdowns) expect(BREAKDOWNS[breakdown].levels, name).toContain('media');
		}
	});
});

describe('mediaMetricRow', () => {
	test('finds a metric by its name and no metric of an account', () => {
		expect(mediaMetricRow('saved')?.title).toBe('Saves');
		expect(mediaMetricRow('saves')).toBeUndefined();
		expect(mediaMetricRow('hasOwnProperty')).toBeUndefined();
	});
});

describe('RETIRED_METRICS', () => {
	test('points every name to a metric of today at the same level', () => {
		for (const row of Object.values(RETIRED_METRICS.account)) expect(accountMetricRow(row.replacement)).toBeDefined();
		for (const row of Object.values(RETIRED_METRICS.media)) expect(mediaMetricRow(row.replacement)).toBeDefined();
	});

	test('holds no name that still works at its level', () => {
		for (const name of Object.keys(RETIRED_METRICS.account)) expect(accountMetricRow(name)).toBeUndefined();
		for (const name of Object.keys(RETIRED_METRICS.media)) expect(mediaMetricRow(name)).toBeUndefined();
	});
});

describe('retiredMetricRow', () => {
	test('tells what replaced the names of the older guide', () => {
		expect(retiredMetricRow('account', 'impressions')?.replacement).toBe('views');
		expect(retiredMetricRow('media', 'impressions')?.replacement).toBe('views');
		expect(retiredMetricRow('media', 'engagement')?.replacement).toBe('total_interactions');
	});

	test('knows nothing of a name that never was', () => {
		expect(retiredMetricRow('account', 'engagement')).toBeUndefined();
		expect(retiredMetricRow('media', 'valueOf')).toBeUndefined();
	});
});

describe('outOfScopeMetricRow', () => {
	test('sends names of Threads to Threads', () => {
		expect(outOfScopeMetricRow('threads_views')?.reason).toContain('Threads API');
		expect(outOfScopeMetricRow('views')).toBeUndefined();
	});
});
