import { describe, expect, test } from 'vitest';
import { mediaRow } from '../../nodes/InstagramInsights/output/mediaRow';

describe('mediaRow', () => {
	test('puts the numbers behind what tells a medium from others, and before captions and links', () => {
		const media = {
			id: '18000000000000001',
			caption: 'Bread',
			permalink: 'https://www.instagram.com/p/abc/',
			media_type: 'IMAGE',
			media_product_type: 'FEED',
			timestamp: '2026-11-20T10:00:00+0000',
		};
		const subject = { kind: 'media', mediaId: media.id } as const;
		const row = mediaRow({
			media: media as never,
			insights: [
				{ shape: 'total', metric: 'reach', value: 812, subject } as never,
				{ shape: 'absent', metric: 'views', reason: 'no-data', subject } as never,
			],
		});
		expect(Object.entries(row)).toEqual([
			['id', '18000000000000001'],
			['media_product_type', 'FEED'],
			['timestamp', '2026-11-20T10:00:00+0000'],
			['reach', 812],
			['views', null],
			['caption', 'Bread'],
			['permalink', 'https://www.instagram.com/p/abc/'],
			['media_type', 'IMAGE'],
			['unavailable', { views: 'no-data' }],
		]);
	});
});
