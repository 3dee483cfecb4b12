import { describe, expect, test } from 'vitest';
import { precedingRange, resolveDateRange } from '../../src/query/date-range.ts';

// 22:30 on 23 November in California, already the 24th in UTC.
const now = new Date('2026-11-24T06:30:00Z');

describe('resolveDateRange', () => {
	test.each([
		['last7Days', '2026-11-16', '2026-11-22'],
		['last14Days', '2026-11-09', '2026-11-22'],
		['last28Days', '2026-10-26', '2026-11-22'],
		['last30Days', '2026-10-24', '2026-11-22'],
		['last90Days', '2026-08-25', '2026-11-22'],
		['thisMonth', '2026-11-01', '2026-11-23'],
		['lastMonth', '2026-10-01', '2026-10-31'],
	] as const)('%s runs from %s to %s', (preset, since, until) => {
		expect(resolveDateRange(preset, now)).toEqual({ since, until });
	});

	test('lastMonth in January is December of the year before', () => {
		expect(resolveDateRange('lastMonth', new Date('2027-01-15T12:00:00Z'))).toEqual({
			since: '2026-12-01',
			until: '2026-12-31',
		});
	});
});

describe('precedingRange', () => {
	test('ends the day before and is as long', () => {
		expect(precedingRange({ since: '2026-11-16', until: '2026-11-22' }, 7)).toEqual({
			since: '2026-11-09',
			until: '2026-11-15',
		});
	});
});
