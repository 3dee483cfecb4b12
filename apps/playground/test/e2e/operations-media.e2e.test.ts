import { addDays, type Media, pacificDay } from '@instagram-insights/graph-sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Bench, BOTH_LOGINS, byId, NODE_NAME, openBench, traceOf } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench();
});
afterAll(() => bench.close());
beforeEach(() => bench.sandbox.resetRequests());

const bakery = () => bench.sandbox.world.account('bakery');
const number = (media: Media, metric: string) => bakery().mediaMetric(media, metric);
const numbers = (media: Media, metrics: readonly string[]) =>
	Object.fromEntries(metrics.map((metric) => [metric, number(media, metric)]));

function firstOf(productType: string): Media {
	const found = bakery()
		.media()
		.find((media) => media.productType === productType && !media.likesHidden && !media.copyrightFlagged);
	if (found === undefined) throw new Error(`the bakery has no ${productType}`);
	return found;
}

/** The fields of a media item in the sandbox's world, without its numbers. */
function fieldsOf(media: Media, numbersOfMedia: Record<string, unknown> = {}): Record<string, unknown> {
	const kind = media.productType === 'REELS' ? 'reel' : 'p';
	const formats = { IMAGE: 'Photo', VIDEO: 'Video', CAROUSEL_ALBUM: 'Carousel' };
	const { unavailable = '', ...shown } = numbersOfMedia;
	const hasImage = !media.copyrightFlagged || media.mediaType === 'VIDEO';
	const reasons = [
		unavailable,
		...('likes' in shown || !media.likesHidden ? [] : ['like_count: withheld']),
		...(hasImage ? [] : ['image_url: withheld']),
	];
	return {
		...bench.owner(),
		published: new Date(Math.floor(media.timestamp / 1000) * 1000).toISOString(),
		weekday: expect.any(Number) as number,
		hour: expect.any(Number) as number,
		format: media.productType === 'REELS' ? 'Reel' : formats[media.mediaType],
		caption: media.caption,
		...('likes' in numbersOfMedia ? {} : { like_count: media.likesHidden ? null : number(media, 'likes') }),
		...('comments' in numbersOfMedia ? {} : { comments_count: number(media, 'comments') }),
		hashtags: expect.any(String) as string,
		permalink: `https://www.instagram.com/${kind}/${media.shortcode}/`,
		image_url: hasImage ? (expect.stringContaining(media.id) as string) : null,
		id: media.id,
		...shown,
		unavailable: reasons.filter((text) => text !== '').join('; '),
	};
}

describe.each(BOTH_LOGINS)('media: get with %s', (login) => {
	test('gives a medium by its id, its link, and with chosen fields only', async () => {
		const reel = firstOf('REELS');
		const url = `https://www.instagram.com/reel/${reel.shortcode}/?igsh=abc`;
		const get = { resource: 'media', operation: 'get' };
		expect(await bench.rows(login, { ...get, media: byId(reel.id) })).toEqual([fieldsOf(reel)]);
		expect(await bench.rows(login, { ...get, media: { __rl: true, mode: 'url', value: url } })).toEqual([
			fieldsOf(reel),
		]);
		const options = { fields: ['caption'] };
		const [row] = await bench.rows(login, { ...get, media: byId(reel.id), options });
		expect(row).toEqual({
			...bench.owner(),
			published: expect.stringMatching(/Z$/) as string,
			weekday: expect.any(Number) as number,
			hour: expect.any(Number) as number,
			format: 'Reel',
			caption: reel.caption,
			id: reel.id,
			unavailable: '',
		});
	});
});

