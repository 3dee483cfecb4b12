import type { Resource } from '../operation';
import { getInsights } from './getInsights.operation';
import { getMany } from './getMany.operation';

export const story: Resource = {
	value: 'story',
	name: 'Story',
	description: 'Stories of the last 24 hours, and their numbers',
	builderHint:
		'Use for live stories. To save the numbers of each story before it expires, start with the Instagram Insights Polling Trigger instead (event storyExpiring).',
	operations: [getInsights, getMany],
	preselected: 'getMany',
};
