import { describe, expect, test } from 'vitest';
import { rawMediaRows } from '../../nodes/InstagramInsights/output/rawMediaRows';
import { rawRows } from '../../nodes/InstagramInsights/output/rawRows';

const ONE = '18000000000000001';
const TWO = '18000000000000002';
const insight = (id: string, name: string) => ({ name, values: [{ value: 1 }], id: `${id}/insights/${name}/lifetime` });

describe('rawRows', () => {
	test('gives the entries of each body, and bodies without a list as they are', () => {
		expect(rawRows([{ data: [{ name: 'reach' }, { name: 'views' }] }, { id: ONE }, { data: [] }])).toEqual([
			{ name: 'reach' },
			{ name: 'views' },
			{ id: ONE },
		]);
	});

	test('puts what is no object under "value"', () => {
		expect(rawRows([{ data: [7, null] }])).toEqual([{ value: 7 }, { value: null }]);
	});
});

describe('rawMediaRows', () => {
	test('joins insights that were asked for apart to their medium', () => {
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
		expect(rawMediaRows(bodies, [ONE, TWO])).toEqual([
			{ id: ONE, caption: 'a', insights: { data: [insight(ONE, 'reach'), insight(ONE, 'ig_reels_avg_watch_time')] } },
			{ id: TWO, caption: 'b', insights: { data: [insight(TWO, 'follows')] } },
		]);
	});

	test('returns the media asked for, in that order, though a body holds more', () => {
		const bodies = [{ data: [{ id: TWO }, { id: ONE }, { id: '18000000000000003' }] }];
		expect(rawMediaRows(bodies, [ONE, TWO])).toEqual([{ id: ONE }, { id: TWO }]);
	});
});
