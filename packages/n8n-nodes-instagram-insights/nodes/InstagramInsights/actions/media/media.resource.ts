import type { Resource } from '../operation';
import { get } from './get.operation';
import { getInsights } from './getInsights.operation';
import { getMany } from './getMany.operation';
import { getCollaborative, getTagged } from './ofOthers.operation';

export const media: Resource = {
	value: 'media',
	name: 'Post or Reel',
	description: 'Posts and reels of an account, and their numbers; posts of others with the account in them',
	builderHint: 'Use for posts and reels: the latest, the best, or one of them, with their numbers.',
	operations: [get, getCollaborative, getInsights, getMany, getTagged],
	preselected: 'getMany',
};
