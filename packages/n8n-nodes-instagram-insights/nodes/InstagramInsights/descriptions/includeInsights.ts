import type { INodeProperties } from 'n8n-workflow';

export const includeInsightsParameter: INodeProperties = {
	displayName: 'Include Insights',
	name: 'includeInsights',
	type: 'boolean',
	default: true,
	description: 'Whether to return the metrics of each one too. One call carries both for 100 posts.',
};
