import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countPage, pageSizeOf, shrinkPages } from '../../src/client/memory.ts';

/** Read a list of so many media through pages of at most 100, of which those above `heaviest` are refused. */
function readList(media: number, heaviest: number, size = pageSizeOf(['media'], new Map())): number {
	let requests = 0;
	for (let left = media; left > 0; ) {
		const limit = Math.min(100, left, size.cap);
		requests += 1;
		if (limit > heaviest) shrinkPages(size, limit / 2);
		else {
			countPage(size, limit);
			left -= limit;
		}
	}
	return requests;
}

describe('page sizes', () => {
	test('have no limit before a page was too heavy', () => {
		expect(readList(1000, 100)).toBe(10);
	});

	test('are halved until they succeed, and larger ones are tried rarely', () => {
		// 100 and 50 refused, 40 pages of 25; a larger one that fails after 3, 6, 12 and so on.
		expect(readList(1000, 30)).toBeLessThanOrEqual(2 + 40 + 4);
	});

	test('grow again after the heavy media', () => {
		const size = pageSizeOf(['media'], new Map());
		readList(20, 3, size);
		// At three a page it would be 334.
		expect(readList(1000, 100, size)).toBeLessThanOrEqual(40);
	});

	test('belong to one question and do not affect others', () => {
		const sizes = new Map();
		shrinkPages(pageSizeOf(['media', ['id', 'children']], sizes), 3);
		expect(pageSizeOf(['media', ['id']], sizes).cap).toBe(Number.POSITIVE_INFINITY);
		expect(pageSizeOf(['media', ['id', 'children']], sizes).cap).toBe(3);
	});

	test('let every list end', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 100 }), (media, heaviest) => {
				expect(readList(media, heaviest)).toBeLessThanOrEqual(20 + (3 * media) / heaviest);
			}),
		);
	});
});
