import { describe, expect, test } from 'vitest';
import { accountMetricOptions, mediaMetricOptions } from '../../nodes/panel/metricOptions';

const names = (options: readonly { name: string }[]) => options.map(({ name }) => name);

describe('metric options', () => {
	test('begin with the sections of the Instagram app, in alphabetical order as n8n requires', () => {
		const offered = names(accountMetricOptions((row) => row.periods.includes('day') && !row.requiresBreakdown));
		expect(offered).toEqual(offered.toSorted((one, other) => one.localeCompare(other, 'en')));
		// A section is left out where the title begins with it.
		const some = [
			'Followers: New Followers',
			'Interactions: All Interactions',
			'Profile: Bio Link Taps',
			'Profile Visits',
			'Reach (Accounts Reached)',
			'Views',
		];
		expect(offered).toEqual(expect.arrayContaining(some));
		for (const name of offered) expect(name).toMatch(/^(Followers: |Interactions: |Profile|Reach|Views)/);
		expect(offered).not.toContain('Views: Content Views');
	});

	test('say which kinds of posts have a metric, unless all have it', () => {
		const watched = mediaMetricOptions('graph.instagram.com', ['FEED', 'REELS']).find(
			({ value }) => value === 'ig_reels_avg_watch_time',
		);
		expect(watched?.name).toBe('Watch Time: Average Watch Time');
		expect(watched?.description).toMatch(/Reels only\.$/);
	});

	test('leave out the section if there is only one', () => {
		const audience = names(accountMetricOptions((row) => row.section === 'Audience'));
		expect(audience).toContain('Follower Demographics');
		for (const name of audience) expect(name).not.toContain(':');
	});
});
