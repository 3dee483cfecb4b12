import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWorld } from '../../src/world/world.ts';
import { NOON } from '../ask.ts';

const world = createWorld({}, 'sandbox', () => NOON);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('audienceRows', () => {
	test('an audience never counts more people than there are, in at most 45 rows, the largest first', () => {
		const dimensions = fc.constantFrom(['age'], ['gender'], ['country'], ['city'], ['age', 'gender']);
		fc.assert(
			fc.property(fc.constantFrom('bakery', 'large'), dimensions, (key, asked) => {
				const account = world.account(key);
				const values = account.audience('follower_demographics', asked, 30).map((row) => row.value);
				expect(sum(values)).toBeLessThanOrEqual(account.followersNow());
				expect(values.length).toBeLessThanOrEqual(45);
				expect(values).toEqual([...values].sort((a, b) => b - a));
			}),
		);
	});
});
