import { describe, expect, test } from 'vitest';
import { accountMetricLimits } from '../../src/catalog/account-metric.ts';
import { addDays } from '../../src/query/calendar-day.ts';
import { checkQuery } from '../../src/query/check-query.ts';
import type { InsightsQuery, QueryContext } from '../../src/query/insights-query.ts';

// Noon in California on 23 November 2026.
const now = new Date('2026-11-23T20:00:00Z');
const facebook: QueryContext = { host: 'graph.facebook.com', now };
const instagram: QueryContext = { host: 'graph.instagram.com', now };
const lastWeek = { since: '2026-11-16', until: '2026-11-22' };
const asked = (kind: 'account-totals' | 'account-daily', metrics: readonly string[], more: object): InsightsQuery => ({
	kind,
	metrics,
	...lastWeek,
	...more,
});
const totals = (metrics: readonly string[], more: object) => asked('account-totals', metrics, more);
const daily = (metrics: readonly string[], more: object) => asked('account-daily', metrics, more);
const list = (more: object): InsightsQuery => ({ kind: 'media-list', ...more });
/** field, value, reason and suggestion of each problem. */
const found = (query: InsightsQuery, context = facebook) =>
	checkQuery(query, context).map(({ field, value, reason, suggestion }) => [field, value, reason, suggestion]);

describe('checkQuery of dates', () => {
	test.each(['2026-02-30', '23.11.2026', '', '2026-11-23T10:00:00Z'])('refuses "%s" as a day', (since) => {
		const problems = found(totals(['reach'], { since }));
		expect(problems).toHaveLength(1);
		expect(problems.at(0)?.slice(0, 3)).toEqual(['since', since, 'not-a-day']);
	});

	test('suggests the day of an instant', () => {
		expect(
			found(totals(['reach'], { since: '2026-11-16T10:00:00Z' }))
				.at(0)
				?.at(3),
		).toBe('2026-11-16');
	});

	test('refuses a range that ends before it begins', () => {
		expect(found(totals(['reach'], { since: '2026-11-22', until: '2026-11-16' }))).toEqual([
			['until', '2026-11-16', 'until-before-since', '2026-11-22'],
		]);
	});

	test('refuses the future, counted in California', () => {
		expect(found(totals(['reach'], { until: '2026-11-23' }))).toEqual([]);
		expect(found(totals(['reach'], { until: '2026-11-24' }))).toEqual([
			['until', '2026-11-24', 'future', '2026-11-23'],
		]);
		// In UTC it is the 24th already, in California not yet.
		const late = { ...facebook, now: new Date('2026-11-24T07:59:00Z') };
		expect(found(totals(['reach'], { until: '2026-11-24' }), late)).toHaveLength(1);
	});

	test('allows today in another time zone, and no later day', () => {
		const tokyo = { ...facebook, now: new Date('2026-11-24T06:30:00Z'), timeZone: 'Asia/Tokyo' };
		expect(found(totals(['reach'], { until: '2026-11-24' }), tokyo)).toEqual([]);
		expect(found(totals(['reach'], { since: '2026-11-24', until: '2026-11-24' }), tokyo)).toEqual([]);
		expect(found(totals(['reach'], { until: '2026-11-25' }), tokyo)).toEqual([
			['until', '2026-11-25', 'future', '2026-11-24'],
		]);
		const honolulu = { ...facebook, now: new Date('2026-11-24T08:30:00Z'), timeZone: 'Pacific/Honolulu' };
		expect(found(totals(['reach'], { until: '2026-11-24' }), honolulu)).toEqual([]);
	});

	test('names a time zone that does not exist', () => {
		const mars = { ...facebook, timeZone: 'Mars/Phobos' };
		expect(found(totals(['reach'], {}), mars)).toEqual([['timeZone', 'Mars/Phobos', 'unknown-time-zone', undefined]]);
	});

	test('allows 728 days back, and no more', () => {
		expect(found(totals(['reach'], { since: '2024-11-25' }))).toEqual([]);
		expect(found(totals(['reach'], { since: '2024-11-24' }))).toEqual([
			['since', '2024-11-24', 'too-old', '2024-11-25'],
		]);
	});

	test('allows as many days back as the row of a metric says, on each host', () => {
		for (const context of [facebook, instagram]) {
			for (const metric of ['follower_count', 'online_followers']) {
				const oldest = addDays('2026-11-23', -accountMetricLimits(metric, context.host).daysBack);
				const asked = (since: string): InsightsQuery =>
					metric === 'follower_count'
						? daily([metric], { since })
						: { kind: 'online-followers', since, until: '2026-11-22' };
				expect(found(asked(oldest), context)).toEqual([]);
				const older = addDays(oldest, -1);
				expect(found(asked(older), context)).toEqual([['since', older, 'too-old', oldest]]);
			}
		}
	});

	test('allows a metric with a shorter retention next to others', () => {
		expect(found(daily(['reach', 'follower_count'], { since: '2026-01-01' }))).toEqual([]);
		expect(found(totals(['views', 'follower_count'], { since: '2026-01-01' }))).toEqual([]);
	});

	test('allows 365 days back for follow_type, whose older buckets are silently missing', () => {
		expect(found(totals(['reach'], { since: '2025-11-23', breakdown: 'follow_type' }))).toEqual([]);
		expect(found(totals(['reach'], { since: '2025-11-22', breakdown: 'follow_type' }))).toEqual([
			['since', '2025-11-22', 'too-old', '2025-11-23'],
		]);
	});

	test('requires both ends of the range of online followers, or none', () => {
		expect(found({ kind: 'online-followers', since: '2026-11-16' })).toEqual([
			['until', undefined, 'range-incomplete', undefined],
		]);
	});

	test('allows media of any age, and an open end of the list', () => {
		expect(found(list({ since: '2015-01-01' }))).toEqual([]);
		expect(found(list({ since: '2026-11-22', until: '2026-11-16' }))).toEqual([
			['until', '2026-11-16', 'until-before-since', '2026-11-22'],
		]);
	});
});
