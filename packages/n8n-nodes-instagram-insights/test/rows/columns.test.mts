import type { AbsentReason, Insight } from '@instagram-insights/core/internal';
import { describe, expect, test } from 'vitest';
import { columnOf, metricColumns, withOwner, withReasons } from '../../nodes/rows/columns';

describe('columnOf', () => {
	test.each([
		['reach', 'reach'],
		['saved', 'saved'],
		['follower_count', 'new_followers'],
		['ig_reels_avg_watch_time', 'ig_reels_avg_watch_time_seconds'],
		['ig_reels_video_view_total_time', 'ig_reels_video_view_total_time_seconds'],
		['reels_skip_rate', 'reels_skip_rate'],
	])('of %s is %s', (metric, column) => {
		expect(columnOf(metric)).toBe(column);
	});
});

describe('metricColumns', () => {
	test('has a column for each requested metric, in that order, with or without a value', () => {
		const insights: Insight[] = [
			{ shape: 'total', metric: 'unasked', value: 5 },
			{ shape: 'absent', metric: 'saved', reason: 'no-data' },
			{ shape: 'breakdown', metric: 'navigation', value: 25, buckets: [] },
			{ shape: 'breakdown', metric: 'follows_and_unfollows', value: null, buckets: [] },
			{ shape: 'total', metric: 'reach', value: 0 },
		];
		const asked = ['reach', 'saved', 'reach', 'navigation', 'follows_and_unfollows', 'views'];
		const { values, gaps } = metricColumns(asked, insights);
		expect(Object.entries(values)).toEqual([
			['reach', 0],
			['saved', null],
			['navigation', 25],
			['follows_and_unfollows', null],
			['views', null],
		]);
		expect(gaps.map(({ column, reason }) => [column, reason])).toEqual([
			['saved', 'no-data'],
			['follows_and_unfollows', 'needs-breakdown'],
			['views', 'no-data'],
		]);
	});

	test('returns watch times in seconds', () => {
		const insights: Insight[] = [{ shape: 'total', metric: 'ig_reels_avg_watch_time', value: 7425 }];
		expect(metricColumns(['ig_reels_avg_watch_time'], insights).values).toEqual({
			ig_reels_avg_watch_time_seconds: 7.425,
		});
	});
});

describe('withReasons', () => {
	test('puts "unavailable" last, empty if nothing is missing', () => {
		expect(Object.entries(withReasons({ reach: 0 }, []))).toEqual([
			['reach', 0],
			['unavailable', ''],
		]);
	});

	test("gives the reason for each missing value, with Meta's message if the reason alone is not clear", () => {
		const gap = (column: string, reason: AbsentReason, message?: string) => ({ column, reason, message });
		const { unavailable } = withReasons({}, [
			gap('website_clicks', 'no-data', 'Meta gave nothing.'),
			gap('saved', 'before-conversion'),
			gap('reach', 'failed', 'Please reduce the\namount of data'),
			gap('views', 'no-permission', '(#10) Application does not have permission'),
		]);
		expect(unavailable).toBe(
			'website_clicks: no-data; saved: before-conversion; reach: failed: Please reduce the amount of data; views: no-permission: (#10) Application does not have permission',
		);
	});
});

describe('withOwner', () => {
	test('puts the account in front of a row', () => {
		const owner = { account_id: '17841400000000001', username: 'bakery', gaps: [] };
		expect(Object.entries(withOwner(owner, { reach: 1, unavailable: '' }))).toEqual([
			['account_id', '17841400000000001'],
			['username', 'bakery'],
			['reach', 1],
			['unavailable', ''],
		]);
	});

	test('says why a username is missing, before the other reasons', () => {
		const gaps = [{ column: 'username', reason: 'failed', message: 'no answer' }] as const;
		const row = withOwner({ account_id: null, username: null, gaps }, { reach: null, unavailable: 'reach: no-data' });
		expect(row.unavailable).toBe('username: failed: no answer; reach: no-data');
	});
});
