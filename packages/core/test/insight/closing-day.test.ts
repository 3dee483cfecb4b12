import { describe, expect, test } from 'vitest';
import { closingDay } from '../../src/insight/read-insights.ts';

describe('closingDay', () => {
	test.each([
		['2018-01-11T08:00:00+0000', '2018-01-10'],
		['2026-07-02T07:00:00+0000', '2026-07-01'],
		['2026-07-02T07:00:00Z', '2026-07-01'],
		['2026-07-02T00:00:00-0700', '2026-07-01'],
		['2026-07-02T00:00:01-07:00', '2026-07-02'],
		['2026-01-01T08:00:00.000+0000', '2025-12-31'],
	])('is the Pacific day that ends at %s', (endTime, day) => {
		expect(closingDay(endTime)).toBe(day);
	});

	test.each(['', '2026-07-02', 'yesterday', '2026-13-40T08:00:00+0000'])('is null for "%s"', (endTime) => {
		expect(closingDay(endTime)).toBeNull();
	});
});
