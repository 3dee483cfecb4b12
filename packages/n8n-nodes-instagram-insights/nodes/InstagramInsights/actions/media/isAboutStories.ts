import type { Item } from '../item';

/** Whether the item asks for a story: stories share their operations with other media, but not all words about them. */
export function isAboutStories(item: Item): boolean {
	return item.parameter('resource', 'media') === 'story';
}