describe.each(BOTH_LOGINS)('media: getMany with %s', (login) => {
	test('gives the newest media with their fields and metrics, of nothing but a credential', async () => {
		const rows = await bench.rows(login, { resource: 'media', operation: 'getMany' });
		const metrics = ['reach', 'views', 'likes', 'comments', 'saved', 'shares', 'total_interactions'];
		const newest = bakery().media().slice(0, 50);
		expect(rows).toEqual(newest.map((media) => fieldsOf(media, numbers(media, metrics))));
	});

	test('gives reels what only reels have, and posts null with the reason', async () => {
		const metrics = ['reach', 'ig_reels_avg_watch_time'];
		const rows = await bench.rows(login, { resource: 'media', operation: 'getMany', metrics, limit: 12 });
		const newest = bakery().media().slice(0, 12);
		expect(new Set(newest.map(({ productType }) => productType))).toEqual(new Set(['FEED', 'REELS']));
		const metricsOf = (media: Media) =>
			media.productType === 'REELS'
				? {
						reach: number(media, 'reach'),
						ig_reels_avg_watch_time_seconds: Number(number(media, 'ig_reels_avg_watch_time')) / 1000,
					}
				: {
						reach: number(media, 'reach'),
						ig_reels_avg_watch_time_seconds: null,
						unavailable: 'ig_reels_avg_watch_time_seconds: unsupported',
					};
		expect(rows).toEqual(newest.map((media) => fieldsOf(media, metricsOf(media))));
	});

	test('gives media without insights, or only reels, when asked to', async () => {
		const options = { productTypes: ['REELS'] };
		const parameters = { resource: 'media', operation: 'getMany', includeInsights: false, limit: 5, options };
		const reels = bakery()
			.media()
			.filter(({ productType }) => productType === 'REELS')
			.slice(0, 5);
		expect(await bench.rows(login, parameters)).toEqual(reels.map((reel) => fieldsOf(reel)));
	});

	test("gives Meta's own objects when not simplified", async () => {
		const parameters = { resource: 'media', operation: 'getMany', metrics: ['reach'], limit: 1, simplify: false };
		const [row] = await bench.rows(login, parameters);
		const [newest] = bakery().media();
		if (newest === undefined) throw new Error('the bakery has no media');
		expect(row).toMatchObject({
			id: newest.id,
			insights: { data: [{ name: 'reach', values: [{ value: number(newest, 'reach') }] }] },
		});
	});
});

describe.each(BOTH_LOGINS)('media: getInsights with %s', (login) => {
	test('gives one item per media item, for each input item, in order', async () => {
		const media = [firstOf('REELS'), firstOf('FEED')];
		const run = await bench.runNode(
			login,
			{
				resource: 'media',
				operation: 'getInsights',
				media: byId('={{ $json.id }}'),
				metrics: ['reach', 'views', 'saved'],
			},
			{ items: media.map(({ id }) => ({ id })) },
		);
		expect(run.items(NODE_NAME)).toEqual(
			media.map((one, item) => ({
				json: {
					...bench.owner(),
					mediaId: one.id,
					...numbers(one, ['reach', 'views', 'saved']),
					unavailable: '',
				},
				pairedItem: { item },
			})),
		);
	});

	test('gives one item per bucket for a breakdown', async () => {
		const post = firstOf('FEED');
		const parameters = { resource: 'media', operation: 'getInsights', media: byId(post.id), breakdown: 'action_type' };
		const truth = bakery().mediaRows(post, 'profile_activity');
		expect(truth.length).toBeGreaterThan(0);
		expect(await bench.rows(login, parameters)).toEqual(
			truth.map(({ dimensionValues, value }) => ({
				...bench.owner(),
				mediaId: post.id,
				metric: 'profile_activity',
				dimension: 'action_type',
				value: dimensionValues[0],
				count: value,
				unavailable: '',
			})),
		);
	});

	test("gives Meta's own objects when not simplified", async () => {
		const reel = firstOf('REELS');
		const parameters = { resource: 'media', operation: 'getInsights', media: byId(reel.id), metrics: ['reach'] };
		expect(await bench.rows(login, { ...parameters, simplify: false })).toEqual([
			{
				id: reel.id,
				insights: { data: [expect.objectContaining({ name: 'reach', values: [{ value: number(reel, 'reach') }] })] },
			},
		]);
	});
});

