import type { Resource } from '../operation';
import { getMany } from './getMany.operation';

export const metric: Resource = {
	value: 'metric',
	name: 'Metric',
	description: 'The metrics themselves: which exist, what they mean and where they are valid',
	builderHint: 'Use to look up the names of metrics. Needs no credential.',
	operations: [getMany],
	preselected: 'getMany',
};
