import { describe, expect, test } from 'vitest';
import { GRAPH_ERROR_CODES, type GraphErrorKind, type GraphErrorRow } from '../../src/catalog/graph-error-code.ts';
import reference from '../fixtures/catalog.json' with { type: 'json' };

const sorted = (values: Iterable<string>) => [...values].sort();

describe('GRAPH_ERROR_CODES', () => {
	/** What the classes of the reference are called with us. */
	const KINDS: Record<string, readonly GraphErrorKind[]> = {
		transient: ['transient', 'too-much-data'],
		metric_unavailable: ['unsupported-metric'],
		metric_unsupported: ['unsupported-metric'],
		metric_removed: ['unsupported-metric'],
		metric_unknown: ['unknown-metric'],
		rate_limit: ['rate-limit'],
		blocked: ['blocked'],
		data_unavailable: ['too-few-viewers', 'before-conversion'],
		permission: ['permission'],
		not_found: ['not-found'],
		not_found_or_permission: ['not-found'],
		invalid_request: ['invalid-query'],
		window_too_wide: ['window'],
		window_too_old: ['window'],
		auth: ['auth'],
		auth_wrong_host_or_token: ['wrong-host'],
		field_unsupported: ['unsupported-field'],
	};
	/** Rows of ours that the reference has elsewhere than in its list: in prose, or in what peers recorded; the last three in issues found later. */
	const BEYOND = [
		'too-few-followers',
		'too-few-followers-text',
		'field-nonexisting',
		'token-refused',
		'session-key-invalid',
		'metric-not-for-media',
		'app-id',
		'app-secret',
		'app-secret-proof',
	];
	type Pattern = (typeof reference.errors)[number];

	/** `A / 'B'` of the reference's code 1 are two rows with us; elsewhere a slash is part of the text. */
	const wordings = ({ code, match }: Pattern) => (code === 1 ? match.replaceAll("'", '').split(' / ') : [match]);
	const isRowOf = (row: GraphErrorRow, pattern: Pattern) =>
		row.code === pattern.code && row.subcode === pattern.subcode && wordings(pattern).includes(row.says);
	const retryOf = ({ retry, code }: Pattern) => {
		const word = /^(backoff|wait|once)/.exec(retry)?.[1];
		return code === 1 ? ['never', 'backoff'] : [word ?? 'never'];
	};

	test('has 45 patterns to hold', () => {
		expect(reference.errors).toHaveLength(45);
	});

	test.each(reference.errors.map((pattern) => [pattern.code, pattern.subcode, pattern.match, pattern] as const))(
		'holds %s/%s %s',
		(_code, _subcode, _match, pattern) => {
			const rows = GRAPH_ERROR_CODES.filter((row) => isRowOf(row, pattern));
			expect(rows).toHaveLength(wordings(pattern).length);
			for (const row of rows) {
				expect(KINDS[pattern.class]).toContain(row.kind);
				expect(retryOf(pattern)).toContain(row.retry);
				expect({ scope: row.scope, sources: row.sources, confidence: row.confidence }).toEqual({
					scope: pattern.scope,
					sources: pattern.sources,
					confidence: pattern.confidence,
				});
			}
		},
	);

	test('holds nothing else but the rows named above', () => {
		const others = GRAPH_ERROR_CODES.filter((row) => !reference.errors.some((pattern) => isRowOf(row, pattern)));
		expect(sorted(others.map(({ id }) => id))).toEqual(sorted(BEYOND));
	});

	test('names each rule once and gives each a way out', () => {
		expect(new Set(GRAPH_ERROR_CODES.map(({ id }) => id)).size).toBe(GRAPH_ERROR_CODES.length);
		for (const { id, advice } of GRAPH_ERROR_CODES) expect(advice, id).toMatch(/^[A-Z].{10,}\.$/);
	});

	test('has a range only for the permissions from 200 to 299', () => {
		const ranges = GRAPH_ERROR_CODES.filter((row) => row.codeTo !== undefined);
		expect(ranges.map(({ code, codeTo }) => [code, codeTo])).toEqual([[200, 299]]);
	});
});
