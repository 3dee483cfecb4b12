import type { Insight } from '@instagram-insights/core/internal';
import { describe, expect, test } from 'vitest';
import { rawMediaRows, rawRows } from '../../../nodes/InstagramInsights/output/rawRows';

const ONE = '18000000000000001';
const TWO = '18000000000000002';
const medium = (id: string, ...insights: Insight[]) => ({ media: { id }, insights });
const insight = (id: string, name: string) => ({ name, values: [{ value: 1 }], id: `${id}/insights/${name}/lifetime` });

describe('rawRows', () => {
	test('returns the entries of each body, and bodies without a list as they are', () => {
		expect(rawRows([{ data: [{ name: 'reach' }, { name: 'views' }] }, { id: ONE }, { data: [] }])).toEqual([
			{ name: 'reach' },
			{ name: 'views' },
			{ id: ONE },
		]);
	});

	test('puts a value that is not an object under "value"', () => {
		expect(rawRows([{ data: [7, null] }])).toEqual([{ value: 7 }, { value: null }]);
	});

	test('says why a metric is missing that no entry names', () => {
		const absent = { shape: 'absent', metric: 'views', reason: 'no-permission' } as const;
		const shell = { shape: 'absent', metric: 'reach', reason: 'no-data' } as const;
		expect(rawRows([{ data: [{ name: 'reach', values: [] }] }], [absent, shell])).toEqual([
			{ name: 'reach', values: [] },
			{ unavailable: { views: 'no-permission' } },
		]);
	});
});

describe('rawMediaRows', () => {
	test('adds insights that needed a request of their own to their media', () => {
		const bodies = [
			{
				data: [
					{ id: ONE, caption: 'a', insights: { data: [insight(ONE, 'reach')] } },
					{ id: TWO, caption: 'b' },
				],
			},
			{ data: [insight(ONE, 'ig_reels_avg_watch_time')] },
			{ data: [insight(TWO, 'follows')] },
		];
		expect(rawMediaRows(bodies, [medium(ONE), medium(TWO)])).toEqual([
			{ id: ONE, caption: 'a', insights: { data: [insight(ONE, 'reach'), insight(ONE, 'ig_reels_avg_watch_time')] } },
			{ id: TWO, caption: 'b', insights: { data: [insight(TWO, 'follows')] } },
		]);
	});

	test('returns the requested media, in that order, even if a body holds more', () => {
		const bodies = [{ data: [{ id: TWO }, { id: ONE }, { id: '18000000000000003' }] }];
		expect(rawMediaRows(bodies, [medium(ONE), medium(TWO)])).toEqual([{ id: ONE }, { id: TWO }]);
	});

	test('returns the reasons as an object if something is missing', () => {
		const absent = { shape: 'absent', metric: 'reach', reason: 'before-conversion' } as const;
		const items = [medium(ONE, absent), medium(TWO, { shape: 'total', metric: 'reach', value: 0 })];
		expect(rawMediaRows([{ data: [{ id: ONE }, { id: TWO }] }], items)).toEqual([
			{ id: ONE, unavailable: { reach: 'before-conversion' } },
			{ id: TWO },
		]);
	});
});
