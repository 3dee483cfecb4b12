import { type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
	type Milestones,
	nextMilestone,
	passedMilestones,
} from '../../../nodes/InstagramInsightsPollingTrigger/events/followerMilestone.event';
import { pollingWorkflow } from '../polling-workflow.mts';

const START = new Date('2026-11-23T12:00:00Z');

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

const OWNER = { account_id: expect.stringMatching(/^1784\d+$/) as string, username: 'casa.canela.bakery' };

describe('the event Follower Milestone', () => {
	const EVERY_THOUSAND = { event: 'followerMilestone', milestoneKind: 'every', milestoneStep: 1_000 };

	function setFollowers(followers: number): void {
		sandbox.world.account('bakery').setFollowers(followers);
	}

	test('reports a milestone once, not again after a fall', async () => {
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

	test('reports several at once in one item, also across a restart', async () => {
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
		await expect(workflow.start()).rejects.toThrow('Numbers must be whole numbers above 0');
	});

	test.each(['1,500, 2,500', '1,500', '100,500,1000'])(
		'does not take thousands separators for commas: %s',
		async (list) => {
			const parameters = { event: 'followerMilestone', milestoneKind: 'list', milestoneList: list };
			const workflow = pollingWorkflow(sandbox, parameters);
			await expect(workflow.start()).rejects.toThrow('seems to contain thousands separators');
		},
	);

	test('shows where the account stands in the editor', async () => {
		setFollowers(4_900);
		expect(await pollingWorkflow(sandbox, EVERY_THOUSAND).test()).toEqual([
			{ ...OWNER, milestone: 4_000, followers_count: 4_900, passed: '', next: 5_000, unavailable: '' },
		]);
	});
});

const EVERY: Milestones = { kind: 'every', step: 1_000 };
const LIST: Milestones = { kind: 'list', values: [5_000, 1_000, 10_000] };

const milestones: fc.Arbitrary<Milestones> = fc.oneof(
	fc.record({ kind: fc.constant('every' as const), step: fc.integer({ min: 1, max: 50 }) }),
	fc.record({
		kind: fc.constant('list' as const),
		values: fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 8 }),
	}),
);

describe('passedMilestones', () => {
	test('counts a milestone as passed when it is reached', () => {
		expect(passedMilestones(EVERY, 999, 1_000)).toEqual([1_000]);
		expect(passedMilestones(EVERY, 1_000, 1_001)).toEqual([]);
	});

	test('names several that were passed at once, smallest first', () => {
		expect(passedMilestones(EVERY, 900, 3_100)).toEqual([1_000, 2_000, 3_000]);
		expect(passedMilestones(LIST, 900, 20_000)).toEqual([1_000, 5_000, 10_000]);
	});

	test('names nothing for a fall', () => {
		expect(passedMilestones(EVERY, 2_500, 1_500)).toEqual([]);
	});

	test('names the last hundred when there are more', () => {
		const passed = passedMilestones({ kind: 'every', step: 1 }, 0, 10_000);
		expect([passed.length, passed[0], passed[99]]).toEqual([100, 9_901, 10_000]);
	});

	test('is the same in one step as in many, and names nothing twice', () => {
		fc.assert(
			fc.property(milestones, fc.array(fc.nat(500), { minLength: 1, maxLength: 20 }), (kind, counts) => {
				let highest = counts[0] ?? 0;
				const named: number[] = [];
				for (const count of counts) {
					const passed = passedMilestones(kind, highest, count);
					// More than a hundred at a time are cut on purpose.
					fc.pre(passed.length < 100);
					named.push(...passed);
					highest = Math.max(highest, count);
				}
				expect(new Set(named).size).toBe(named.length);
				const atOnce = passedMilestones(kind, counts[0] ?? 0, highest);
				fc.pre(atOnce.length < 100);
				expect(named).toEqual(atOnce);
			}),
		);
	});
});

describe('nextMilestone', () => {
	test('is the next one above the count', () => {
		expect(nextMilestone(EVERY, 1_000)).toBe(2_000);
		expect(nextMilestone(LIST, 1_000)).toBe(5_000);
	});

	test('is null when the list has no more', () => {
		expect(nextMilestone(LIST, 10_000)).toBeNull();
	});
});
