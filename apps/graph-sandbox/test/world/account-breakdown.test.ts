import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACCOUNT_BREAKDOWN_PAIRS, ACCOUNT_METRIC_RULES } from '../../src/answer/metric-rules.ts';
import { addDays, pacificDay } from '../../src/world/pacific-day.ts';
import { createWorld } from '../../src/world/world.ts';
import { NOON } from '../ask.ts';

const TODAY = pacificDay(NOON);
const bakery = () => createWorld({}, 'sandbox', () => NOON).account('bakery');
const sum = (rows: readonly { readonly value: number }[]) => rows.reduce((total, row) => total + row.value, 0);
const accountKey = fc.constantFrom('bakery', 'large', 'tiny', 'brand-new');
const back = fc.integer({ min: 4, max: 60 });
const number = fc.oneof(fc.nat(5), fc.nat(1_000_000));

describe('rangeBreakdown of a day whose number was set', () => {
	test('adds up to the number, alone and among other days', () => {
		const counts = Object.entries(ACCOUNT_METRIC_RULES).filter(([, { shape }]) => shape === 'count');
		const single = counts.flatMap(([metric, { breakdowns }]) => breakdowns.map((name) => ({ metric, by: [name] })));
		const pairs = ACCOUNT_BREAKDOWN_PAIRS.filter(({ metric }) => counts.some(([name]) => name === metric));
		// Of a person who is counted on two surfaces, each has one.
		const add = single.filter(({ metric, by }) => metric !== 'reach' || by[0] !== 'media_product_type');
		const asked = fc.constantFrom(...add, ...pairs.map(({ metric, pair }) => ({ metric, by: pair })));
		fc.assert(
			fc.property(accountKey, asked, back, number, (key, { metric, by: dimensions }, ago, value) => {
				const account = createWorld({}, 'sandbox', () => NOON).account(key);
				const day = addDays(TODAY, -ago);
				account.setDay(metric, day, value);
				expect(sum(account.breakdown(metric, dimensions, day, day))).toBe(value);
				const [since, until] = [addDays(day, -3), addDays(day, 1)];
				const rows = account.breakdown(metric, dimensions, since, until);
				expect(sum(rows)).toBe(account.total(metric, since, until));
				expect(rows.every((row) => row.value > 0 && row.dimensionValues.length === dimensions.length)).toBe(true);
			}),
		);
	});

	test('has surfaces that together reach everybody and none that reaches more', () => {
		fc.assert(
			fc.property(accountKey, back, number, (key, ago, value) => {
				const account = createWorld({}, 'sandbox', () => NOON).account(key);
				const day = addDays(TODAY, -ago);
				account.setDay('reach', day, value);
				const rows = account.breakdown('reach', ['media_product_type'], day, day);
				expect(sum(rows)).toBeGreaterThanOrEqual(value);
				expect(rows.every((row) => row.value > 0 && row.value <= value)).toBe(true);
			}),
		);
	});

	test('shares the number out as the day itself does', () => {
		const account = bakery();
		const views = account.onDay('views', '2026-11-10') ?? Number.NaN;
		const drawn = account.breakdown('views', ['media_product_type'], '2026-11-10', '2026-11-10');
		account.setDay('views', '2026-11-10', views * 3);
		expect(account.breakdown('views', ['media_product_type'], '2026-11-10', '2026-11-10')).toEqual(
			drawn.map((row) => ({ ...row, value: row.value * 3 })),
		);
	});

	test('has no bucket when the number is 0', () => {
		const account = bakery();
		for (const [metric, dimension] of [
			['views', 'follow_type'],
			['reach', 'follow_type'],
			['reach', 'media_product_type'],
			['profile_links_taps', 'contact_button_type'],
		] as const) {
			account.setDay(metric, '2026-11-10', 0);
			expect(account.breakdown(metric, [dimension], '2026-11-10', '2026-11-10')).toEqual([]);
		}
	});

	test('puts the number of a day without anything on posts, seven tenths of it with followers', () => {
		const account = createWorld({}, 'sandbox', () => NOON).account('brand-new');
		account.setDay('views', '2026-11-10', 10);
		expect(account.breakdown('views', ['media_product_type', 'follow_type'], '2026-11-10', '2026-11-10')).toEqual([
			{ dimensionValues: ['POST', 'FOLLOWER'], value: 7 },
			{ dimensionValues: ['POST', 'NON_FOLLOWER'], value: 3 },
		]);
	});

	test('reads follows from follower_count, as on days that were not set', () => {
		const account = bakery();
		account.setDay('follower_count', '2026-11-10', 42);
		account.setDay('unfollows', '2026-11-10', 7);
		expect(account.breakdown('follows_and_unfollows', ['follow_type'], '2026-11-10', '2026-11-10')).toEqual([
			{ dimensionValues: ['FOLLOWER'], value: 42 },
			{ dimensionValues: ['NON_FOLLOWER'], value: 7 },
		]);
	});

	test('leaves other metrics of the day alone', () => {
		const account = bakery();
		const rows = () => account.breakdown('views', ['follow_type'], '2026-11-10', '2026-11-10');
		const before = rows();
		account.setDay('likes', '2026-11-10', 9_999);
		expect(rows()).toEqual(before);
	});
});
