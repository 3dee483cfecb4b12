import { describe, expect, test } from 'vitest';
import { ACCOUNT_METRICS } from '../../src/catalog/account-metric.ts';
import { GRAPH_ERROR_CODES, GRAPH_STATUS_FALLBACKS } from '../../src/catalog/graph-error-code.ts';
import { MEDIA_METRICS } from '../../src/catalog/media-metric.ts';

/** Rows of a code alone, where other rows tell apart what is said with it. */
const general = GRAPH_ERROR_CODES.filter(
	(row) =>
		row.text === null &&
		row.subcode === null &&
		GRAPH_ERROR_CODES.some((other) => other !== row && other.code === row.code),
);
/** Names that are not ordinary words. */
const metricNames = [...Object.keys(ACCOUNT_METRICS), ...Object.keys(MEDIA_METRICS)].filter((name) =>
	name.includes('_'),
);

describe('GRAPH_ERROR_CODES', () => {
	test('names each rule once and gives advice for each', () => {
		const rules = [...GRAPH_ERROR_CODES, ...GRAPH_STATUS_FALLBACKS];
		expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
		for (const { id, advice } of rules) expect(advice, id).toMatch(/^[A-Z].{10,}\.$/);
	});

	test('has ranges only for missing permissions and for limits of other business uses', () => {
		const ranges = GRAPH_ERROR_CODES.filter((row) => row.codeTo !== undefined);
		expect(ranges.map(({ code, codeTo }) => [code, codeTo])).toEqual([
			[80000, 80014],
			[200, 299],
		]);
	});

	test('gives no advice about one metric if a code has several meanings', () => {
		for (const { id, advice, kind } of general) {
			const named = metricNames.filter((name) => advice.includes(name));
			expect(named, `${id} ${kind}`).toEqual([]);
			expect(advice, id).not.toMatch(/\b(?:the|this) metric\b/);
		}
	});

	test('matches a code alone only after all rows with a text for the same code', () => {
		for (const row of general) {
			const later = GRAPH_ERROR_CODES.slice(GRAPH_ERROR_CODES.indexOf(row) + 1);
			const hidden = later.filter(({ code, text }) => text !== null && (code === null || code === row.code));
			expect(
				hidden.map(({ id }) => id),
				row.id,
			).toEqual([]);
		}
	});
});
