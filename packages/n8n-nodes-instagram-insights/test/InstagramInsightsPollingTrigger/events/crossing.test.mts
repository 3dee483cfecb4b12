import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	beginCrossing,
	type CrossingRule,
	type CrossingState,
	decideCrossing,
	isWorthKeeping,
} from '../../../nodes/InstagramInsightsPollingTrigger/events/crossing';

const UP: CrossingRule = { comparison: 'level', direction: 'up', threshold: 100, rearmPercent: 0 };
const values = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 40 });

/** At which of the numbers a rule fires, when they are seen one after the other. */
function firings(rule: CrossingRule, seen: readonly number[], base?: readonly (number | null)[]): number[] {
	let state: CrossingState | null = null;
	const fired: number[] = [];
	for (const [index, value] of seen.entries()) {
		const observation = base === undefined ? { value } : { value, base: base[index] ?? null };
		if (state === null) {
			state = beginCrossing(rule, observation);
			continue;
		}
		// Through JSON each time: nothing may live outside of what is stored.
		const decision = decideCrossing(rule, JSON.parse(JSON.stringify(state)), observation);
		if (decision.fired) fired.push(index);
		state = decision.state;
	}
	return fired;
}

describe('decideCrossing of a level', () => {
	test('fires when the number reaches the threshold, not again while it stays there', () => {
		expect(firings(UP, [90, 99, 100, 150, 100])).toEqual([2]);
	});

	test('does not fire for what was beyond the threshold from the beginning', () => {
		expect(firings(UP, [150, 160, 170])).toEqual([]);
	});

	test('fires again after the number went back', () => {
		expect(firings(UP, [90, 110, 99, 110])).toEqual([1, 3]);
	});

	test('fires downwards in the same way', () => {
		expect(firings({ ...UP, direction: 'down' }, [101, 100, 50, 101, 100])).toEqual([1, 4]);
	});

	test('waits for the re-arm distance', () => {
		const wavering = [90, 101, 99, 101, 95, 101, 89, 101];
		expect(firings(UP, wavering)).toEqual([1, 3, 5, 7]);
		expect(firings({ ...UP, rearmPercent: 10 }, wavering)).toEqual([1, 7]);
	});

	test('accepts negative thresholds', () => {
		expect(firings({ ...UP, threshold: -10 }, [-20, -10, -20])).toEqual([1]);
	});

	test('fires exactly where the number comes from the other side', () => {
		fc.assert(
			fc.property(values, fc.constantFrom('up' as const, 'down' as const), (seen, direction) => {
				const beyond = (value: number) => (direction === 'up' ? value >= 100 : value <= 100);
				const expected = seen.flatMap((value, index) => {
					const before = seen[index - 1];
					return before !== undefined && beyond(value) && !beyond(before) ? [index] : [];
				});
				expect(firings({ ...UP, direction }, seen)).toEqual(expected);
			}),
		);
	});

	test('lies on the other side at least once between two firings, whatever the re-arm distance', () => {
		fc.assert(
			fc.property(values, fc.integer({ min: 0, max: 100 }), (seen, rearmPercent) => {
				const fired = firings({ ...UP, rearmPercent }, seen);
				for (const [index, at] of fired.entries()) {
					const last = fired[index - 1];
					if (last === undefined) continue;
					expect(
						seen.slice(last + 1, at).some((value) => value < 100 - rearmPercent || (rearmPercent === 0 && value < 100)),
					).toBe(true);
				}
			}),
		);
	});
});

