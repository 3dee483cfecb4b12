import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bestTimes, median, rankBestTimes } from '../../src/insight/best-times.ts';

const at = (weekday: number, hour: number) => (weekday - 1) * 24 + hour;
const post = (publishedAt: string, value: number | null) => ({ publishedAt: new Date(publishedAt), value });

describe('bestTimes', () => {
	test('has a row for each weekday and hour, Monday first', () => {
		const times = bestTimes([], [], 'UTC');
		expect(times).toHaveLength(168);
		expect(times[0]).toMatchObject({ weekday: 1, hour: 0, timezone: 'UTC' });
		expect(times[167]).toMatchObject({ weekday: 7, hour: 23 });
	});

	// 2026-11-02 is a Monday. 18:05 UTC is 19:05 in Berlin, and 03:05 on Tuesday in Tokyo.
	test.each([
		['UTC', 1, 18],
		['Europe/Berlin', 1, 19],
		['Asia/Tokyo', 2, 3],
		['Asia/Kolkata', 1, 23],
	])('counts a post in the hour of %s', (zone, weekday, hour) => {
		const times = bestTimes([], [post('2026-11-02T18:05:00Z', 40)], zone);
		expect(times.filter(({ posts }) => posts > 0)).toEqual([
			{ weekday, hour, timezone: zone, followersOnline: null, posts: 1, median: 40, score: null },
		]);
	});

	// Monday 6 July, 09:00 in Los Angeles (UTC-7) is 18:00 in Berlin; Monday 5 January, 09:00 (UTC-8) too.
	test('reads hours of online followers as Pacific time and averages the days', () => {
		const day = (date: string, value: number) => ({ date, endTime: '', hours: [{ hour: 9, value }] });
		const times = bestTimes([day('2026-07-06', 100), day('2026-01-05', 50)], [], 'Europe/Berlin');
		expect(times[at(1, 18)]?.followersOnline).toBe(75);
		expect(times.filter(({ followersOnline }) => followersOnline !== null)).toHaveLength(1);
	});

	// All values: 10 20 30 40 100, usual 30. Mondays at 18: 10 20 30, median 20, so 20 / 30 of the usual.
	test('scores an hour by its median against the median of all posts', () => {
		const mondays = [
			post('2026-11-02T18:00:00Z', 10),
			post('2026-11-09T18:10:00Z', 20),
			post('2026-11-16T18:59:59Z', 30),
		];
		const others = [post('2026-11-03T12:00:00Z', 40), post('2026-11-10T12:00:00Z', 100)];
		const times = bestTimes([], [...mondays, ...others], 'UTC');
		expect(times[at(1, 18)]).toMatchObject({ posts: 3, median: 20, score: 20 / 30 });
		expect(times[at(2, 12)]).toMatchObject({ posts: 2, median: 70, score: null });
	});

	test('does not count posts without a value, and scores nothing if the overall median is 0', () => {
		const posts = ['2026-11-02', '2026-11-09', '2026-11-16'].map((day) => post(`${day}T18:00:00Z`, 0));
		const times = bestTimes([], [...posts, post('2026-11-23T18:00:00Z', null)], 'UTC');
		expect(times[at(1, 18)]).toMatchObject({ posts: 3, median: 0, score: null });
	});

	test('never scores an hour with fewer than three posts', () => {
		const instants = fc.date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true });
		const posts = fc.array(fc.record({ publishedAt: instants, value: fc.option(fc.nat(1000)) }), { maxLength: 300 });
		fc.assert(
			fc.property(
				posts,
				fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/Los_Angeles'),
				(list, zone) => {
					const times = bestTimes([], list, zone);
					expect(times.filter(({ score, posts }) => score !== null && posts < 3)).toEqual([]);
					expect(times.reduce((sum, { posts }) => sum + posts, 0)).toBe(
						list.filter(({ value }) => value !== null).length,
					);
				},
			),
		);
	});
});

describe('rankBestTimes', () => {
	test('sorts by score, then by followers online, and leaves out empty hours', () => {
		const row = { weekday: 1, timezone: 'UTC', posts: 3, median: 1 };
		const times = [
			{ ...row, hour: 1, score: null, followersOnline: 900 },
			{ ...row, hour: 2, score: 0.5, followersOnline: null },
			{ ...row, hour: 3, score: 2, followersOnline: 10 },
			{ ...row, hour: 4, score: null, followersOnline: null },
		];
		expect(rankBestTimes(times).map(({ hour }) => hour)).toEqual([3, 2, 1]);
	});
});

describe('median', () => {
	test.each([
		[[], null],
		[[5], 5],
		[[9, 1], 5],
		[[3, 1, 2], 2],
		[[4, 1, 3, 2], 2.5],
		[[10, 9, 100], 10],
	])('of %j is %s', (values, middle) => {
		expect(median(values)).toBe(middle);
	});

	test('has as many values on each side', () => {
		fc.assert(
			fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
				const middle = median(values) ?? Number.NaN;
				const below = values.filter((value) => value < middle).length;
				const above = values.filter((value) => value > middle).length;
				expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2);
			}),
		);
	});
});
