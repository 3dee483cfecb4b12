import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	type Milestones,
	nextMilestone,
	passedMilestones,
} from '../../nodes/InstagramInsightsPollingTrigger/events/followerMilestone.event';

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

	test('names none for a fall', () => {
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
