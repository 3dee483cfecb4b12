import { describe, expect, test } from 'vitest';
import { LOGINS, useSandbox } from '../../ask-sandbox.mts';

const { sandbox, bakery, owner, ask } = useSandbox({ media: 250, beforeConversionShare: 0.1, adShare: 0.02 });
const large = () => sandbox().world.account('large');
const byId = (id: string | undefined) => ({ __rl: true, mode: 'id', value: id ?? '' });

describe.each(LOGINS)('media: getMany with %s', (login) => {
	test('returns the newest media with their metrics and fields', async () => {
		const parameters = { resource: 'media', operation: 'getMany', metrics: ['reach', 'saved'], limit: 5 };
		const { rows } = await ask(login, parameters);
		const truth = bakery().media().slice(0, 5);
		expect(rows.map(({ id }) => id)).toEqual(truth.map(({ id }) => id));
		expect(rows.map(({ reach, saved }) => [reach, saved])).toEqual(
			truth.map((media) => [bakery().mediaMetric(media, 'reach'), bakery().mediaMetric(media, 'saved')]),
		);
	});

	test('reads 100 media with their common metrics in one request', async () => {
		const { rows, httpRequests } = await ask(login, { resource: 'media', operation: 'getMany', limit: 100 });
		expect(rows).toHaveLength(100);
		// The list with its numbers, and the account by its user name.
		expect(httpRequests).toBe(2);
	});

	test('leaves metrics out if Include Insights is off', async () => {
		const parameters = { resource: 'media', operation: 'getMany', includeInsights: false, limit: 2 };
		const { rows } = await ask(login, parameters);
		expect(rows[0]).toHaveProperty('permalink');
		expect(rows[0]).not.toHaveProperty('reach');
	});

	test('returns all media although some cannot be read, with reasons', async () => {
		const parameters = { resource: 'media', operation: 'getMany', returnAll: true, metrics: ['reach', 'views'] };
		const { rows, hints } = await ask(login, parameters, { token: 'large' });
		expect(rows).toHaveLength(250);
		const truth = large().media();
		for (const [index, row] of rows.entries()) {
			const media = truth[index];
			if (media === undefined) throw new Error('fewer media than rows');
			const likes = media.likesHidden ? 'like_count: withheld' : '';
			if (media.beforeConversion) {
				expect(row).toMatchObject({
					reach: null,
					unavailable: ['reach: before-conversion; views: before-conversion', likes].filter(Boolean).join('; '),
				});
			} else if (media.productType === 'AD') {
				expect(row).toMatchObject({ reach: null, unavailable: expect.stringContaining('reach: unsupported') });
			} else {
				expect(row.reach).toBe(large().mediaMetric(media, 'reach'));
				expect(row.unavailable).toBe(likes);
			}
		}
		expect(hints).toContainEqual(expect.stringContaining('before the account became a professional account'));
	});

	test('says that posts do not have a metric of reels', async () => {
		const parameters = {
			resource: 'media',
			operation: 'getMany',
			metrics: ['reach', 'ig_reels_avg_watch_time'],
			limit: 20,
		};
		const { rows } = await ask(login, parameters);
		const posts = rows.filter(({ format }) => format !== 'Reel');
		const reels = rows.filter(({ format }) => format === 'Reel');
		expect(posts.length).toBeGreaterThan(0);
		expect(reels.length).toBeGreaterThan(0);
		for (const row of posts) expect(row.unavailable).toBe('ig_reels_avg_watch_time_seconds: unsupported');
		const truth = bakery().media().slice(0, 20);
		for (const row of reels) {
			const reel = truth.find(({ id }) => id === row.id);
			if (reel === undefined) throw new Error('a reel that the world does not have');
			const milliseconds = bakery().mediaMetric(reel, 'ig_reels_avg_watch_time');
			expect(row.ig_reels_avg_watch_time_seconds).toBe(Number(milliseconds) / 1000);
		}
	});

	test('returns only the chosen kinds of media', async () => {
		const options = { productTypes: ['REELS'] };
		const { rows } = await ask(login, { resource: 'media', operation: 'getMany', limit: 10, options });
		expect(rows).toHaveLength(10);
		expect(new Set(rows.map(({ format }) => format))).toEqual(new Set(['Reel']));
	});

	test("returns Meta's own objects when not simplified, one per media item", async () => {
		const metrics = ['reach', 'ig_reels_avg_watch_time'];
		const { rows } = await ask(login, { resource: 'media', operation: 'getMany', metrics, limit: 8, simplify: false });
		expect(rows.map(({ id }) => id)).toEqual(
			bakery()
				.media()
				.slice(0, 8)
				.map(({ id }) => id),
		);
		const reel = rows.find(({ media_product_type: kind }) => kind === 'REELS');
		const named = (name: string) => expect.objectContaining({ name }) as unknown;
		expect(reel?.insights).toMatchObject({ data: [named('reach'), named('ig_reels_avg_watch_time')] });
		expect(JSON.stringify(rows)).not.toContain('access_token');
	});
});