describe('decideCrossing of a change', () => {
	test('compares with the number at the beginning, then with the one at the last firing', () => {
		const rule: CrossingRule = { ...UP, comparison: 'change', threshold: 50 };
		expect(firings(rule, [100, 149, 150, 199, 200, 260])).toEqual([2, 4, 5]);
	});

	test('works in percent in the same way', () => {
		const rule: CrossingRule = { ...UP, comparison: 'percent', threshold: 50 };
		expect(firings(rule, [100, 150, 200, 225])).toEqual([1, 3]);
	});

	test('downwards takes the size of the fall', () => {
		expect(firings({ ...UP, comparison: 'percent', direction: 'down', threshold: 10 }, [100, 91, 90, 81])).toEqual([
			2, 3,
		]);
	});

	test('in percent counts from the first number that is not 0', () => {
		const rule: CrossingRule = { ...UP, comparison: 'percent', threshold: 10 };
		expect(firings(rule, [0, 0, 1_000, 1_099, 1_100])).toEqual([4]);
		expect(firings({ ...rule, direction: 'down', threshold: 100 }, [50, 0, 0, 40, 0])).toEqual([1, 4]);
	});

	test('in percent of a period before of 0 never fires', () => {
		const rule: CrossingRule = { ...UP, comparison: 'percent', threshold: 10 };
		expect(firings(rule, [0, 1_000, 2_000], [0, 0, 0])).toEqual([]);
	});

	test('keeps a number other than 0 to compare with', () => {
		const rule: CrossingRule = { ...UP, comparison: 'percent', threshold: 10 };
		const begun = beginCrossing(rule, { value: 0 });
		expect(decideCrossing(rule, begun, { value: 0 }).mustKeep).toBe(false);
		const left = decideCrossing(rule, begun, { value: 7 });
		expect(left).toMatchObject({ fired: false, mustKeep: true, change: 7, changePercent: null });
		expect(decideCrossing(rule, left.state, { value: 7 }).mustKeep).toBe(false);
	});

	test('against a period before fires once for each crossing', () => {
		const rule: CrossingRule = { ...UP, comparison: 'percent', threshold: 20 };
		const before = [100, 100, 100, 110, 120, 100];
		expect(firings(rule, [110, 120, 130, 120, 121, 130], before)).toEqual([1, 5]);
	});

	test('against a period before that has no number changes nothing', () => {
		const rule: CrossingRule = { ...UP, comparison: 'percent', threshold: 20 };
		expect(firings(rule, [100, 130, 130], [100, null, 100])).toEqual([2]);
	});

	test('gives the change as a number and in percent', () => {
		const state = { armed: true, reference: 80 };
		const decision = decideCrossing({ ...UP, comparison: 'change', threshold: 20 }, state, { value: 100 });
		expect(decision).toMatchObject({ fired: true, change: 20, changePercent: 25 });
	});

	test('fires exactly when a step from the last notice is done', () => {
		fc.assert(
			fc.property(values, fc.integer({ min: 1, max: 80 }), (seen, threshold) => {
				let reference = seen[0] ?? 0;
				const expected = seen.flatMap((value, index) => {
					if (index === 0 || value - reference < threshold) return [];
					reference = value;
					return [index];
				});
				expect(firings({ ...UP, comparison: 'change', threshold }, seen)).toEqual(expected);
			}),
		);
	});
});

describe('isWorthKeeping', () => {
	const begin = (rule: CrossingRule, value: number) => isWorthKeeping(rule, beginCrossing(rule, { value }));

	test('keeps a number that may still cross the level, not one that is beyond it', () => {
		expect([begin(UP, 99), begin(UP, 100)]).toEqual([true, false]);
	});

	test('keeps every number that changes are compared with', () => {
		expect(begin({ ...UP, comparison: 'change' }, 0)).toBe(true);
	});

	test('does not keep a 0, which has no percent', () => {
		const rule: CrossingRule = { ...UP, comparison: 'percent' };
		expect([begin(rule, 0), begin(rule, 1)]).toEqual([false, true]);
	});

	test('loses no firing by what it does not keep, whenever n8n restarts', () => {
		const rules = fc.record({
			comparison: fc.constantFrom('level' as const, 'change' as const, 'percent' as const),
			direction: fc.constantFrom('up' as const, 'down' as const),
			threshold: fc.integer({ min: 1, max: 150 }),
			rearmPercent: fc.constant(0),
		});
		fc.assert(
			fc.property(rules, values, fc.integer({ min: 0, max: 39 }), (rule, seen, restart) => {
				expect(firingsAcrossRestart(rule, seen, restart)).toEqual(firings(rule, seen));
			}),
		);
	});
});

/** The same as {@link firings}, when before number `restart` only what was kept is left. */
function firingsAcrossRestart(rule: CrossingRule, seen: readonly number[], restart: number): number[] {
	let state: CrossingState | null = null;
	let kept: CrossingState | null = null;
	const fired: number[] = [];
	for (const [index, value] of seen.entries()) {
		if (index === restart) state = kept;
		if (state === null) {
			state = beginCrossing(rule, { value });
			if (isWorthKeeping(rule, state)) kept = state;
			continue;
		}
		const decision = decideCrossing(rule, state, { value });
		if (decision.fired) fired.push(index);
		state = decision.state;
		if (decision.fired || decision.mustKeep) kept = state;
	}
	return fired;
}
