import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	MAX_SEEN,
	mergeSeen,
	readSeenDays,
	seenId,
	seenIds,
	seenNow,
} from '../../nodes/InstagramInsightsTrigger/receive/deliveryMemory';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-11-23T12:00:00Z');
const ids = fc.uniqueArray(fc.string().map(seenId), { maxLength: 40 });

describe('seenId', () => {
	test('has 16 letters whatever it is made of', () => {
		fc.assert(fc.property(fc.string(), (identity) => seenId(identity).length === 16));
	});
});

describe('mergeSeen', () => {
	test('knows what either memory knew', () => {
		fc.assert(
			fc.property(ids, ids, (left, right) => {
				const merged = seenIds(mergeSeen(seenNow(left, NOW), seenNow(right, NOW), NOW));
				expect([...left, ...right].every((id) => merged.has(id))).toBe(true);
			}),
		);
	});

	test('knows nothing that neither memory knew', () => {
		fc.assert(
			fc.property(ids, ids, (left, right) => {
				const known = new Set([...left, ...right]);
				expect([...seenIds(mergeSeen(seenNow(left, NOW), seenNow(right, NOW), NOW))].every((id) => known.has(id))).toBe(
					true,
				);
			}),
		);
	});

	test('keeps an event for the 36 hours in which Meta may repeat it, at any time of day', () => {
		fc.assert(
			fc.property(fc.nat(DAY_MS), fc.nat(36 * 3_600_000), (timeOfDay, later) => {
				const seenAt = NOW + timeOfDay;
				const id = seenId('event');
				expect(seenIds(mergeSeen(seenNow([id], seenAt), {}, seenAt + later)).has(id)).toBe(true);
			}),
		);
	});

	test('forgets an event after three days', () => {
		const id = seenId('event');
		expect(mergeSeen(seenNow([id], NOW), {}, NOW + 3 * DAY_MS)).toEqual({});
	});

	test('never holds more than its bound, and lets the oldest go first', () => {
		const old = Array.from({ length: 3_000 }, (_, index) => seenId(`old ${index}`));
		const young = Array.from({ length: 4_000 }, (_, index) => seenId(`young ${index}`));
		const merged = seenIds(mergeSeen(seenNow(old, NOW - DAY_MS), seenNow(young, NOW), NOW));
		expect(merged.size).toBe(MAX_SEEN);
		expect(young.every((id) => merged.has(id))).toBe(true);
		expect(merged.has(old[0] ?? '')).toBe(false);
		expect(merged.has(old[2_999] ?? '')).toBe(true);
	});

	test('holds its bound over any number of days', () => {
		const days = Array.from({ length: 4 }, (_, day) =>
			seenNow(
				Array.from({ length: 3_000 }, (_, index) => seenId(`${day} ${index}`)),
				NOW - day * DAY_MS,
			),
		);
		const merged = days.reduce((left, right) => mergeSeen(left, right, NOW), {});
		expect(seenIds(merged).size).toBe(MAX_SEEN);
	});
});

describe('readSeenDays', () => {
	test.each([[undefined], [null], ['text'], [{ today: 'x' }], [{ 20415: 7 }]])('reads %j as nothing seen', (stored) => {
		expect(readSeenDays(stored)).toEqual({});
	});

	test('reads back what was stored as JSON', () => {
		fc.assert(
			fc.property(ids, (list) => {
				const days = mergeSeen(seenNow(list, NOW), {}, NOW);
				expect(readSeenDays(JSON.parse(JSON.stringify(days)))).toEqual(days);
			}),
		);
	});
});