describe.each(LOGINS)('media: get with %s', (login) => {
	test('returns a post by its ID', async () => {
		const media = bakery().media()[3];
		const { rows } = await ask(login, { resource: 'media', operation: 'get', media: byId(media?.id) });
		expect(rows).toEqual([expect.objectContaining({ id: media?.id, caption: media?.caption })]);
	});

	test('finds a post by its link, by searching the list', async () => {
		const media = large().media()[150];
		const url = `https://www.instagram.com/p/${media?.shortcode}/`;
		const parameters = { resource: 'media', operation: 'get', media: { __rl: true, mode: 'url', value: url } };
		const { rows } = await ask(login, parameters, { token: 'large' });
		expect(rows[0]?.id).toBe(media?.id);
		const pages = sandbox()
			.requests()
			.filter(({ path }) => path.endsWith('/media'));
		expect(pages).toHaveLength(2);
	});

	test('says that no post has the link', async () => {
		const media = { __rl: true, mode: 'url', value: 'https://www.instagram.com/p/NoSuchPost1/' };
		await expect(ask(login, { resource: 'media', operation: 'get', media })).rejects.toThrow(
			'No post of the account has the link code "NoSuchPost1"',
		);
	});
});

describe.each(LOGINS)('media: getInsights with %s', (login) => {
	test('returns the metrics of one post', async () => {
		const media = bakery().media()[0];
		if (media === undefined) throw new Error('the bakery has no media');
		const metrics = ['reach', 'likes'];
		const { rows } = await ask(login, { resource: 'media', operation: 'getInsights', media: byId(media.id), metrics });
		expect(rows).toEqual([
			{
				...owner(),
				mediaId: media.id,
				reach: bakery().mediaMetric(media, 'reach'),
				likes: bakery().mediaMetric(media, 'likes'),
				unavailable: '',
			},
		]);
	});

	test('returns one item per bucket for a breakdown', async () => {
		const post = bakery()
			.media()
			.find(({ productType }) => productType === 'FEED');
		const parameters = { resource: 'media', operation: 'getInsights', media: byId(post?.id), breakdown: 'action_type' };
		const { rows } = await ask(login, parameters);
		expect(rows.length).toBeGreaterThan(0);
		for (const row of rows) {
			expect(row).toMatchObject({ mediaId: post?.id, metric: 'profile_activity', dimension: 'action_type' });
		}
	});

	test('reads the media of many input items together and gives each item its own', async () => {
		const media = bakery().media().slice(0, 30);
		const parameters = media.map(({ id }) => ({
			resource: 'media',
			operation: 'getInsights',
			media: byId(id),
			metrics: ['reach'],
		}));
		const { items, httpRequests } = await ask(login, parameters);
		expect(items).toEqual(
			media.map((one, item) => ({
				json: { ...owner(), mediaId: one.id, reach: bakery().mediaMetric(one, 'reach'), unavailable: '' },
				pairedItem: { item },
			})),
		);
		expect(httpRequests).toBe(login === 'instagramLogin' ? 31 : 2);
	});

	test('reads the same post once for two items', async () => {
		const media = byId(bakery().media()[0]?.id);
		const item = { resource: 'media', operation: 'getInsights', media, metrics: ['reach'] };
		const { items } = await ask(login, [item, item]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(items[0]?.json).toEqual(items[1]?.json);
	});

	test('says that pictures inside an album have no numbers', async () => {
		const album = bakery()
			.media()
			.find(({ childIds }) => childIds.length > 0);
		const media = byId(album?.childIds[0]);
		const parameters = { resource: 'media', operation: 'getInsights', media, metrics: ['reach', 'likes'] };
		const { rows, hints } = await ask(login, parameters);
		expect(rows[0]).toMatchObject({ reach: null, unavailable: 'reach: album-child; likes: album-child' });
		expect(hints).toContainEqual(expect.stringContaining('Pictures inside an album'));
	});

	test('leaves the metrics of a post from before the conversion empty, with the reason', async () => {
		const old = large()
			.media()
			.find(({ beforeConversion }) => beforeConversion);
		const parameters = { resource: 'media', operation: 'getInsights', media: byId(old?.id), metrics: ['reach'] };
		const { rows } = await ask(login, parameters, { token: 'large' });
		const { id: account_id, username } = large();
		const unavailable = 'reach: before-conversion';
		expect(rows).toEqual([{ account_id, username, mediaId: old?.id, reach: null, unavailable }]);
	});

	test('returns an error item in place of a post that does not exist', async () => {
		const [first, second] = bakery().media();
		const parameters = [first?.id, '18999999999999999', second?.id].map((id) => ({
			resource: 'media',
			operation: 'getInsights',
			media: byId(id),
			metrics: ['reach'],
		}));
		const { items } = await ask(login, parameters, { continueOnFail: true });
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(items[0]?.json.mediaId).toBe(first?.id);
		expect(items[1]?.json).toEqual({ error: expect.any(String) as string, message: expect.any(String) as string });
		expect(items[2]?.json.mediaId).toBe(second?.id);
	});
});

describe.each(LOGINS)('media: a wrong ID with %s', (login) => {
	const getInsights = { resource: 'media', operation: 'getInsights', metrics: ['reach'] };

	test('affects only its own item', async () => {
		const ids = [bakery().media()[0]?.id, 'abc', bakery().media()[1]?.id];
		const parameters = ids.map((id) => ({ ...getInsights, media: byId(id) }));
		const { rows } = await ask(login, parameters, { continueOnFail: true });
		expect(rows.map((row) => 'error' in row)).toEqual([false, true, false]);
		expect(rows[1]?.error).toBe(
			'Post: "abc" is not a media ID, which has digits only, usually 17. Choose one from the list, enter Meta\'s ID, such as 18000000000000001, or paste the link of a post or reel. Post or Reel: Get Many lists posts with their IDs.',
		);
	});

	test('is not sent to Meta', async () => {
		const parameters = { resource: 'media', operation: 'get', media: byId('me/media') };
		await expect(ask(login, parameters)).rejects.toThrow('Post: "me/media" is not a media ID');
		expect(sandbox().requests()).toEqual([]);
	});

	test('can have spaces around it', async () => {
		const id = bakery().media()[0]?.id;
		const { rows } = await ask(login, { ...getInsights, media: byId(` ${id} `) });
		expect(rows[0]?.mediaId).toBe(id);
	});
});

describe.each(LOGINS)('media: getInsights, not simplified, with %s', (login) => {
	test("returns Meta's own objects of each post", async () => {
		const media = bakery().media().slice(0, 2);
		const parameters = media.map(({ id }) => ({
			resource: 'media',
			operation: 'getInsights',
			media: byId(id),
			metrics: ['reach'],
			simplify: false,
		}));
		const { rows } = await ask(login, parameters);
		expect(rows).toEqual(
			media.map((one) => ({
				id: one.id,
				insights: {
					data: [expect.objectContaining({ name: 'reach', values: [{ value: bakery().mediaMetric(one, 'reach') }] })],
				},
			})),
		);
	});
});

describe('media: settings that an expression fills', () => {
	const getMany = { resource: 'media', operation: 'getMany' };

	test.each(['media', 'story'])('are refused if they result in no metric: %s', async (resource) => {
		const asked = ask('instagramLogin', { ...getMany, resource, includeInsights: true, metrics: '' });
		await expect(asked).rejects.toThrow(
			'Metrics: No metric selected. Choose at least one, or switch Include Insights off.',
		);
	});

	test('name a media type that is not a product type', async () => {
		const asked = ask('instagramLogin', { ...getMany, options: { productTypes: 'video' } });
		await expect(asked).rejects.toThrow('Product Types: "video" is a media type');
	});

	test('name an invalid version of the Graph API', async () => {
		const asked = ask('instagramLogin', { ...getMany, options: { graphVersion: '25' } });
		await expect(asked).rejects.toThrow('Graph API Version: "25" is not a version of the Graph API.');
	});

	test('say what to copy instead of a share link', async () => {
		const media = { __rl: true, mode: 'url', value: 'https://www.instagram.com/share/reel/BAabcdef12' };
		await expect(ask('instagramLogin', { ...getMany, operation: 'getInsights', media })).rejects.toThrow(
			'Post: This is a share link',
		);
	});
});

describe('media: hints and labels', () => {
	const getInsights = { resource: 'media', operation: 'getInsights' };

	test('says that no post matches, and shows no note about comments', async () => {
		const parameters = {
			resource: 'media',
			operation: 'getMany',
			dateRange: 'custom',
			since: '2000-01-01',
			until: '2000-01-02',
		};
		const { rows, hints } = await ask('instagramLogin', parameters);
		expect(rows).toEqual([]);
		expect(hints).toContainEqual(expect.stringContaining('no posts or reels that match'));
		expect(hints).not.toContainEqual(expect.stringContaining('Comments'));
	});

	test('does not claim that a missing story is a picture inside an album', async () => {
		const media = byId('18999999999999999');
		const { hints } = await ask('instagramLogin', { ...getInsights, media }, { continueOnFail: true });
		expect(hints).toEqual([expect.stringContaining('may be a picture inside an album')]);
	});
});
