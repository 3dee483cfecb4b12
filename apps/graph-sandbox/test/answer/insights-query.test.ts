import { describe, expect, test } from 'vitest';
import { GraphRefusal } from '../../src/answer/graph-error.ts';
import { readWindow, requireLastDays } from '../../src/answer/insights-query.ts';
import type { HostName } from '../../src/world/host.ts';
import { NOON } from '../ask.ts';

const read = (since: string | null, until: string | null, host: HostName = 'graph.facebook.com') =>
	readWindow(host, since, until, NOON);
const message = (action: () => unknown): string => {
	try {
		action();
	} catch (error) {
		if (error instanceof GraphRefusal) return error.row.message;
		throw error;
	}
	return 'accepted';
};

describe('readWindow', () => {
	test('reads dates as Pacific days, the last one excluded', () => {
		expect(read('2026-11-10', '2026-11-12')).toEqual({
			since: '2026-11-10',
			until: '2026-11-12',
			days: ['2026-11-10', '2026-11-11'],
		});
	});

	test('does not care where in its day until lies', () => {
		const early = read('2026-11-10', String(Date.parse('2026-11-12T08:00:00Z') / 1000));
		const late = read('2026-11-10', String(Date.parse('2026-11-13T07:59:59Z') / 1000));
		expect(late).toEqual(early);
	});

	test('accepts 729 days back and refuses 730', () => {
		expect(message(() => read('2024-11-21', '2024-11-25'))).toBe('accepted');
		expect(message(() => read('2024-11-20', '2024-11-25'))).toBe(
			'since param is not valid. Metrics data is available for the last 2 years',
		);
	});

	test('refuses a future since with the very same words', () => {
		expect(message(() => read('2026-11-21', '2026-11-25'))).toBe(
			'since param is not valid. Metrics data is available for the last 2 years',
		);
	});

	test('accepts 2,592,000 seconds on Facebook and refuses one more', () => {
		const until = Date.parse('2026-11-15T08:00:00Z') / 1000;
		expect(message(() => read(String(until - 2_592_000), String(until)))).toBe('accepted');
		expect(message(() => read(String(until - 2_592_001), String(until)))).toBe(
			'There cannot be more than 30 days (2592000 s) between since and until',
		);
	});

	test('refuses thirty Pacific days that hold the end of summer time: they are an hour too long', () => {
		expect(message(() => read('2026-10-15', '2026-11-14'))).toContain('more than 30 days');
		expect(message(() => read('2026-02-20', '2026-03-22'))).toBe('accepted');
	});

	test('accepts a window of two years on Instagram', () => {
		expect(read('2024-11-22', '2026-11-20', 'graph.instagram.com').days).toHaveLength(728);
	});

	test('refuses until before since, and what is not a date', () => {
		expect(message(() => read('2026-11-12', '2026-11-10'))).toBe('The since param must be before the until param');
		expect(message(() => read('yesterday-ish', null))).toBe('Param since must be a valid datetime');
	});

	test('reads the form with +0000 that Meta itself writes', () => {
		expect(read('2026-11-10T08:00:00+0000', '2026-11-11T08:00:00+0000').days).toEqual(['2026-11-10']);
	});
});

describe('requireLastDays', () => {
	test('accepts thirty days back and refuses thirty-one', () => {
		expect(message(() => requireLastDays(30, read('2026-10-21', '2026-10-22'), 'follower_count', NOON))).toBe(
			'accepted',
		);
		expect(message(() => requireLastDays(30, read('2026-10-20', '2026-10-22'), 'follower_count', NOON))).toBe(
			'(follower_count) metric only supports querying data for the last 30 days excluding the current day',
		);
	});
});
