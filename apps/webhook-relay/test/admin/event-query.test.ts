import { describe, expect, test } from 'vitest';
import { eventsQuerySchema, readTime, replayBodySchema } from '../../src/admin/event-query.ts';

describe('readTime', () => {
	const NOON = Date.UTC(2026, 10, 23, 12);

	test.each([
		['2026-11-23T12:00:00Z', NOON],
		['2026-11-23T12:00Z', NOON],
		['2026-11-23T12:00:00.250Z', NOON + 250],
		['2026-11-23T13:00:00+01:00', NOON],
		['2026-11-23T13:00:00 01:00', NOON],
		['2026-11-23', NOON - 12 * 3_600_000],
		['1795435200', NOON],
		[1_795_435_200, NOON],
		['1795435200000', NOON],
		[0, 0],
	])('reads %j', (given, ms) => {
		expect(readTime(given)).toBe(ms);
	});

	test.each([
		'yesterday',
		'2026',
		'2026-11',
		'11/23/2026',
		'2026-11-23T12:00:00',
		'2026-02-30',
		'2026-13-01',
		'17',
		'-1',
		'',
	])('refuses %j', (given) => {
		expect(readTime(given)).toBeNull();
	});
});

describe('a range', () => {
	test.each([
		{ since: '2026-11-24', until: '2026-11-23' },
		{ since: '2026-11-23', until: '2026-11-23' },
	])('that is empty is refused: %j', (range) => {
		expect(eventsQuerySchema.safeParse(range).success).toBe(false);
		expect(replayBodySchema.safeParse(range).success).toBe(false);
	});

	test('says what a time must look like', () => {
		expect(eventsQuerySchema.safeParse({ since: 'yesterday' }).error?.issues[0]?.message).toContain('Unix seconds');
	});
});
