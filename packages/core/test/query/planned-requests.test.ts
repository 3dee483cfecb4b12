import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACCOUNT_METRICS } from '../../src/catalog/account-metric.ts';
import { breakdownsOf } from '../../src/catalog/breakdown.ts';
import { DEFAULT_GRAPH_VERSION } from '../../src/catalog/graph-version.ts';
import type { Host } from '../../src/catalog/host.ts';
import type { AccountMetricRow } from '../../src/catalog/metric-row.ts';
import { addDays } from '../../src/query/calendar-day.ts';
import { checkQuery } from '../../src/query/check-query.ts';
import type { AccountQuery } from '../../src/query/insights-query.ts';
import { planRequests } from '../../src/query/plan-requests.ts';
import { createUndiciTransport } from '../../src/undici/index.ts';
import { NOON, sandboxStand } from '../client/sandbox-stand.ts';

const now = new Date(NOON);
const TODAY = '2026-11-23';
const PAIRS = Object.values<AccountMetricRow>(ACCOUNT_METRICS).flatMap(({ breakdownPairs }) => breakdownPairs);
const BREAKDOWNS = [
	...breakdownsOf('account'),
	...new Set(PAIRS.flatMap(([one, other]) => [`${one},${other}`, `${other},${one}`])),
];

const anyRange = (mostDays: number) =>
	fc
		.tuple(fc.integer({ min: 0, max: 720 }), fc.integer({ min: 1, max: mostDays }))
		.map(([back, length]) => ({ since: addDays(TODAY, -back - length + 1), until: addDays(TODAY, -back) }));
const someMetrics = fc.uniqueArray(fc.constantFrom(...Object.keys(ACCOUNT_METRICS)), { minLength: 1, maxLength: 9 });
const someBreakdowns = fc.uniqueArray(fc.constantFrom(...BREAKDOWNS), { maxLength: 3 });

const anyQuery: fc.Arbitrary<AccountQuery> = fc.oneof(
	fc
		.tuple(someMetrics, anyRange(200), someBreakdowns)
		.map(([metrics, range, breakdown]) => ({ kind: 'account-totals' as const, metrics, breakdown, ...range })),
	fc.tuple(someMetrics, anyRange(9)).map(([metrics, range]) => ({ kind: 'account-daily' as const, metrics, ...range })),
	fc
		.tuple(someMetrics, someBreakdowns, fc.constantFrom(undefined, 'this_week', 'this_month'))
		.map(([metrics, breakdown, timeframe]) => ({ kind: 'audience' as const, metrics, breakdown, timeframe })),
	fc.constant({ kind: 'online-followers' as const }),
	anyRange(30).map((range) => ({ kind: 'online-followers' as const, ...range })),
);

/** The question without the metrics that are named as problems; null when it has other problems. */
function withoutProblems(query: AccountQuery, host: Host): AccountQuery | null {
	const context = { host, now };
	const problems = checkQuery(query, context);
	if (problems.length === 0) return query;
	if (!('metrics' in query)) return null;
	const named = problems.map(({ value }) => value);
	const metrics = query.metrics.filter((metric) => !named.includes(metric));
	const rest = { ...query, metrics };
	return checkQuery(rest, context).length === 0 ? rest : null;
}

describe('requests planned for a question that has no problems', () => {
	const stand = sandboxStand();

	test.each([
		['graph.facebook.com', 'EAA-sandbox-large'],
		['graph.instagram.com', 'IGAA-sandbox-large'],
	] as const)('break no rule of %s', async (host, accessToken) => {
		const { facebookUrl, instagramUrl } = stand.sandbox();
		const baseUrls = { 'graph.facebook.com': facebookUrl, 'graph.instagram.com': instagramUrl };
		const transport = createUndiciTransport({ accessToken, baseUrls });
		const accountId = stand.world().account('large').id;
		await fc.assert(
			fc.asyncProperty(anyQuery, async (any) => {
				const query = withoutProblems(any, host);
				if (query === null) return fc.pre(false);
				for (const request of planRequests(query, { host, accountId, now }).requests) {
					const answer = await transport.send({ ...request, version: DEFAULT_GRAPH_VERSION });
					expect([request.query, answer.status === 200 ? 200 : answer.text]).toEqual([request.query, 200]);
				}
			}),
			{ numRuns: 300 },
		);
		await transport.close();
	});
});
