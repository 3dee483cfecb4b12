/** What most people want to know of a story. */
export const STORY_METRICS = ['reach', 'views', 'replies', 'shares', 'navigation', 'total_interactions'] as const;
