import { describe, expect, test } from 'vitest';
import { APPS } from '../../src/index.ts';
import type { HostName } from '../../src/world/host.ts';
import { type Insight, sandboxForFile } from '../ask.ts';

const { ask, sandbox, clock } = sandboxForFile();
const IG = 'graph.instagram.com/v25.0/me/insights';
const FB_LARGE = 'graph.facebook.com/v25.0/17841401714833121/insights';
const LAST_WEEK = 'since=2026-11-08&until=2026-11-15';

const instagram = (query: string, account = 'bakery') => ask(`${IG}?${query}`, `IGAA-sandbox-${account}`);
const facebook = (query: string) => ask(`${FB_LARGE}?${query}`, 'EAA-sandbox-large');
const named = (data: readonly Insight[] | undefined, name: string): Insight | undefined =>
	data?.find((item) => item.name === name);

describe('accountInsights', () => {
	test('answers several totals in one call, with the numbers of the world', async () => {
		const { status, body } = await instagram(
			`metric=reach,views,likes&metric_type=total_value&period=day&${LAST_WEEK}`,
		);
		const bakery = sandbox().world.account('bakery');
		expect(status).toBe(200);
		expect(body.data?.map((item) => [item.name, item.total_value?.value])).toEqual(
			['reach', 'views', 'likes'].map((metric) => [metric, bakery.total(metric, '2026-11-08', '2026-11-14')]),
		);
		expect(body.data?.[0]?.id).toBe('17841401714833111/insights/reach/day');
	});

	test('answers reach as a series that labels each day by the midnight that ends it', async () => {
		const { body } = await instagram('metric=reach&period=day&since=2026-10-31&until=2026-11-03');
		const bakery = sandbox().world.account('bakery');
		// Clocks go back in the night to 2026-11-01: the day that ends on the 2nd ends at 08:00Z.
		expect(body.data?.[0]?.values).toEqual([
			{ value: bakery.onDay('reach', '2026-10-31'), end_time: '2026-11-01T07:00:00+0000' },
			{ value: bakery.onDay('reach', '2026-11-01'), end_time: '2026-11-02T08:00:00+0000' },
			{ value: bakery.onDay('reach', '2026-11-02'), end_time: '2026-11-03T08:00:00+0000' },
		]);
	});

	test('answers the last complete day when no window is given', async () => {
		const { body } = await instagram('metric=reach&period=day');
		expect(body.data?.[0]?.values?.map((point) => point.end_time)).toEqual(['2026-11-20T08:00:00+0000']);
	});

	test('snaps unix seconds inside a day to that Pacific day', async () => {
		const since = Date.parse('2026-11-10T15:30:00Z') / 1000;
		const until = Date.parse('2026-11-12T15:30:00Z') / 1000;
		const { body } = await instagram(`metric=reach&period=day&since=${since}&until=${until}`);
		expect(body.data?.[0]?.values?.map((point) => point.end_time)).toEqual([
			'2026-11-11T08:00:00+0000',
			'2026-11-12T08:00:00+0000',
		]);
	});

	test('fails the whole call for one unknown or removed name, listing the live names', async () => {
		const { status, body } = await facebook('metric=reach,impressions&period=day');
		expect(status).toBe(400);
		expect(body.error).toMatchObject({ code: 100, type: 'OAuthException' });
		expect(body.error?.message).toMatch(
			/^\(#100\) metric\[1\] must be one of the following values: reach, follower_count, website_clicks, .*threads_reposts$/,
		);
		expect(body.data).toBeUndefined();
	});

	test('words the same refusal without the code on the Instagram host, with its own type', async () => {
		const { body } = await instagram('metric=impressions&period=day');
		expect(body.error?.type).toBe('IGApiException');
		expect(body.error?.message).toMatch(/^metric\[0\] must be one of/);
	});

	test('names every metric that needs metric_type=total_value', async () => {
		const { body } = await facebook('metric=reach,views,profile_views&period=day');
		expect(body.error?.message).toBe(
			'(#100) The following metrics (views,profile_views) should be specified with parameter metric_type=total_value',
		);
	});

	test('refuses a total as a series', async () => {
		const { body } = await facebook('metric=views&period=day&metric_type=time_series');
		expect(body.error?.message).toBe(
			'(#100) The following metric (views) is incompatible with the metric type (time_series)',
		);
	});

	test('refuses follower_count with a metric type', async () => {
		const { body } = await facebook('metric=follower_count&period=day&metric_type=total_value');
		expect(body.error?.message).toBe(
			'(#100) The following metric (follower_count) is incompatible with the metric type (total_value)',
		);
	});

	test('refuses a period the metric does not have', async () => {
		const { body } = await facebook('metric=follower_demographics&period=day&metric_type=total_value&breakdown=age');
		expect(body.error?.message).toBe(
			'(#100) The following periods (day) are incompatible with the metric (follower_demographics)',
		);
	});

	test('accepts metrics and one period as the JSON lists that Meta’s SDKs send', async () => {
		const query = (metric: string, period: string) =>
			new URLSearchParams({ metric, period, metric_type: 'total_value' });
		const answered = await instagram(`${query('["reach","views"]', '["day"]')}`);
		expect(answered.body.data?.map((item) => item.name)).toEqual(['reach', 'views']);
		const refused = await facebook(`${query('["reach"]', '["day","lifetime"]')}`);
		expect(refused.body.error?.message).toMatch(/^\(#100\) period must be one of/);
	});

	test('gives reach of rolling weeks on Facebook, refuses them for other metrics, and answers days on Instagram', async () => {
		const rolling = await facebook('metric=reach&period=week&since=2026-11-10&until=2026-11-12');
		const refused = await facebook('metric=views&period=days_28&metric_type=total_value');
		const answered = await instagram('metric=reach&period=days_28');
		expect(rolling.body.data?.[0]?.period).toBe('week');
		expect(refused.body.error?.message).toContain('periods (days_28) are incompatible with the metric (views)');
		expect(answered.body.data?.[0]?.period).toBe('day');
	});

	test('refuses follower_type, the name the documentation prints', async () => {
		const { body } = await facebook('metric=views&period=day&metric_type=total_value&breakdown=follower_type');
		expect(body.error?.message).toContain('breakdown[0] must be one of the following values: age, city');
	});

	test('fails the call when one metric does not take the breakdown', async () => {
		const { body } = await facebook('metric=views,replies&period=day&metric_type=total_value&breakdown=follow_type');
		expect(body.error?.message).toBe('(#100) An unknown error has occurred');
	});

	test('drops the breakdown of a series without a word', async () => {
		const { status, body } = await facebook(
			'metric=reach&period=day&metric_type=time_series&breakdown=follow_type&since=2026-11-10&until=2026-11-12',
		);
		expect(status).toBe(200);
		expect(body.data?.[0]?.values).toHaveLength(2);
		expect(body.data?.[0]?.total_value).toBeUndefined();
	});

	test('breaks views down by two dimensions at once', async () => {
		const { body } = await instagram(
			`metric=views&period=day&metric_type=total_value&breakdown=follow_type,media_product_type&${LAST_WEEK}`,
		);
		const total = body.data?.[0]?.total_value;
		expect(total?.breakdowns?.[0]?.dimension_keys).toEqual(['follow_type', 'media_product_type']);
		const sum = total?.breakdowns?.[0]?.results?.reduce((all, row) => all + row.value, 0);
		expect(sum).toBe(total?.value);
	});

	test('refuses two breakdowns for a metric that accepts each of them alone', async () => {
		const { body } = await facebook(
			'metric=reach&period=day&metric_type=total_value&breakdown=follow_type,media_product_type',
		);
		expect(body.error?.message).toBe('(#100) An unknown error has occurred');
	});

	test('answers rows by follow type only for about the last year, and the total for all of it', async () => {
		const { body } = await instagram(
			'metric=views&period=day&metric_type=total_value&breakdown=follow_type&since=2025-06-01&until=2025-06-10',
		);
		expect(body.data?.[0]?.total_value?.value).toBeGreaterThan(0);
		expect(body.data?.[0]?.total_value?.breakdowns).toEqual([{ dimension_keys: ['follow_type'] }]);
	});

	test('answers follows_and_unfollows without its breakdown as a shell', async () => {
		const { body } = await instagram(`metric=follows_and_unfollows&period=day&metric_type=total_value&${LAST_WEEK}`);
		expect(body.data?.[0]?.name).toBe('follows_and_unfollows');
		expect(body.data?.[0]?.total_value).toBeUndefined();
	});

	test('answers follows_and_unfollows with rows and no total, agreeing with follower_count', async () => {
		const follows = await instagram(
			`metric=follows_and_unfollows&period=day&metric_type=total_value&breakdown=follow_type&${LAST_WEEK}`,
		);
		const gained = await instagram(`metric=follower_count&period=day&${LAST_WEEK}`);
		const sum = gained.body.data?.[0]?.values?.reduce((all, point) => all + Number(point.value), 0);
		const total = follows.body.data?.[0]?.total_value;
		expect(total?.value).toBeUndefined();
		expect(total?.breakdowns?.[0]?.results?.find((row) => row.dimension_values[0] === 'FOLLOWER')?.value).toBe(sum);
	});

	test('has no follows_and_unfollows for the last two days', async () => {
		const query = 'metric=follows_and_unfollows&period=day&metric_type=total_value&breakdown=follow_type';
		const late = await instagram(`${query}&since=2026-11-18&until=2026-11-20`);
		const earlier = await instagram(`${query}&since=2026-11-17&until=2026-11-18`);
		expect(late.body.data).toEqual([]);
		expect(earlier.body.data).toHaveLength(1);
	});

	test('has no rows of follows and unfollows from before the last year either', async () => {
		const rows = async (window: string) => {
			const query = 'metric=follows_and_unfollows&period=day&metric_type=total_value&breakdown=follow_type';
			const { body } = await instagram(`${query}&${window}`);
			return body.data?.[0]?.total_value?.breakdowns?.[0];
		};
		expect(await rows('since=2025-06-01&until=2025-06-10')).toEqual({ dimension_keys: ['follow_type'] });
		// 366 days before 2026-11-20.
		expect(await rows('since=2025-06-01&until=2026-06-01')).toEqual(await rows('since=2025-11-19&until=2026-06-01'));
	});

	test('ignores the window of demographics, however wide or old', async () => {
		const query = 'metric=follower_demographics&period=lifetime&metric_type=total_value&breakdown=age';
		const plain = await facebook(query);
		const wide = await facebook(`${query}&since=2020-01-01&until=2026-11-01`);
		expect([wide.status, wide.body]).toEqual([200, plain.body]);
	});

	test('puts the timeframe first among the keys of demographics', async () => {
		const { body } = await instagram(
			'metric=follower_demographics&period=lifetime&metric_type=total_value&breakdown=country&timeframe=this_month',
		);
		const breakdown = body.data?.[0]?.total_value?.breakdowns?.[0];
		expect(breakdown?.dimension_keys).toEqual(['timeframe', 'country']);
		expect(breakdown?.results?.[0]?.dimension_values).toEqual(['THIS_MONTH', 'PT']);
		expect(body.data?.[0]?.total_value?.value).toBeUndefined();
	});

	test('leaves the timeframe key out when none is asked', async () => {
		const { body } = await instagram(
			'metric=follower_demographics&period=lifetime&metric_type=total_value&breakdown=age,gender',
		);
		expect(body.data?.[0]?.total_value?.breakdowns?.[0]?.dimension_keys).toEqual(['age', 'gender']);
		expect(body.data?.[0]?.total_value?.breakdowns?.[0]?.results).toHaveLength(21);
	});

	test('stops demographics at 45 rows', async () => {
		const { body } = await facebook(
			'metric=follower_demographics&period=lifetime&metric_type=total_value&breakdown=city',
		);
		expect(body.data?.[0]?.total_value?.breakdowns?.[0]?.results).toHaveLength(45);
	});

	test('accepts the old timeframes for followers and refuses them for the engaged audience', async () => {
		const query = 'period=lifetime&metric_type=total_value&breakdown=age&timeframe=last_90_days';
		const followers = await facebook(`metric=follower_demographics&${query}`);
		const engaged = await facebook(`metric=engaged_audience_demographics&${query}`);
		expect(followers.status).toBe(200);
		expect(engaged.body.error?.message).toBe(
			'(#100) timeframe must be one of the following values: this_week, this_month',
		);
	});

	test('has no follower metrics below 100 followers', async () => {
		for (const query of [
			'metric=follower_demographics&period=lifetime&metric_type=total_value&breakdown=age',
			'metric=follower_count&period=day',
			'metric=online_followers&period=lifetime',
			`metric=follows_and_unfollows&period=day&metric_type=total_value&breakdown=follow_type&${LAST_WEEK}`,
		]) {
			expect((await instagram(query, 'tiny')).body.data, query).toEqual([]);
		}
	});

	test('answers an hour map for each day, empty for the last two', async () => {
		const { body } = await instagram('metric=online_followers&period=lifetime&since=2026-11-10&until=2026-11-20');
		const values = body.data?.[0]?.values ?? [];
		expect(values).toHaveLength(10);
		expect(values.slice(-2).map((point) => point.value)).toEqual([{}, {}]);
		const full = values.find((point) => Object.keys(point.value as object).length > 0);
		expect(Object.keys(full?.value as object)).toEqual(Array.from({ length: 24 }, (_, hour) => String(hour)));
	});

	test('answers an empty list for an account without data, and never a zero', async () => {
		const { body } = await instagram('metric=reach,views&period=day&metric_type=total_value', 'brand-new');
		expect(body.data).toEqual([]);
	});

	test('leaves the value out for a day that is not worked out yet', async () => {
		// The large account's numbers come 30 hours after the day: the 19th is not ready at noon on the 20th.
		const { body } = await facebook('metric=reach&period=day&since=2026-11-17&until=2026-11-20');
		expect(body.data?.[0]?.values?.map((point) => 'value' in point)).toEqual([true, true, false]);
	});

	test('answers an empty list when no day of the window is worked out, and the value hours later', async () => {
		const query = 'metric=views&period=day&metric_type=total_value&since=2026-11-19&until=2026-11-20';
		expect((await facebook(query)).body.data).toEqual([]);
		clock.set('2026-11-21T15:00:00Z');
		expect((await facebook(query)).body.data).toHaveLength(1);
	});

	test('still answers profile_views and website_clicks as totals', async () => {
		const { body } = await instagram(
			`metric=profile_views,website_clicks&period=day&metric_type=total_value&${LAST_WEEK}`,
		);
		expect(named(body.data, 'profile_views')?.total_value?.value).toBeGreaterThan(0);
		expect(named(body.data, 'website_clicks')?.total_value?.value).toBeGreaterThan(0);
	});

	test('answers nothing without a word on Facebook when the insights permission is missing', async () => {
		const reply = await ask(`${FB_LARGE}?metric=reach&period=day`, 'EAA-sandbox-large-no-insights-permission');
		expect([reply.status, reply.body.data]).toEqual([200, []]);
	});

	test('requires every permission of insights', async () => {
		const token = (host: HostName, scopes: readonly string[]) =>
			sandbox().world.tokens.issue({
				host,
				kind: 'long',
				accounts: ['large'],
				appId: host === 'graph.facebook.com' ? APPS.facebook.id : APPS.instagram.id,
				issuedAt: 0,
				expiresAt: null,
				scopes,
				state: 'good',
				proofRequired: false,
				limit: 'none',
				scenario: null,
			}).value;
		const count = async (...scopes: string[]) =>
			(await ask(`${FB_LARGE}?metric=reach&period=day&until=2026-11-19`, token('graph.facebook.com', scopes))).body.data
				?.length;
		expect(await count('instagram_basic', 'instagram_manage_insights')).toBe(0);
		expect(await count('instagram_manage_insights', 'pages_read_engagement')).toBe(0);
		expect(await count('instagram_basic', 'instagram_manage_insights', 'pages_read_engagement')).toBe(1);
		const alone = token('graph.instagram.com', ['instagram_business_manage_insights']);
		expect((await ask(`${IG}?metric=reach&period=day`, alone)).body.error?.code).toBe(10);
		expect((await ask('graph.instagram.com/v25.0/me/media', alone)).body.error?.code).toBe(10);
		const media = 'graph.facebook.com/v25.0/17841401714833121/media?limit=1';
		const stories = 'graph.facebook.com/v25.0/17841401714833121/stories';
		const listing = token('graph.facebook.com', ['instagram_basic', 'pages_show_list']);
		expect([(await ask(media, listing)).status, (await ask(stories, listing)).status]).toEqual([200, 400]);
	});

	test('names the missing permission on Instagram', async () => {
		const reply = await ask(`${IG}?metric=reach&period=day`, 'IGAA-sandbox-large-no-insights-permission');
		expect(reply.body.error).toMatchObject({
			code: 10,
			message: 'Application does not have permission for this action',
		});
	});

	test('pages by time without end, with the token in the links', async () => {
		const first = await instagram(`metric=reach&period=day&${LAST_WEEK}`);
		const next = new URL(first.body.paging?.next ?? '');
		expect(next.searchParams.get('access_token')).toBe('IGAA-sandbox-bakery');
		expect(next.searchParams.get('since')).toBe(String(Date.parse('2026-11-15T08:00:00Z') / 1000));
		expect(next.searchParams.get('until')).toBe(String(Date.parse('2026-11-22T08:00:00Z') / 1000));
	});
});
