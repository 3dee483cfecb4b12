import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	beginCrossing,
	type CrossingRule,
	type CrossingState,
	decideCrossing,
} from '../../nodes/InstagramInsightsPollingTrigger/decide/crossing';

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

	test('fires again after the number was back', () => {
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

	test('takes negative thresholds for what they are', () => {
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

	test('in percent does likewise', () => {
		const rule: CrossingRule = { ...UP, comparison: 'percent', threshold: 50 };
		expect(firings(rule, [100, 150, 200, 225])).toEqual([1, 3]);
	});

	test('downwards takes the size of the fall', () => {
		expect(firings({ ...UP, comparison: 'percent', direction: 'down', threshold: 10 }, [100, 91, 90, 81])).toEqual([
			2, 3,
		]);
	});

	test('in percent of nothing never fires', () => {
		expect(firings({ ...UP, comparison: 'percent', threshold: 10 }, [0, 1_000])).toEqual([]);
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

	test('tells the change as a number and in percent', () => {
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
