import { type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { pollingWorkflow } from './polling-workflow.mts';

const START = new Date('2026-11-23T12:00:00Z');
const MINUTE_MS = 60_000;

let sandbox: Sandbox;

beforeEach(async () => {
	// Only the clock stands still; timers and sockets run.
	vi.useFakeTimers({ toFake: ['Date'], now: START });
	sandbox = await startSandbox();
});

afterEach(async () => {
	await sandbox.stop();
	vi.useRealTimers();
});

function later(minutes: number): void {
	vi.setSystemTime(Date.now() + minutes * MINUTE_MS);
}

const OWNER = { account_id: expect.stringMatching(/^1784\d+$/) as string, username: 'casa.canela.bakery' };

describe('the event Follower Milestone', () => {
	const EVERY_THOUSAND = { event: 'followerMilestone', milestoneKind: 'every', milestoneStep: 1_000 };

	function setFollowers(followers: number): void {
		sandbox.world.account('bakery').setFollowers(followers);
	}

	test('tells a milestone once, not again after a fall', async () => {
		setFollowers(4_900);
		const workflow = pollingWorkflow(sandbox, EVERY_THOUSAND);
		expect(await workflow.start()).toBeNull();
		setFollowers(5_003);
		expect(await workflow.poll()).toEqual([
			{ ...OWNER, milestone: 5_000, followers_count: 5_003, passed: '5000', next: 6_000, unavailable: '' },
		]);
		setFollowers(4_990);
		expect(await workflow.poll()).toBeNull();
		setFollowers(5_001);
		expect(await workflow.poll()).toBeNull();
	});

	test('tells several at once in one item, also across a restart', async () => {
		setFollowers(4_900);
		const workflow = pollingWorkflow(sandbox, EVERY_THOUSAND);
		await workflow.start();
		setFollowers(7_100);
		expect(await workflow.restart()).toEqual([
			expect.objectContaining({ milestone: 7_000, passed: '5000, 6000, 7000' }),
		]);
	});

	test('takes a list of numbers', async () => {
		setFollowers(9_999);
		const workflow = pollingWorkflow(sandbox, {
			event: 'followerMilestone',
			milestoneKind: 'list',
			milestoneList: '5000; 10000',
		});
		await workflow.start();
		setFollowers(10_000);
		expect(await workflow.poll()).toEqual([expect.objectContaining({ milestone: 10_000, next: null })]);
	});

	test('refuses an invalid list', async () => {
		const workflow = pollingWorkflow(sandbox, {
			event: 'followerMilestone',
			milestoneKind: 'list',
			milestoneList: '10k',
		});
		await expect(workflow.start()).rejects.toThrow('The Numbers of the milestones cannot be read');
	});

	test.each(['1,500, 2,500', '1,500', '100,500,1000'])('takes no thousands separators for commas: %s', async (list) => {
		const parameters = { event: 'followerMilestone', milestoneKind: 'list', milestoneList: list };
		const workflow = pollingWorkflow(sandbox, parameters);
		await expect(workflow.start()).rejects.toThrow('may have thousands separators');
	});

	test('shows where the account stands in the editor', async () => {
		setFollowers(4_900);
		expect(await pollingWorkflow(sandbox, EVERY_THOUSAND).test()).toEqual([
			{ ...OWNER, milestone: 4_000, followers_count: 4_900, passed: '', next: 5_000, unavailable: '' },
		]);
	});
});

describe('the event Story About to Expire', () => {
	const STORIES = { event: 'storyExpiring', minutesBefore: 60, metrics: ['reach', 'replies'] };

	test('tells a story once in its last hour, with its numbers', async () => {
		const workflow = pollingWorkflow(sandbox, STORIES);
		await workflow.start();
		const { id } = sandbox.world.account('bakery').publish({ productType: 'STORY' });
		await workflow.poll();
		later(22 * 60 + 30);
		const before = await workflow.poll();
		expect(before?.map((item) => item.id) ?? []).not.toContain(id);
		later(45);
		sandbox.world.account('bakery').setMediaMetric(id, 'reach', 4_321);
		const reported = (await workflow.poll())?.filter((item) => item.id === id);
		expect(reported).toEqual([
			expect.objectContaining({ reach: 4_321, expired: false, minutesLeft: 45, expiresAt: '2026-11-24T12:00:00.000Z' }),
		]);
		later(20);
		expect((await workflow.poll())?.filter((item) => item.id === id) ?? []).toEqual([]);
	});

	test('tells a story that ended between two polls, with the numbers of the last one', async () => {
		const workflow = pollingWorkflow(sandbox, STORIES);
		const { id } = sandbox.world.account('bakery').publish({ productType: 'STORY' });
		sandbox.world.account('bakery').setMediaMetric(id, 'reach', 99);
		await workflow.start();
		later(25 * 60);
		const reported = (await workflow.poll())?.filter((item) => item.id === id);
		expect(reported).toEqual([
			expect.objectContaining({ reach: 99, expired: true, minutesLeft: 0, lastReadAt: START.toISOString() }),
		]);
	});

	test('tells nothing at the first poll, not even of a story in its last hour', async () => {
		// The bakery has a story that is 23.6 hours old when the world begins.
		const workflow = pollingWorkflow(sandbox, STORIES);
		expect(await workflow.start()).toBeNull();
		later(5);
		expect(await workflow.poll()).toBeNull();
	});

	test('tells a story that was seen once and ended while n8n was down', async () => {
		const workflow = pollingWorkflow(sandbox, STORIES);
		await workflow.start();
		const { id } = sandbox.world.account('bakery').publish({ productType: 'STORY' });
		sandbox.world.account('bakery').setMediaMetric(id, 'reach', 7);
		expect(await workflow.poll()).toEqual([]);
		later(25 * 60);
		const reported = (await workflow.restart())?.filter((item) => item.id === id);
		expect(reported).toEqual([expect.objectContaining({ reach: 7, expired: true, lastReadAt: START.toISOString() })]);
	});

	test('tells a story once across a restart', async () => {
		const workflow = pollingWorkflow(sandbox, STORIES);
		const { id } = sandbox.world.account('bakery').publish({ productType: 'STORY' });
		await workflow.start();
		later(23 * 60 + 15);
		expect((await workflow.restart())?.map((item) => item.id)).toContain(id);
		expect((await workflow.restart())?.map((item) => item.id) ?? []).not.toContain(id);
	});

	test('leaves out numbers of a story that too few people saw, with the reason', async () => {
		const workflow = pollingWorkflow(sandbox, STORIES);
		await workflow.start();
		const { id } = sandbox.world.account('bakery').publish({ productType: 'STORY', fewViewers: true });
		later(23 * 60 + 30);
		const reported = (await workflow.poll())?.find((item) => item.id === id);
		expect(reported).toMatchObject({
			reach: null,
			unavailable: expect.stringContaining('reach: too-few-viewers') as string,
		});
	});

	test('shows the one that ends first in the editor', async () => {
		const [shown] = await pollingWorkflow(sandbox, STORIES).test();
		expect(shown).toMatchObject({ expired: false, minutesLeft: 24 });
	});

	test('explains in the editor that no story is live', async () => {
		await expect(pollingWorkflow(sandbox, STORIES, 'brand-new').test()).rejects.toThrow(
			'The account has no live story',
		);
	});
});
