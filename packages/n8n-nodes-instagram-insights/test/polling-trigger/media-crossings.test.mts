import { describe, expect, test } from 'vitest';
import type { CrossingRule } from '../../nodes/InstagramInsightsPollingTrigger/events/crossing';
import {
	beginMediaCrossings,
	decideMediaCrossings,
	type MeasuredMedia,
} from '../../nodes/InstagramInsightsPollingTrigger/events/mediaThreshold.event';

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

	test('takes a new medium that is still below the threshold for no fall', () => {
		const rule: CrossingRule = { ...RULE, direction: 'down' };
		const begun = beginMediaCrossings(rule, [], START);
		const young = decideMediaCrossings(rule, begun, [measured('new', 3, START + 1)]);
		expect(young).toMatchObject({ crossed: [], mustKeep: false });
		const risen = decideMediaCrossings(rule, young.state, [measured('new', 150, START + 1)]);
		expect(risen).toMatchObject({ crossed: [], mustKeep: true });
		expect(crossed(risen.state, [measured('new', 90, START + 1)], rule)).toEqual(['new']);
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

	test('tells a medium once that left the view and came back', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 50), measured('b', 50)], START);
		const crossed = decideMediaCrossings(RULE, state, [measured('a', 150)]);
		expect(crossed.crossed.map(({ id }) => id)).toEqual(['a']);
		const away = decideMediaCrossings(RULE, crossed.state, [measured('b', 50)]);
		expect(decideMediaCrossings(RULE, away.state, [measured('a', 160)]).crossed).toEqual([]);
	});

	test('remembers 500 media, those measured last', () => {
		const many = Array.from({ length: 500 }, (_, index) => measured(`m${index}`, 50));
		const state = beginMediaCrossings(RULE, many, START);
		const { media } = decideMediaCrossings(RULE, state, [measured('m0', 50), measured('new', 50)]).state;
		expect(Object.keys(media)).toHaveLength(500);
		expect(['m0', 'm1', 'new'].map((id) => id in media)).toEqual([true, false, true]);
	});

	test('says when a number was noted that later ones are compared with', () => {
		const change = { ...RULE, comparison: 'change' } as const;
		const state = beginMediaCrossings(change, [measured('a', 50)], START);
		expect(decideMediaCrossings(change, state, [measured('a', 51)]).mustKeep).toBe(false);
		expect(decideMediaCrossings(change, state, [measured('a', 51), measured('b', 7)]).mustKeep).toBe(true);
	});

	test('says when an older medium came into view that may still cross, once', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 50)], START);
		const inView = decideMediaCrossings(RULE, state, [measured('a', 50), measured('older', 60, START - 1)]);
		expect(inView.mustKeep).toBe(true);
		expect(decideMediaCrossings(RULE, inView.state, [measured('a', 50), measured('older', 61)]).mustKeep).toBe(false);
		expect(decideMediaCrossings(RULE, state, [measured('beyond', 160, START - 1)]).mustKeep).toBe(false);
	});

	test('says nothing of a new medium that begins again from 0 anyway', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 50)], START);
		expect(decideMediaCrossings(RULE, state, [measured('new', 60, START + 1)]).mustKeep).toBe(false);
	});

	test('measures percent of a medium that began at 0 from its first other number, which must be kept', () => {
		const rule: CrossingRule = { ...RULE, comparison: 'percent', threshold: 50 };
		const begun = decideMediaCrossings(rule, beginMediaCrossings(rule, [], START), [measured('new', 0, START + 1)]);
		expect(begun.mustKeep).toBe(false);
		const left = decideMediaCrossings(rule, begun.state, [measured('new', 10, START + 1)]);
		expect(left).toMatchObject({ crossed: [], mustKeep: true });
		expect(crossed(left.state, [measured('new', 15, START + 1)], rule)).toEqual(['new']);
	});

	test('says when a medium can be reported again', () => {
		const state = beginMediaCrossings(RULE, [measured('a', 150)], START);
		expect(decideMediaCrossings(RULE, state, [measured('a', 160)]).mustKeep).toBe(false);
		expect(decideMediaCrossings(RULE, state, [measured('a', 50)]).mustKeep).toBe(true);
	});
});
