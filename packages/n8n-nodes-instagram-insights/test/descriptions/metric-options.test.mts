import { describe, expect, test } from 'vitest';
import { accountMetricOptions, mediaMetricOptions } from '../../nodes/InstagramInsights/descriptions/metricOptions';

const names = (options: readonly { name: string }[]) => options.map(({ name }) => name);

describe('metric options', () => {
	test('stand under the sections of the Instagram app, in the alphabetical order that n8n wants', () => {
		const offered = names(accountMetricOptions((row) => row.periods.includes('day') && !row.requiresBreakdown));
		expect(offered).toEqual([
			'Followers: New Followers',
			'Interactions',
			'Interactions: Accounts Engaged',
			'Interactions: Comments',
			'Interactions: Likes',
			'Interactions: Reposts',
			'Interactions: Saves',
			'Interactions: Shares',
			'Interactions: Story Replies',
			'Profile: Bio Link Taps',
			'Profile: Contact Button Taps',
			'Profile: Profile Visits',
			'Views',
			'Views: Accounts Reached',
		]);
	});

	test('say for which posts a metric is that only some of them have', () => {
		const watched = mediaMetricOptions('graph.instagram.com', ['FEED', 'REELS']).find(
			({ value }) => value === 'ig_reels_avg_watch_time',
		);
		expect(watched?.name).toBe('Watch Time: Average Watch Time');
		expect(watched?.description).toMatch(/Reels only\.$/);
	});

	test('need no section where all are of one', () => {
		expect(names(accountMetricOptions((row) => row.section === 'Audience'))).toEqual([
			'Engaged Audience Demographics',
			'Follower Demographics',
			'Reached Audience Demographics',
		]);
	});
});
