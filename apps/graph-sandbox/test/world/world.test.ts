import { describe, expect, test } from 'vitest';
import { createWorld } from '../../src/world/world.ts';
import { NOON } from '../ask.ts';

describe('createWorld', () => {
	test('takes more accounts, and other facts for known ones', () => {
		const world = createWorld(
			{
				accounts: [
					{ key: 'second-shop', followers: 900 },
					{ key: 'tiny', followers: 150, posts: { count: 2 } },
				],
			},
			'sandbox',
			() => NOON,
		);
		expect(Object.keys(world.accounts)).toEqual(['bakery', 'large', 'tiny', 'brand-new', 'second-shop']);
		expect(world.account('second-shop').tokens.instagram).toBe('IGAA-sandbox-second-shop');
		expect(world.account('tiny').followers).toBe(150);
		expect(world.account('tiny').media()).toHaveLength(2);
		expect(new Set(Object.values(world.accounts).map((account) => account.id)).size).toBe(5);
	});

	test('says which accounts there are when asked for another', () => {
		expect(() => createWorld({}, 'sandbox', () => NOON).account('nobody')).toThrow(/bakery, large, tiny, brand-new/);
	});
});
