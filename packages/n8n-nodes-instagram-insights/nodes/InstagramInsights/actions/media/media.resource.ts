import type { Resource } from '../operation';
import { getMany } from './getMany.operation';

export const media: Resource = {
	value: 'media',
	name: 'Media',
	description: 'Posts and reels of an account, and their numbers',
	operations: [getMany],
	preselected: 'getMany',
};
