import type { Resource } from '../operation';
import { getInsights } from './getInsights.operation';
import { getMany } from './getMany.operation';

export const story: Resource = {
	value: 'story',
	name: 'Story',
	description: 'Stories of the last 24 hours, and their numbers',
	operations: [getInsights, getMany],
	preselected: 'getMany',
};
