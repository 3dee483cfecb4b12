import { describe, expect, test } from 'vitest';
import { createWorld, type WorldOptions } from '../../src/world/world.ts';
import { NOON } from '../ask.ts';

const large = (options: WorldOptions = {}, now = NOON) => createWorld(options, 'sandbox', () => now).account('large');

describe('createMedia', () => {
	test('makes the large account of every product and media type', () => {
		const kinds = new Set(
			large()
				.media()
				.map((media) => `${media.productType} ${media.mediaType}`),
		);
		expect([...kinds].sort()).toEqual(['AD IMAGE', 'FEED CAROUSEL_ALBUM', 'FEED IMAGE', 'FEED VIDEO', 'REELS VIDEO']);
		expect(large().media()).toHaveLength(2_400);
		expect(large().stories()).toHaveLength(12);
	});

	test('puts exactly the asked share of posts before the conversion, at the old end', () => {
		const media = large({ media: 1_000, beforeConversionShare: 0.05 }).media();
		expect(media.map((one) => one.beforeConversion).indexOf(true)).toBe(950);
		expect(media.filter((one) => one.beforeConversion)).toHaveLength(50);
	});

	test('makes exactly the asked share of posts ads', () => {
		expect(
			large({ media: 1_000, adShare: 0.01 })
				.media()
				.filter((one) => one.productType === 'AD'),
		).toHaveLength(10);
		expect(
			large({ media: 1_000, adShare: 0 })
				.media()
				.some((one) => one.productType === 'AD'),
		).toBe(false);
	});

	test('makes old feed videos that refuse views only when asked', () => {
		expect(
			large()
				.media()
				.some((one) => one.legacyVideo),
		).toBe(false);
		const legacy = large({ media: 500, legacyVideoShare: 0.02 })
			.media()
			.filter((one) => one.legacyVideo);
		expect(legacy.length).toBeGreaterThanOrEqual(9);
		expect(legacy.every((one) => one.productType === 'FEED' && one.mediaType === 'VIDEO')).toBe(true);
	});

	test('makes any share of feed videos old, half and all of them too', () => {
		for (const [share, count] of [
			[0.3, 300],
			[0.5, 500],
			[1, 1_000],
		] as const) {
			const posts = large({ media: 1_000, adShare: 0, legacyVideoShare: share }).media();
			expect(posts.filter((one) => one.legacyVideo)).toHaveLength(count);
		}
	});

	test('lists strictly newest first, none in the future, ids unique, odd and beyond 2^53', () => {
		const media = large({ media: 10_000, postsEveryHours: 2 }).media();
		expect(media.every((one, index) => index === 0 || one.timestamp < (media[index - 1]?.timestamp ?? 0))).toBe(true);
		expect(media[0]?.timestamp).toBeLessThanOrEqual(NOON.getTime());
		expect(new Set(media.map((one) => one.id)).size).toBe(10_000);
		expect(media.every((one) => /^\d{16}[13579]$/.test(one.id) && Number(one.id) > Number.MAX_SAFE_INTEGER)).toBe(true);
	});

	test('keeps a post the same when the sandbox is started again a day later', () => {
		const today = large().media();
		const tomorrow = large({}, new Date(NOON.getTime() + 86_400_000)).media();
		const [newest] = today;
		const same = tomorrow.find((one) => one.id === newest?.id);
		expect(same).toEqual(newest);
		expect(tomorrow[0]?.id).not.toBe(newest?.id);
	});

	test('gives albums two to six pictures with ids of their own', () => {
		const albums = large()
			.media()
			.filter((one) => one.mediaType === 'CAROUSEL_ALBUM');
		expect(albums.every((one) => one.childIds.length >= 2 && one.childIds.length <= 6)).toBe(true);
		const ids = albums.flatMap((one) => one.childIds);
		expect(new Set(ids).size).toBe(ids.length);
	});
});
