import { describe, expect, test } from 'vitest';
import type { CrossingRule } from '../../nodes/InstagramInsightsPollingTrigger/decide/crossing';
import {
	beginMediaCrossings,
	decideMediaCrossings,
	type MeasuredMedia,
} from '../../nodes/InstagramInsightsPollingTrigger/decide/mediaCrossings';

const RULE: CrossingRule = { comparison: 'level', direction: 'up', threshold: 100, rearmPercent: 0 };
const START = 1_000;

function measured(id: string, value: number | null, publishedMs = 0): MeasuredMedia {
	return { id, value, publishedMs };
}

function crossed(
	state: Parameters<typeof decideMediaCrossings>[1],
	list: readonly MeasuredMedia[],
	rule = RULE,
): string[] {
	return decideMediaCrossings(rule, state, list).crossed.map(({ id }) => id);
}

describe('decideMediaCrossings', () => {
	test('watches each medium by itself', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 90), measured('b', 150)], START);
		expect(crossed(state, [measured('a', 100), measured('b', 160)])).toEqual(['a']);
	});

	test('tells a medium published since the beginning that is beyond the threshold at its first look', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 90)], START);
		expect(crossed(state, [measured('viral', 5_000, START + 1), measured('a', 90)])).toEqual(['viral']);
	});

	test('takes an older medium that comes into view for no news', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 90)], START);
		expect(crossed(state, [measured('a', 90), measured('older', 5_000, START - 1)])).toEqual([]);
	});

	test('measures changes of a new medium from its first number', () => {
		const rule: CrossingRule = { ...RULE, comparison: 'change', threshold: 50 };
		const begun = decideMediaCrossings(rule, beginMediaCrossings(rule, [], START), [measured('new', 500, START + 1)]);
		expect(begun.crossed).toEqual([]);
		expect(crossed(begun.state, [measured('new', 550, START + 1)], rule)).toEqual(['new']);
	});

	test('keeps what it knows of a medium that has no number now', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 150)], START);
		const without = decideMediaCrossings(RULE, state, [measured('a', null)]);
		expect(crossed(without.state, [measured('a', 160)])).toEqual([]);
	});

	test('forgets media that are no longer watched', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 90), measured('b', 90)], START);
		expect(Object.keys(decideMediaCrossings(RULE, state, [measured('b', 90)]).state.media)).toEqual(['b']);
	});

	test('says when a medium can be told again', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 150)], START);
		expect(decideMediaCrossings(RULE, state, [measured('a', 160)]).rearmed).toBe(false);
		expect(decideMediaCrossings(RULE, state, [measured('a', 50)]).rearmed).toBe(true);
	});
});
