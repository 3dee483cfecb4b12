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

	test('takes fewer typos for the same name where the caller allows fewer', () => {
		expect(nearestName('messaging_optouts', ['messaging_optins'])).toBe('messaging_optins');
		expect(nearestName('messaging_optouts', ['messaging_optins'], 2)).toBeUndefined();
		expect(nearestName('mesaging_optin', ['messaging_optins'], 2)).toBe('messaging_optins');
	});

	test('makes no suggestion without names', () => {
		expect(nearestName('reach', [])).toBeUndefined();
	});
});
