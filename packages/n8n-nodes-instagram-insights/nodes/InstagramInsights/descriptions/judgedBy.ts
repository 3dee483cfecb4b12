import type { INodeProperties } from 'n8n-workflow';
import { wrongSetting } from '../../panel/wrongSetting';

/** What a post can be judged by: every kind of post has it, on both hosts. */
const METRICS = {
	total_interactions: 'All Interactions',
	comments: 'Comments',
	likes: 'Likes',
	reach: 'Reach',
	saved: 'Saves',
	shares: 'Shares',
	views: 'Views',
} as const;

/** The metric that says which posts did well. */
export const judgedByParameter: INodeProperties = {
	displayName: 'Judge Posts By',
	name: 'judgeBy',
	type: 'options',
	options: Object.entries(METRICS).map(([value, name]) => ({ name, value })),
	default: 'reach',
	description: 'The number that says how well a post did',
};

/** @throws {InsightsError} `invalid-query`: an expression gave another metric */
export function readJudgedBy(item: { parameter(name: string, fallback?: unknown): unknown }): string {
	const value = String(item.parameter('judgeBy', 'reach'));
	if (Object.hasOwn(METRICS, value)) return value;
	const message = `Posts cannot be judged by "${value}". Choose one of ${Object.keys(METRICS).join(', ')}.`;
	throw wrongSetting('judgeBy', value, message);
}
