import { describe, expect, test } from 'vitest';
import { bucketRows } from '../../nodes/InstagramInsights/output/bucketRows';

describe('bucketRows', () => {
	test('gives each bucket a row: value names it, count is its number', () => {
		const rows = bucketRows(
			[
				{
					shape: 'breakdown',
					metric: 'views',
					value: 485,
					buckets: [
						{
							dimension: 'follow_type',
							bucket: 'FOLLOWER',
							value: 228,
							dimensions: ['follow_type'],
							buckets: ['FOLLOWER'],
						},
						{
							dimension: 'follow_type',
							bucket: 'NON_FOLLOWER',
							value: 0,
							dimensions: ['follow_type'],
							buckets: ['NON_FOLLOWER'],
						},
					],
				},
			],
			'follow_type',
		);
		expect(rows).toEqual([
			{ metric: 'views', dimension: 'follow_type', value: 'FOLLOWER', count: 228 },
			{ metric: 'views', dimension: 'follow_type', value: 'NON_FOLLOWER', count: 0 },
		]);
	});

	test('keeps a metric without buckets, with the reason', () => {
		const rows = bucketRows(
			[
				{ shape: 'absent', metric: 'reach', reason: 'not-additive' },
				{ shape: 'breakdown', metric: 'views', value: null, buckets: [] },
			],
			'follow_type',
			{ mediaId: '18' },
		);
		const empty = { dimension: 'follow_type', value: null, count: null };
		expect(rows).toEqual([
			{ mediaId: '18', metric: 'reach', ...empty, unavailable: { reach: 'not-additive' } },
			{ mediaId: '18', metric: 'views', ...empty, unavailable: { views: 'no-data' } },
		]);
	});
});
