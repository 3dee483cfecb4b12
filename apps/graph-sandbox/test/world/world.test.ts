import { describe, expect, test } from 'vitest';
import { createWorld } from '../../src/world/world.ts';
import { NOON } from '../ask.ts';

describe('createWorld', () => {
	test('accepts more accounts, and other facts for known ones', () => {
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

	test('counts people once over several days, also where a day was set', () => {
		const account = createWorld({}, 'sandbox', () => NOON).account('bakery');
		account.setDay('reach', '2026-11-10', 1000);
		account.setDay('reach', '2026-11-11', 400);
		account.setDay('views', '2026-11-10', 1000);
		account.setDay('views', '2026-11-11', 400);
		// The best day, and three quarters of the other; views are a sum.
		expect(account.total('reach', '2026-11-10', '2026-11-11')).toBe(1300);
		expect(account.total('views', '2026-11-10', '2026-11-11')).toBe(1400);
	});
});
