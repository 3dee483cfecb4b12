import type { INodeProperties } from 'n8n-workflow';
import { readWantedMetrics } from './metrics';

export const includeInsightsParameter: INodeProperties = {
	displayName: 'Include Insights',
	name: 'includeInsights',
	type: 'boolean',
	default: true,
	description: 'Whether to return the metrics of each one too. One call carries both for 100 posts.',
};

/**
 * The metrics of a list: none where its insights are not wanted.
 *
 * @param preset whether they are wanted where nobody chose
 * @throws {InsightsError} `invalid-query`: they are wanted, and no metric is named
 */
export function readIncludedMetrics(
	parameter: (name: string, fallback: unknown) => unknown,
	preset: boolean,
): string[] {
	const wanted = parameter('includeInsights', preset);
	const isWanted = preset ? wanted !== false : wanted === true;
	return isWanted ? readWantedMetrics(parameter('metrics', []), ', or switch Include Insights off') : [];
}
