import { describe, expect, test } from 'vitest';
import { metricColumns } from '../../nodes/rows/columns';
import { formatOf, mediaRow, scalar } from '../../nodes/rows/mediaRows';

const timeZone = 'Europe/Berlin';
const PHOTO = {
	id: '18000000000000001',
	media_type: 'IMAGE',
	media_product_type: 'FEED',
	timestamp: '2026-11-22T23:30:00+0000',
	permalink: 'https://www.instagram.com/p/abc/',
	caption: 'Bread #Sourdough #brot',
	like_count: 41,
	comments_count: 2,
	media_url: 'https://cdn.example/photo.jpg',
};

describe('mediaRow', () => {
	test('has time and format first, then the numbers, the links, the ID and the reasons', () => {
		const columns = metricColumns(
			['reach', 'views'],
			[
				{ shape: 'total', metric: 'reach', value: 812 },
				{ shape: 'absent', metric: 'views', reason: 'no-data' },
			],
		);
		expect(Object.entries(mediaRow(PHOTO, columns, { timeZone }))).toEqual([
			// Half past midnight on Monday in Berlin.
			['published', '2026-11-22T23:30:00.000Z'],
			['weekday', 1],
			['hour', 0],
			['format', 'Photo'],
			['caption', 'Bread #Sourdough #brot'],
			['reach', 812],
			['views', null],
			['like_count', 41],
			['comments_count', 2],
			['hashtags', '#Sourdough #brot'],
			['permalink', 'https://www.instagram.com/p/abc/'],
			['image_url', 'https://cdn.example/photo.jpg'],
			['id', '18000000000000001'],
			['unavailable', 'views: no-data'],
		]);
	});

	test('has the same columns for a post without any field', () => {
		const columns = metricColumns(['reach'], []);
		const bare = mediaRow({ id: '18' }, columns, { timeZone });
		expect(Object.keys(bare)).toEqual(Object.keys(mediaRow(PHOTO, columns, { timeZone })));
		expect(bare).toMatchObject({
			published: null,
			weekday: null,
			hour: null,
			format: null,
			image_url: null,
			hashtags: '',
		});
	});

	test.each([
		['hidden likes', { like_count: null }, undefined, 'like_count: withheld'],
		['licensed audio', { media_url: null, thumbnail_url: null }, undefined, 'image_url: withheld'],
		['a picture inside an album', { permalink: null }, undefined, 'permalink: album-child'],
		['the cover of a photo', { thumbnail_url: null }, ['thumbnail_url'], 'thumbnail_url: unsupported'],
		['a field that Meta leaves out without a word', { shortcode: null }, ['shortcode'], 'shortcode: no-data'],
		['a post without text', { caption: null }, undefined, ''],
		['the likes of a story', { media_product_type: 'STORY', like_count: null }, undefined, ''],
		['a medium that could not be read', { permalink: undefined, like_count: undefined }, undefined, ''],
	])('says why a field is empty: %s', (_, left, fields, unavailable) => {
		const row = mediaRow({ ...PHOTO, ...left }, metricColumns([], []), { fields, timeZone });
		expect(row.unavailable).toBe(unavailable);
	});

	test('follows the reasons of the metrics, once', () => {
		const columns = metricColumns(['reach'], []);
		const twice = { ...columns, gaps: [...columns.gaps, { column: 'image_url', reason: 'withheld' as const }] };
		const left = { ...PHOTO, like_count: null, media_url: null, thumbnail_url: null };
		const { unavailable } = mediaRow(left, twice, { timeZone });
		expect(unavailable).toBe('reach: no-data; image_url: withheld; like_count: withheld');
	});

	test('has likes and comments once: metrics replace the counts', () => {
		const columns = metricColumns(['likes'], [{ shape: 'total', metric: 'likes', value: 40 }]);
		const row = mediaRow(PHOTO, columns, { timeZone });
		expect(Object.keys(row).filter((name) => /like|comment/.test(name))).toEqual(['likes', 'comments_count']);
	});

	test.each([
		['a reel', { media_type: 'VIDEO', media_url: 'https://v', thumbnail_url: 'https://t' }, 'https://t'],
		['a video without a cover', { media_type: 'VIDEO', media_url: 'https://v' }, 'https://v'],
		['an album', { media_type: 'CAROUSEL_ALBUM', media_url: 'https://p' }, 'https://p'],
		['a photo of which only the cover came', { media_type: 'IMAGE', thumbnail_url: 'https://t' }, 'https://t'],
	])('has a picture of %s', (_, fields, url) => {
		expect(mediaRow({ id: '1', ...fields }, metricColumns([], []), { timeZone }).image_url).toBe(url);
	});

	test('shows the chosen fields instead of the default ones, after the numbers', () => {
		const fields = ['timestamp', 'shortcode', 'like_count', 'media_type', 'owner'];
		const media = { ...PHOTO, shortcode: 'abc', owner: { id: '17841400000000001' } };
		const row = mediaRow(media, metricColumns(['likes'], []), { fields, timeZone });
		expect(Object.keys(row)).toEqual([
			'published',
			'weekday',
			'hour',
			'format',
			'likes',
			'shortcode',
			'media_type',
			'owner',
			'id',
			'unavailable',
		]);
		expect(row.owner).toBe('17841400000000001');
	});

	test.each([
		['2026-03-29T00:59:59+0000', 7, 1],
		['2026-03-29T01:00:00+0000', 7, 3],
		['2026-10-25T01:00:00Z', 7, 2],
		['2026-11-26T12:00:00+0000', 4, 13],
	])('tells weekday and hour in the zone, also when the clocks change: %s', (timestamp, weekday, hour) => {
		expect(mediaRow({ id: '1', timestamp }, metricColumns([], []), { timeZone })).toMatchObject({ weekday, hour });
	});

	test.each([
		['#bread and #BREAD, #bread again', '#bread #BREAD'],
		['Brot #sauerteig_2026!', '#sauerteig_2026'],
		['#café #पाव #パン #хлеб', '#café #पाव #パン #хлеб'],
		['https://example.com/#menu &#39;tis C# no#tag', ''],
		[undefined, ''],
	])('finds the hashtags of %j', (caption, hashtags) => {
		expect(mediaRow({ id: '1', caption }, metricColumns([], []), { timeZone }).hashtags).toBe(hashtags);
	});
});

describe('formatOf', () => {
	test.each([
		['REELS', 'VIDEO', 'Reel'],
		['STORY', 'IMAGE', 'Story'],
		['STORY', 'VIDEO', 'Story'],
		['FEED', 'IMAGE', 'Photo'],
		['FEED', 'VIDEO', 'Video'],
		['FEED', 'CAROUSEL_ALBUM', 'Carousel'],
		['AD', 'IMAGE', 'Photo'],
		['SOMETHING', 'ELSE', null],
	])('calls %s %s a %s', (media_product_type, media_type, format) => {
		expect(formatOf({ id: '1', media_product_type, media_type })).toBe(format);
	});
});

describe('scalar', () => {
	test.each([
		[undefined, null],
		[false, false],
		[{ id: '17' }, '17'],
		[{ can_boost: true }, '{"can_boost":true}'],
		[['a', 'b'], '["a","b"]'],
	])('makes of %j the plain value %j', (value, plain) => {
		expect(scalar(value)).toBe(plain);
	});
});
