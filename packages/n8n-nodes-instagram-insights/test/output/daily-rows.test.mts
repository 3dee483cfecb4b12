import { describe, expect, test } from 'vitest';
import { dailyRows } from '../../nodes/InstagramInsights/output/dailyRows';

const END_OF_1ST = '2026-11-02T08:00:00+0000';
const END_OF_2ND = '2026-11-03T08:00:00+0000';

describe('dailyRows', () => {
	test('puts the metrics of a day side by side, oldest day first', () => {
		const rows = dailyRows(
			[
				{
					shape: 'series',
					metric: 'reach',
					points: [
						{ date: '2026-11-02', endTime: END_OF_2ND, value: 790 },
						{ date: '2026-11-01', endTime: END_OF_1ST, value: 812 },
					],
				},
				{
					shape: 'series',
					metric: 'follower_count',
					points: [
						{ date: '2026-11-01', endTime: END_OF_1ST, value: 0 },
						{ date: '2026-11-02', endTime: END_OF_2ND, value: null, reason: 'no-data' },
					],
				},
			],
			{ since: '2026-11-01', until: '2026-11-02' },
		);
		expect(rows).toEqual([
			{ date: '2026-11-01', endTime: END_OF_1ST, reach: 812, follower_count: 0 },
			{
				date: '2026-11-02',
				endTime: END_OF_2ND,
				reach: 790,
				follower_count: null,
				unavailable: { follower_count: 'no-data' },
			},
		]);
	});

	test('has a row for a day that Instagram left out, closing at Pacific midnight', () => {
		// The clocks go back on 2026-11-01: that day ends at 08:00 UTC, the day before at 07:00.
		const rows = dailyRows([{ shape: 'series', metric: 'reach', points: [] }], {
			since: '2026-10-31',
			until: '2026-11-01',
		});
		expect(rows).toEqual([
			{ date: '2026-10-31', endTime: '2026-11-01T07:00:00+0000', reach: null, unavailable: { reach: 'no-data' } },
			{ date: '2026-11-01', endTime: END_OF_1ST, reach: null, unavailable: { reach: 'no-data' } },
		]);
	});

	test('says on every day why a metric has no series', () => {
		const rows = dailyRows([{ shape: 'absent', metric: 'follower_count', reason: 'too-few-followers' }], {
			since: '2026-11-01',
			until: '2026-11-01',
		});
		expect(rows).toEqual([
			{
				date: '2026-11-01',
				endTime: END_OF_1ST,
				follower_count: null,
				unavailable: { follower_count: 'too-few-followers' },
			},
		]);
	});
});
