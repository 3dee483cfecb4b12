import {
	COMPUTED_MEDIA_METRICS,
	COMPUTED_STORY_METRICS,
	type ComputedMetrics,
} from '@instagram-insights/core/internal';
import type { Item } from '../item';

/** Whether the item asks for a story: stories share their operations with other media, but not all words about them. */
export function isAboutStories(item: Item): boolean {
	return item.parameter('resource', 'media') === 'story';
}

/** What can be computed for the media that the item asks for. */
export function computedTableOf(item: Item): ComputedMetrics {
	return isAboutStories(item) ? COMPUTED_STORY_METRICS : COMPUTED_MEDIA_METRICS;
}
