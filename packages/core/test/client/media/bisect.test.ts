import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseRun } from '../../../src/client/media/bisect.ts';
import type { MediaFields } from '../../../src/graph/media-answer.ts';

const post = (index: number, video = false): MediaFields => ({
	id: String(index),
	media_product_type: 'FEED',
	media_type: video ? 'VIDEO' : 'IMAGE',
});

/** Bisect for one culprit the way a reader does, and count the requests. */
function bisect(
	media: readonly MediaFields[],
	culprit: number,
	about: 'boundary' | 'medium',
): { found: number; requests: number } {
	let at = 0;
	let span = media.length;
	let requests = 0;
	while (span > 1) {
		const run = chooseRun(100, about === 'medium' ? media.slice(at) : [], { span, about });
		requests += 1;
		if (at + run > culprit) {
			if (run === 1) break;
			span = run;
		} else {
			at += run;
			span -= run;
		}
	}
	return { found: at, requests };
}

describe('chooseRun', () => {
	test('takes the maximum if there is no suspect', () => {
		expect(chooseRun(100, [], null)).toBe(100);
	});

	test('finds the first of 100 posts that is older than the business account in seven requests', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 99 }), (boundary) => {
				const { found, requests } = bisect(
					Array.from({ length: 100 }, (_, i) => post(i)),
					boundary,
					'boundary',
				);
				expect(found).toBe(boundary);
				expect(requests).toBeLessThanOrEqual(7);
			}),
		);
	});

	test('suspects old videos among posts first, and finds the one of eight in five requests', () => {
		const media = Array.from({ length: 100 }, (_, index) => post(index, index % 13 === 5));
		const videos = media.flatMap((one, index) => (one.media_type === 'VIDEO' ? index : []));
		expect(videos).toHaveLength(8);
		for (const culprit of videos) {
			const { found, requests } = bisect(media, culprit, 'medium');
			expect(found).toBe(culprit);
			expect(requests).toBeLessThanOrEqual(5);
		}
	});

	test('finds any other refused media item', () => {
		fc.assert(
			fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 100 }), fc.nat(), (videos, pick) => {
				const media = videos.map((video, index) => post(index, video));
				const culprit = pick % media.length;
				expect(bisect(media, culprit, 'medium').found).toBe(culprit);
			}),
		);
	});
});
