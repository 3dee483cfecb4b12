import { invalidParameter } from './refusals.ts';

/** The parameters of an insights edge, read but not yet checked. */
export type InsightsQuery = {
	readonly metrics: readonly string[];
	readonly period: string | null;
	readonly metricType: string | null;
	readonly breakdowns: readonly string[];
	readonly timeframe: string | null;
	readonly since: string | null;
	readonly until: string | null;
};

/** @throws {GraphRefusal} no metric named */
export function readInsightsQuery(params: Readonly<Record<string, string>>): InsightsQuery {
	const metrics = list(params.metric);
	if (metrics.length === 0) throw invalidParameter('The parameter metric is required');
	return {
		metrics,
		// A list for Meta's SDKs, which send `["day"]`.
		period: params.period === undefined ? null : list(params.period).join(','),
		metricType: params.metric_type ?? null,
		breakdowns: list(params.breakdown),
		timeframe: params.timeframe ?? null,
		since: params.since ?? null,
		until: params.until ?? null,
	};
}

/** A comma list, or the JSON array Meta also takes: `["reach","views"]`. */
export function list(text: string | undefined): string[] {
	if (text === undefined) return [];
	return text
		.replace(/^\[|\]$/g, '')
		.split(',')
		.map((item) => item.trim().replace(/^"|"$/g, ''))
		.filter((item) => item !== '');
}
