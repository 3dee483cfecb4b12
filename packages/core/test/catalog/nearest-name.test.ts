import { describe, expect, test } from 'vitest';
import { nearestName } from '../../src/catalog/nearest-name.ts';

const names = ['reach', 'views', 'saves', 'profile_views', 'total_interactions', 'follower_count'];

describe('nearestName', () => {
	test.each([
		['Reach', 'reach'],
		['profileViews', 'profile_views'],
		['Profile Views', 'profile_views'],
		['raech', 'reach'],
		['total_interaction', 'total_interactions'],
		['folower_count', 'follower_count'],
		['view', 'views'],
	])('reads %s as %s', (typed, meant) => {
		expect(nearestName(typed, names)).toBe(meant);
	});

	test.each(['sales', ''])('makes no suggestion for "%s"', (typed) => {
		expect(nearestName(typed, ['total_interactions', 'follower_count'])).toBeUndefined();
	});

	test('makes no suggestion without names', () => {
		expect(nearestName('reach', [])).toBeUndefined();
	});
});
