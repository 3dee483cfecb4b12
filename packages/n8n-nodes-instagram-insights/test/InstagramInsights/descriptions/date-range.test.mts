import { describe, expect, test } from 'vitest';
import { readDateRange, readDay } from '../../../nodes/InstagramInsights/descriptions/dateRange';

describe('readDay', () => {
	test('keeps a day as written', () => {
		expect(readDay('2026-11-01', 'Europe/Berlin')).toBe('2026-11-01');
	});

	test('keeps the day of a time without a zone, as the date picker stores it', () => {
		expect(readDay('2026-11-01T00:00:00', 'Asia/Tokyo')).toBe('2026-11-01');
		expect(readDay('2026-11-01 23:59:59.999', 'America/New_York')).toBe('2026-11-01');
	});

	test("reads an instant as the day in the workflow's time zone", () => {
		// 23:30 UTC is half past midnight in Berlin, and half past six in the evening in New York.
		expect(readDay('2026-11-01T23:30:00Z', 'Europe/Berlin')).toBe('2026-11-02');
		expect(readDay('2026-11-01T23:30:00.000+00:00', 'America/New_York')).toBe('2026-11-01');
	});

	test('reads dates as expressions return them', () => {
		expect(readDay(new Date('2026-11-01T23:30:00Z'), 'Europe/Berlin')).toBe('2026-11-02');
		expect(readDay({ toISO: () => '2026-11-02T00:00:00.000+01:00' }, 'Europe/Berlin')).toBe('2026-11-02');
	});

	test('returns a text that is not a date, for the check to name', () => {
		expect(readDay('last Tuesday', 'Europe/Berlin')).toBe('last Tuesday');
		expect(readDay('', 'Europe/Berlin')).toBe('');
		expect(readDay(undefined, 'Europe/Berlin')).toBe('');
		expect(readDay(1_790_000_000, 'Europe/Berlin')).toBe('1790000000');
		expect(readDay('2026-11-01T99:99:99Z', 'Europe/Berlin')).toBe('2026-11-01T99:99:99Z');
	});
});

describe('readDateRange', () => {
	// 02:00 UTC on the 24th is still the 23rd in California.
	const context = { now: new Date('2026-11-24T02:00:00Z'), timeZone: 'Europe/Berlin' };

	test('counts whole Pacific days that ended yesterday', () => {
		expect(readDateRange({ dateRange: 'last7Days', since: '', until: '' }, context)).toEqual({
			since: '2026-11-16',
			until: '2026-11-22',
			custom: false,
		});
	});

	test("decides the month by the workflow's calendar", () => {
		// 06:30 UTC on 1 December is still 30 November in California.
		const first = { now: new Date('2026-12-01T06:30:00Z') };
		for (const timeZone of ['Europe/Lisbon', 'Asia/Tokyo']) {
			const range = readDateRange({ dateRange: 'lastMonth', since: '', until: '' }, { ...first, timeZone });
			expect(range).toMatchObject({ since: '2026-11-01', until: '2026-11-30' });
		}
	});

	test('ignores custom days while a preset is chosen', () => {
		const range = readDateRange({ dateRange: 'lastMonth', since: '2020-01-01', until: '2020-01-02' }, context);
		expect(range).toEqual({ since: '2026-10-01', until: '2026-10-31', custom: false });
	});

	test('keeps custom days as they are, both included', () => {
		const range = readDateRange({ dateRange: 'custom', since: '2026-11-01T00:00:00', until: '2026-11-03' }, context);
		expect(range).toEqual({ since: '2026-11-01', until: '2026-11-03', custom: true });
	});
});
