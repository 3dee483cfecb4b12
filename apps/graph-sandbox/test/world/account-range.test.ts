import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, daysFrom, pacificDay } from '../../src/world/pacific-day.ts';
import { createWorld, type World } from '../../src/world/world.ts';
import { NOON } from '../ask.ts';

const world: World = createWorld({}, 'sandbox', () => NOON);
const TODAY = pacificDay(NOON);
const accountKey = fc.constantFrom('bakery', 'large', 'tiny');
/** A range of one to sixty days within the last two years, all of it worked out. */
const range = fc
	.record({ back: fc.integer({ min: 4, max: 660 }), length: fc.integer({ min: 1, max: 60 }) })
	.map(({ back, length }) => ({ since: addDays(TODAY, -back - length + 1), until: addDays(TODAY, -back) }));
const additive = fc.constantFrom(
	'views',
	'likes',
	'comments',
	'saves',
	'shares',
	'reposts',
	'replies',
	'total_interactions',
	'profile_views',
	'website_clicks',
	'profile_links_taps',
	'follower_count',
);
const days = ({ since, until }: { since: string; until: string }) => daysFrom(since, addDays(until, 1));
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('rangeValue', () => {
	test('daily values of a counted metric add up to the total of the range', () => {
		fc.assert(
			fc.property(accountKey, additive, range, (key, metric, window) => {
				const account = world.account(key);
				const daily = days(window).map((day) => account.onDay(metric, day) ?? Number.NaN);
				expect(account.total(metric, window.since, window.until)).toBe(sum(daily));
			}),
		);
	});

	test('reach and engaged accounts of a range lie between the best day and the sum of days, below it from two days on', () => {
		fc.assert(
			fc.property(accountKey, fc.constantFrom('reach', 'accounts_engaged'), range, (key, metric, window) => {
				const account = world.account(key);
				const daily = days(window).map((day) => account.onDay(metric, day) ?? Number.NaN);
				const total = account.total(metric, window.since, window.until) ?? Number.NaN;
				expect(total).toBeGreaterThanOrEqual(Math.max(...daily));
				expect(total).toBeLessThanOrEqual(sum(daily));
				if (daily.filter((value) => value > 3).length > 1) expect(total).toBeLessThan(sum(daily));
			}),
		);
	});

	test('a longer range never reaches fewer people', () => {
		fc.assert(
			fc.property(accountKey, range, (key, window) => {
				const account = world.account(key);
				const longer = account.total('reach', addDays(window.since, -1), window.until) ?? Number.NaN;
				expect(longer).toBeGreaterThanOrEqual(account.total('reach', window.since, window.until) ?? Number.NaN);
			}),
		);
	});

	test('a day reaches at most as many people as it has views, and engages at most as many as it reaches', () => {
		fc.assert(
			fc.property(accountKey, range, (key, { since: day }) => {
				const account = world.account(key);
				const [views = 0, reach = 0, engaged = 0] = ['views', 'reach', 'accounts_engaged'].map((m) =>
					account.onDay(m, day),
				);
				expect(reach).toBeLessThanOrEqual(views);
				expect(engaged).toBeLessThanOrEqual(reach);
			}),
		);
	});

	test('buckets of a counted metric add up to its total, and no bucket is empty', () => {
		const asked = fc.constantFrom<[string, string[]][]>(
			['views', ['follow_type']],
			['views', ['media_product_type']],
			['views', ['follow_type', 'media_product_type']],
			['likes', ['media_product_type']],
			['saves', ['media_product_type']],
			['total_interactions', ['media_product_type']],
			['profile_links_taps', ['contact_button_type']],
		);
		fc.assert(
			fc.property(accountKey, asked, range, (key, [metric, dimensions], window) => {
				const account = world.account(key);
				const rows = account.breakdown(metric, dimensions, window.since, window.until);
				expect(sum(rows.map((row) => row.value))).toBe(account.total(metric, window.since, window.until));
				expect(rows.every((row) => row.value > 0 && row.dimensionValues.length === dimensions.length)).toBe(true);
			}),
		);
	});

	test('no surface of a day or range reaches more people than the account', () => {
		fc.assert(
			fc.property(accountKey, range, (key, { since, until }) => {
				const account = world.account(key);
				const total = account.total('reach', since, until) ?? Number.NaN;
				const surfaces = account.breakdown('reach', ['media_product_type'], since, until);
				expect(Math.max(0, ...surfaces.map((row) => row.value))).toBeLessThanOrEqual(total);
			}),
		);
	});

	test('followers and non-followers add up to the reach; surfaces add up to more', () => {
		fc.assert(
			fc.property(fc.constantFrom('bakery', 'large'), range, (key, window) => {
				const account = world.account(key);
				const total = account.total('reach', window.since, window.until) ?? Number.NaN;
				const rows = (dimension: string) =>
					sum(account.breakdown('reach', [dimension], window.since, window.until).map((row) => row.value));
				expect(rows('follow_type')).toBe(total);
				expect(rows('media_product_type')).toBeGreaterThan(total);
			}),
		);
	});

	test('total_interactions is the sum of its parts', () => {
		const parts = ['likes', 'comments', 'saves', 'shares', 'reposts', 'replies'];
		fc.assert(
			fc.property(accountKey, range, (key, { since, until }) => {
				const account = world.account(key);
				const all = sum(parts.map((part) => account.total(part, since, until) ?? Number.NaN));
				expect(account.total('total_interactions', since, until)).toBe(all);
			}),
		);
	});

	test('follows and unfollows agree with the daily follower counts', () => {
		fc.assert(
			fc.property(fc.constantFrom('bakery', 'large'), range, (key, window) => {
				const account = world.account(key);
				const rows = account.breakdown('follows_and_unfollows', ['follow_type'], window.since, window.until);
				const value = (name: string) => rows.find((row) => row.dimensionValues[0] === name)?.value ?? 0;
				expect(value('FOLLOWER')).toBe(
					sum(days(window).map((day) => account.onDay('follower_count', day) ?? Number.NaN)),
				);
				expect(value('NON_FOLLOWER')).toBe(
					sum(days(window).map((day) => account.onDay('unfollows', day) ?? Number.NaN)),
				);
			}),
		);
	});

	test('the same seed gives the same numbers in another sandbox, another seed others', () => {
		const again = createWorld({}, 'sandbox', () => NOON);
		const other = createWorld({}, 'another', () => NOON);
		const of = (one: World) => one.account('large').total('views', '2026-11-01', '2026-11-10');
		expect(of(again)).toBe(of(world));
		expect(of(other)).not.toBe(of(world));
	});

	test('a day keeps its numbers when the sandbox is started again later', () => {
		const later = createWorld({}, 'sandbox', () => new Date('2026-12-24T20:00:00Z'));
		expect(later.account('bakery').onDay('views', '2026-11-10')).toBe(
			world.account('bakery').onDay('views', '2026-11-10'),
		);
	});
});
