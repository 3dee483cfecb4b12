import type { Resource } from '../operation';
import { compare } from './compare.operation';
import { get } from './get.operation';
import { getAudience } from './getAudience.operation';
import { getBestTimes } from './getBestTimes.operation';
import { getInsights } from './getInsights.operation';
import { getMany } from './getMany.operation';
import { getOnlineFollowers } from './getOnlineFollowers.operation';

export const account: Resource = {
	value: 'account',
	name: 'Account',
	description: 'An Instagram professional account: its profile, its numbers over days, its audience',
	builderHint:
		'Use for numbers of a whole account: reach, views, followers, audience, best time to post, comparison of periods.',
	operations: [compare, get, getAudience, getBestTimes, getInsights, getMany, getOnlineFollowers],
	preselected: 'getInsights',
};