describe.each(BOTH_LOGINS)('media: compare with %s', (login) => {
	test('compares the posts of 28 days with those of the 28 days before', async () => {
		const bakery = bench.sandbox.world.account('bakery');
		const today = pacificDay(bench.sandbox.world.now());
		const [since, until] = [addDays(today, -28), addDays(today, -1)];
		const rows = await bench.rows(login, { resource: 'media', operation: 'compare', metrics: ['views'] });
		const posts = bakery.media().filter(({ timestamp }) => {
			const day = pacificDay(new Date(timestamp));
			return day >= since && day <= until;
		});
		expect(rows.map(({ metric, statistic }) => [metric, statistic])).toEqual([
			['posts', 'count'],
			['views', 'total'],
			['views', 'average'],
			['views', 'median'],
		]);
		expect(rows[0]).toMatchObject({ since, until, current: posts.length, previousUntil: addDays(since, -1) });
		const views = posts.reduce((total, media) => total + Number(bakery.mediaMetric(media, 'views')), 0);
		expect(rows[1]).toMatchObject({ current: views, unavailable: '' });
	});
});

describe.each(BOTH_LOGINS)('story: getMany with %s', (login) => {
	test('gives the live stories with their metrics, and null where a story has too few viewers', async () => {
		const run = await bench.runNode(login, { resource: 'story', operation: 'getMany' });
		const metrics = ['reach', 'views', 'replies', 'shares', 'navigation', 'total_interactions'];
		const steps = ['taps_forward', 'taps_back', 'exits', 'completion_rate', 'exit_rate'];
		const exitsOf = (story: Media) =>
			bakery()
				.mediaRows(story, 'navigation')
				.find(({ dimensionValues: [step] }) => step === 'tap_exit')?.value ?? 0;
		const stories = bakery().stories();
		expect(stories.map(({ fewViewers }) => fewViewers)).toEqual([false, true, false]);
		expect(run.items(NODE_NAME).map(({ json }) => json)).toEqual(
			stories.map((story) =>
				expect.objectContaining({
					id: story.id,
					format: 'Story',
					...(story.fewViewers
						? {
								...Object.fromEntries([...metrics, ...steps].map((metric) => [metric, null])),
								unavailable: [...metrics, ...steps].map((metric) => `${metric}: too-few-viewers`).join('; '),
							}
						: {
								...numbers(story, metrics),
								exits: exitsOf(story),
								completion_rate: 1 - exitsOf(story) / Number(numbers(story, ['views']).views),
							}),
				}),
			),
		);
		const { hints } = traceOf(run);
		expect(hints).toContainEqual(expect.stringContaining('under 5 viewers'));
	});
});

describe.each(BOTH_LOGINS)('story: getInsights with %s', (login) => {
	test('gives one item per story, with null and the reason where it has too few viewers', async () => {
		const [fresh, few] = bakery().stories();
		if (fresh === undefined || few === undefined) throw new Error('the bakery has too few stories');
		const parameters = { resource: 'story', operation: 'getInsights', media: byId('={{ $json.id }}') };
		const rows = await bench.rows(
			login,
			{ ...parameters, metrics: ['reach', 'navigation'], computed: [] },
			{ items: [{ id: fresh.id }, { id: few.id }] },
		);
		expect(rows).toEqual([
			{ ...bench.owner(), mediaId: fresh.id, ...numbers(fresh, ['reach', 'navigation']), unavailable: '' },
			{
				...bench.owner(),
				mediaId: few.id,
				reach: null,
				navigation: null,
				unavailable: 'reach: too-few-viewers; navigation: too-few-viewers',
			},
		]);
	});

	test('gives the ways people left a story, one item each', async () => {
		const [fresh] = bakery().stories();
		if (fresh === undefined) throw new Error('the bakery has no stories');
		const breakdown = 'story_navigation_action_type';
		const parameters = { resource: 'story', operation: 'getInsights', media: byId(fresh.id), breakdown };
		const rows = await bench.rows(login, parameters);
		expect(rows).toEqual(
			bakery()
				.mediaRows(fresh, 'navigation')
				.map(({ dimensionValues, value }) => ({
					...bench.owner(),
					mediaId: fresh.id,
					metric: 'navigation',
					dimension: breakdown,
					value: dimensionValues[0],
					count: value,
					unavailable: '',
				})),
		);
	});
});
