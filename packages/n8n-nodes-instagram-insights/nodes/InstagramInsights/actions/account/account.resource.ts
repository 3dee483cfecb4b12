import type { Resource } from '../operation';
import { getInsights } from './getInsights.operation';

export const account: Resource = {
	value: 'account',
	name: 'Account',
	description: 'An Instagram professional account: its profile, its numbers over days, its audience',
	operations: [getInsights],
	preselected: 'getInsights',
};
