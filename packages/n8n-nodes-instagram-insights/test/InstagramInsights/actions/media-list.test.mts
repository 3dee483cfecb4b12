import { addDays, COMPUTED_MEDIA_METRICS, pacificDay } from '@instagram-insights/core/internal';
import type { Media } from '@instagram-insights/graph-sandbox';
import type { INodeParameters } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { LOGINS, useSandbox } from '../../ask-sandbox.mts';

const { sandbox, bakery, ask } = useSandbox({ media: 250, beforeConversionShare: 0.1, adShare: 0 });
const getMany = { resource: 'media', operation: 'getMany' };
const number = (media: Media, metric: string) => Number(bakery().mediaMetric(media, metric));
/** Posts of the bakery by a number, highest first; sorted by another way than the node's. */
const ranked = (numberOf: (media: Media) => number, media = bakery().media()) =>
	[...media].sort((a, b) => numberOf(b) - numberOf(a)).map(numberOf);

describe.each(LOGINS)('the order of media: getMany with %s', (login) => {
	test.each([
		['desc', 1],
		['asc', -1],
	])('%s gives the first of all posts, not of the first page', async (sortDirection, sign) => {
		const parameters = { ...getMany, metrics: ['reach', 'saved'], sortBy: 'saved', sortDirection, limit: 3 };
		const { rows } = await ask(login, parameters);
		const expected = ranked((media) => sign * number(media, 'saved')).slice(0, 3);
		expect(rows.map(({ saved }) => saved)).toEqual(expected.map((value) => sign * value));
	});

	test('asks for a metric that was not chosen, and shows it', async () => {
		const { rows } = await ask(login, { ...getMany, metrics: ['reach'], sortBy: 'shares', limit: 4 });
		expect(rows.map(({ shares }) => shares)).toEqual(ranked((media) => number(media, 'shares')).slice(0, 4));
		expect(Object.keys(rows[0] ?? {})).toEqual(expect.arrayContaining(['reach', 'shares']));
	});

	test.each(['asc', 'desc'])('puts posts without a value last: %s', async (sortDirection) => {
		const parameters = { ...getMany, returnAll: true, metrics: ['reach'], sortBy: 'reach', sortDirection };
		const { rows } = await ask(login, parameters, { token: 'large' });
		const missing = rows.map(({ reach }, index) => (reach === null ? index : -1)).filter((index) => index >= 0);
		expect(missing.length).toBeGreaterThan(10);
		expect(missing).toEqual(missing.map((_, index) => rows.length - missing.length + index));
		// Equal ones, such as all of these, stay newest first.
		const published = missing.map((index) => String(rows[index]?.published));
		expect(published).toEqual([...published].sort().reverse());
	});

	test('by a computed metric computes it', async () => {
		const parameters = { ...getMany, metrics: ['views'], sortBy: 'save_rate', limit: 2 };
		const { rows } = await ask(login, parameters);
		const rate = (media: Media) => number(media, 'saved') / number(media, 'reach');
		expect(rows.map(({ save_rate }) => save_rate)).toEqual(ranked(rate).slice(0, 2));
	});

	test('by watch time accepts the name of the metric or of its column', async () => {
		const reels = { ...getMany, metrics: ['reach'], limit: 3, options: { productTypes: ['REELS'] } };
		const byMetric = await ask(login, { ...reels, sortBy: 'ig_reels_avg_watch_time' });
		const byColumn = await ask(login, { ...reels, sortBy: 'ig_reels_avg_watch_time_seconds' });
		expect(byMetric.rows).toEqual(byColumn.rows);
		const watched = byMetric.rows.map((row) => Number(row.ig_reels_avg_watch_time_seconds));
		expect(watched).toEqual([...watched].sort((a, b) => b - a));
		expect(watched[0]).toBeGreaterThan(0);
	});

	test.each(['children{id}', 'children.limit(10){id}'])('puts what a field holds under its name: %s', async (field) => {
		const albums = bakery()
			.media()
			.filter(({ mediaType }) => mediaType === 'CAROUSEL_ALBUM');
		const { rows } = await ask(login, {
			...getMany,
			includeInsights: false,
			returnAll: true,
			options: { fields: [field] },
		});
		const filled = rows.filter(({ children }) => children !== null);
		expect(filled.map(({ id }) => id)).toEqual(albums.map(({ id }) => id));
		for (const row of filled) {
			expect(row.unavailable).toBe('');
			expect(String(row.children)).toMatch(/^\{"data":\[\{"id":"\d+"/);
		}
	});

	test.each(['insights', 'insights.metric(reach)', 'Insight'])(
		'leads from the field %s to the switch',
		async (field) => {
			for (const base of [
				getMany,
				{ resource: 'story', operation: 'getMany' },
				{ resource: 'account', operation: 'get' },
			]) {
				const error = await ask(login, { ...base, options: { fields: [field] } }).catch((caught: unknown) => caught);
				expect(error).toMatchObject({
					message: expect.stringMatching(/^Fields: "[Ii]nsights?" cannot be read as a field/),
					description: expect.stringContaining(
						'Switch Include Insights on, or use Get Insights. Nothing was sent to Meta.',
					),
				});
			}
			expect(
				sandbox()
					.requests()
					.filter(({ path }) => !path.endsWith('/accounts')),
			).toEqual([]);
		},
	);

	test('can be by a field, chosen or not', async () => {
		const parameters = { ...getMany, includeInsights: false, returnAll: true, sortBy: 'caption', sortDirection: 'asc' };
		const { rows } = await ask(login, { ...parameters, options: { fields: ['permalink'] } });
		const captions = new Map(
			bakery()
				.media()
				.map(({ id, caption }) => [id, caption]),
		);
		const read = rows.map(({ id }) => captions.get(String(id)) ?? '');
		expect(read).toEqual([...read].sort((a, b) => a.localeCompare(b, 'en')));
		expect(rows[0]).not.toHaveProperty('caption');
	});

	test('can be oldest first', async () => {
		const { rows } = await ask(login, { ...getMany, includeInsights: false, sortDirection: 'asc', limit: 2 });
		expect(rows.map(({ id }) => id)).toEqual(
			bakery()
				.media()
				.slice(-2)
				.reverse()
				.map(({ id }) => id),
		);
	});

	test("is the same for Meta's own objects, with computed metrics added", async () => {
		const parameters = { ...getMany, metrics: ['reach'], computed: ['save_rate'], sortBy: 'save_rate', limit: 3 };
		const simple = await ask(login, parameters);
		const raw = await ask(login, { ...parameters, simplify: false });
		expect(raw.rows.map(({ id, save_rate }) => [id, save_rate])).toEqual(
			simple.rows.map(({ id, save_rate }) => [id, save_rate]),
		);
		expect(raw.rows[0]).toHaveProperty('media_product_type');
	});

	test('needs no more requests than the list, and newest first no more than its limit', async () => {
		const pages = () =>
			sandbox()
				.requests()
				.filter(({ path }) => path.endsWith('/media')).length;
		await ask(login, { ...getMany, limit: 10, sortBy: 'reach' }, { token: 'large' });
		expect(pages()).toBeLessThanOrEqual(12);
		sandbox().resetRequests();
		await ask(login, { ...getMany, limit: 10 }, { token: 'large' });
		expect(pages()).toBe(1);
	});
});

describe('the order of story: getMany', () => {
	test('can be by a metric, with stories without numbers last', async () => {
		const parameters = { resource: 'story', operation: 'getMany', metrics: ['views'], sortBy: 'reach', limit: 3 };
		const { rows } = await ask('instagramLogin', parameters);
		const reaches = rows.map(({ reach }) => reach);
		expect(reaches.at(-1)).toBeNull();
		expect(Number(reaches[0])).toBeGreaterThanOrEqual(Number(reaches[1]));
	});
});

describe('media: getMany, published', () => {
	test.each(LOGINS)('returns only posts of the range, the first of all: %s', async (login) => {
		const until = addDays(pacificDay(new Date()), -3);
		const since = addDays(until, -40);
		const days = { dateRange: 'custom', since, until };
		const { rows } = await ask(login, { ...getMany, ...days, metrics: ['reach'], sortBy: 'reach', limit: 5 });
		const inRange = bakery()
			.media()
			.filter(({ timestamp }) => {
				const day = pacificDay(new Date(timestamp));
				return day >= since && day <= until;
			});
		expect(inRange.length).toBeGreaterThan(5);
		expect(rows.map(({ reach }) => reach)).toEqual(ranked((media) => number(media, 'reach'), inRange).slice(0, 5));
	});

	test('says that an item that is not media was left out', async () => {
		const answer = async () => ({
			statusCode: 200,
			headers: {},
			body: JSON.stringify({ data: [{ id: '18000000000000001', user_id: '1' }, null] }),
		});
		const { rows, hints } = await ask('instagramLogin', { ...getMany, includeInsights: false }, { answer });
		expect(rows).toHaveLength(1);
		expect(hints).toContainEqual(expect.stringContaining('cannot read. They are left out'));
	});

	test('accepts a preset; the default is any time', async () => {
		const counts = async (parameters: INodeParameters) =>
			(await ask('instagramLogin', { ...getMany, includeInsights: false, returnAll: true, ...parameters })).rows.length;
		const week = await counts({ dateRange: 'last7Days' });
		expect(week).toBeGreaterThan(0);
		expect(week).toBeLessThan(await counts({}));
		expect(await counts({})).toBe(bakery().media().length);
		expect(await counts({ dateRange: 'any' })).toBe(bakery().media().length);
	});

	test('names what is wrong with a day as the panel does', async () => {
		const custom = { ...getMany, dateRange: 'custom', until: '2026-11-01' };
		await expect(ask('instagramLogin', { ...custom, since: 'last week' })).rejects.toThrow(/^Since: "last week"/);
		await expect(ask('instagramLogin', { ...custom, since: '' })).rejects.toThrow('Since: The range is Custom');
		await expect(ask('instagramLogin', { ...getMany, dateRange: 'soon' })).rejects.toThrow(/^Published: "soon"/);
	});
});

describe.each(LOGINS)('the computed metrics of posts with %s', (login) => {
	const newest = () => {
		const [media] = bakery()
			.media()
			.filter(({ productType }) => productType === 'FEED');
		if (media === undefined) throw new Error('the bakery has no post');
		return media;
	};

	test('need no request of their own', async () => {
		const computed = ['engagement_rate', 'save_rate', 'views_per_person', 'comment_rate'];
		const { rows, httpRequests } = await ask(login, { ...getMany, metrics: ['likes'], computed, limit: 20 });
		expect(httpRequests).toBe(2);
		for (const [index, media] of bakery().media().slice(0, 20).entries()) {
			expect(rows[index]).toMatchObject({
				engagement_rate: number(media, 'total_interactions') / number(media, 'reach'),
				save_rate: number(media, 'saved') / number(media, 'reach'),
				views_per_person: number(media, 'views') / number(media, 'reach'),
				comment_rate: number(media, 'comments') / number(media, 'reach'),
			});
		}
		expect(Object.keys(rows[0] ?? {})).not.toContain('saved');
	});

	test('by followers read the followers together with the name of the account', async () => {
		const parameters = { ...getMany, metrics: ['likes'], computed: ['engagement_rate_by_followers'], limit: 1 };
		const { rows, httpRequests } = await ask(login, parameters);
		const [media] = bakery().media();
		if (media === undefined) throw new Error('the bakery has no media');
		expect(rows[0]?.engagement_rate_by_followers).toBe(number(media, 'total_interactions') / bakery().followersNow());
		// Facebook Login looks for the account first.
		expect(httpRequests).toBe(login === 'instagramLogin' ? 2 : 3);
	});

	test('are empty with the reason for a kind of media without an input', async () => {
		const parameters = { ...getMany, metrics: ['reach'], computed: ['hold_rate', 'follow_rate'], limit: 20 };
		const { rows } = await ask(login, parameters);
		for (const row of rows) {
			const isReel = row.format === 'Reel';
			expect(row.hold_rate).toEqual(isReel ? (expect.any(Number) as number) : null);
			expect(row.follow_rate).toEqual(isReel ? null : (expect.any(Number) as number));
			expect(row.unavailable).toBe(isReel ? 'follow_rate: unsupported' : 'hold_rate: unsupported');
		}
		expect(new Set(rows.map(({ format }) => format === 'Reel')).size).toBe(2);
	});

	test('work with media: getInsights too', async () => {
		const media = { __rl: true, mode: 'id', value: newest().id };
		const computed = ['save_rate', 'engagement_rate_by_followers'];
		const parameters = { resource: 'media', operation: 'getInsights', media, metrics: ['likes'], computed };
		const { rows } = await ask(login, parameters);
		expect(rows).toEqual([
			{
				account_id: bakery().id,
				username: bakery().username,
				mediaId: newest().id,
				likes: number(newest(), 'likes'),
				save_rate: number(newest(), 'saved') / number(newest(), 'reach'),
				engagement_rate_by_followers: number(newest(), 'total_interactions') / bakery().followersNow(),
				unavailable: '',
			},
		]);
	});

	test('are compared with the median of their own kind', async () => {
		const parameters = { ...getMany, metrics: ['reach'], compareWithMedian: true, limit: 30 };
		const { rows } = await ask(login, parameters);
		const read = bakery().media().slice(0, 30);
		for (const [index, media] of read.entries()) {
			const kin = read.filter(({ productType }) => productType === media.productType);
			const sorted = kin.map((one) => number(one, 'reach')).sort((a, b) => a - b);
			const middle = sorted.length / 2;
			const median = (Number(sorted[Math.ceil(middle) - 1]) + Number(sorted[Math.floor(middle)])) / 2;
			expect(rows[index]).toMatchObject({
				reach_vs_median: number(media, 'reach') / median,
				medianOf: kin.length,
			});
		}
	});
});

describe('boosted against organic', () => {
	test('is returned with Facebook Login', async () => {
		const parameters = { ...getMany, metrics: ['reach'], computed: ['boosted_likes'], limit: 5 };
		const { rows } = await ask('facebookLogin', parameters);
		for (const row of rows) expect(row.boosted_likes).toBe(Number(row.total_likes) - Number(row.likes));
		const columns = Object.keys(rows[0] ?? {});
		expect(columns.slice(columns.indexOf('reach'), columns.indexOf('comments_count'))).toEqual([
			'reach',
			'total_likes',
			'likes',
			'boosted_likes',
		]);
	});

	test('is refused with Instagram Login before anything is sent', async () => {
		const asked = ask('instagramLogin', { ...getMany, computed: ['boosted_views'] });
		await expect(asked).rejects.toThrow('Computed Metrics: "boosted_views" needs "total_views"');
		expect(sandbox().requests()).toEqual([]);
	});
});

describe('settings of a list that an expression fills', () => {
	test.each([
		[{ sortBy: 'savd' }, 'Sort By: '],
		[{ sortDirection: 'down' }, 'Sort Direction: The direction must be "asc" or "desc", not "down".'],
		[{ computed: 'save rate' }, 'Computed Metrics: "save rate" is not a computed metric here.'],
		[{ sortBy: 'reach', limit: 0 }, 'Limit: Enter a whole number of 1 or more, not "0", or turn on Return All.'],
	])('are refused by their own name: %j', async (parameters, message) => {
		await expect(ask('instagramLogin', { ...getMany, ...parameters })).rejects.toThrow(message);
		expect(sandbox().requests()).toEqual([]);
	});

	test.each(Object.keys(COMPUTED_MEDIA_METRICS))('may order by %s', async (sortBy) => {
		const { rows } = await ask('facebookLogin', { ...getMany, metrics: ['reach'], sortBy, limit: 2 });
		expect(rows).toHaveLength(2);
		expect(rows[0]).toHaveProperty(sortBy);
	});
});
