import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { LOGINS, useSandbox } from '../../ask-sandbox.mts';

const { sandbox, ask } = useSandbox();
const account = { resource: 'account', operation: 'getInsights' };
const audience = { resource: 'account', operation: 'getAudience' };
const posts = { resource: 'media', operation: 'getMany' };
const post = { resource: 'media', operation: 'getInsights' };
const story = { resource: 'story', operation: 'getInsights' };
const byId = (value: string) => ({ __rl: true, mode: 'id', value });

/** A call as a model makes it, and the words of the error that lead to the right one. */
const CALLS: readonly (readonly [wrong: INodeParameters, wayOut: readonly string[]])[] = [
	[{ ...account, metrics: ['engagement_rate'] }, ['computed metric', '"Computed Metrics"']],
	[{ ...posts, metrics: ['reach', 'save_rate', 'nonsense'] }, ['"Computed Metrics"', 'Metric: Get Many']],
	[{ ...account, metrics: ['new_followers'] }, ['Use "follower_count"']],
	[{ ...posts, metrics: ['ig_reels_avg_watch_time_seconds'] }, ['Use "ig_reels_avg_watch_time"']],
	[{ ...account, metrics: ['follower_demographics'] }, ['Use Account: Get Audience']],
	[{ ...account, metrics: ['follower_demographics', 'nonsense'] }, ['Use Account: Get Audience', 'Metric: Get Many']],
	[{ ...audience, metrics: ['reach'] }, ['Use Account: Get Insights']],
	[{ ...account, breakdown: 'age' }, ['Breakdown: "age"', 'none, ', 'follow_type', 'Account: Get Audience']],
	[{ ...post, media: byId('18000000000000001'), breakdown: 'city' }, ['Breakdown: "city"', 'action_type']],
	[{ ...story, media: byId('18000000000000001'), breakdown: 'action' }, ['story_navigation_action_type']],
	[{ ...posts, returnAll: 'all' }, ['Return All', 'true or false']],
	[{ ...post, media: byId('1'.repeat(34)) }, ['is not a media ID', 'Get Many lists posts']],
	[{ ...account, account: byId('1784140171483331119999999999') }, ['is not an account ID', 'Account: Get Many']],
];

describe('the error of a wrong call', () => {
	test.each(CALLS)('says how to make it right: %j', async (parameters, wayOut) => {
		const error = await ask('instagramLogin', parameters).catch((thrown: unknown) => thrown);
		const { message, description } = error as { message: string; description: string };
		for (const words of wayOut) expect(`${message} ${description}`).toContain(words);
		const sent = sandbox().counts().httpRequests;
		expect(sent).toBe(0);
	});

	test.each(LOGINS)('says that the ID of an account is not that of a post, with %s', async (login) => {
		const media = byId(sandbox().world.account('bakery').id);
		const calls = [
			{ ...post, operation: 'get', media },
			{ ...post, media, metrics: ['reach', 'saved'] },
			{ ...story, media },
		];
		for (const parameters of calls) await expect(ask(login, parameters)).rejects.toThrow(/post, reel or story/);
	});

	test('names the operation that lists the right IDs, and no other', async () => {
		const failing = async (parameters: INodeParameters) => {
			const error = await ask('facebookLogin', parameters).catch((thrown: unknown) => thrown);
			return (error as { description: string }).description;
		};
		const ofAccount = await failing({ ...account, account: byId('17841400000000009') });
		expect(ofAccount).toContain('Account: Get Many lists valid IDs.');
		const ofPost = await failing({ ...post, media: byId('18000000000000001') });
		expect(ofPost).toContain('Post or Reel: Get Many and Story: Get Many list valid IDs.');
		const ofUsername = await failing({ resource: 'otherAccount', operation: 'get', username: 'nobody.here' });
		expect(ofUsername).not.toContain('Get Many');
	});
});

describe('a switch as text', () => {
	test.each([
		['true', 180],
		['false', 50],
	])('counts as the switch: %s', async (returnAll, count) => {
		const { rows } = await ask('instagramLogin', { ...posts, returnAll, includeInsights: 'false' });
		expect(rows).toHaveLength(count);
		expect(rows[0]).not.toHaveProperty('reach');
	});
});
