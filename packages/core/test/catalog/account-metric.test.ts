import { describe, expect, test } from 'vitest';
import { ACCOUNT_METRICS, accountMetricRow, isAccountMetric } from '../../src/catalog/account-metric.ts';
import { BREAKDOWNS } from '../../src/catalog/breakdown.ts';
import { ONE_SENTENCE, TITLE } from './wording.ts';

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
