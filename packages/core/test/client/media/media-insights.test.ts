import { describe, expect, test } from 'vitest';
import { createInsightsClient, type InsightsClient } from '../../../src/client/insights-client.ts';
import type { MediaItem, MediaReading } from '../../../src/client/media/media-item.ts';
import type { MediaInsightsQuery } from '../../../src/query/insights-query.ts';
import { manualClock, scriptedTransport } from '../../../src/testing/index.ts';
import { BOTH_HOSTS, NOON, sandboxStand } from '../sandbox-stand.ts';
import { tinyGraph } from '../tiny-graph.ts';

const stand = sandboxStand({ world: { media: 200, beforeConversionShare: 0.1, adShare: 0.02 } });

const sandboxStories = sandboxStand({
	world: {
		accounts: [
			{
				key: 'busy',
				posts: { count: 1, stories: [1, 2, 3, 4, 5, 6].map((ageHours) => ({ ageHours, viewers: 'many' as const })) },
			},
		],
	},
});

async function readAll(client: InsightsClient, query: Omit<MediaInsightsQuery, 'kind'>): Promise<MediaReading[]> {
	const items: MediaReading[] = [];
	for await (const item of client.mediaInsights(query)) items.push(item);
	return items;
}
const shown = ({ insights }: MediaItem) =>
	insights.map((insight) =>
		insight.shape === 'total' ? insight.value : insight.shape === 'absent' ? insight.reason : '?',
	);
const media = (kind: string) => {
	const found = stand
		.world()
		.account('large')
		.media()
		.find(({ productType, beforeConversion }) => productType === kind && !beforeConversion);
	if (!found) throw new Error(`no ${kind}`);
	return found;
};

describe('mediaInsights of many', () => {
	test('returns no error for a media item with a number, whatever else was refused', async () => {
		const stories = sandboxStories.world().account('busy');
		// A story that is a picture has no Views With Ads.
		const story = stories.stories().find(({ mediaType }) => mediaType === 'IMAGE');
		const query = { mediaIds: [story?.id ?? ''], metrics: ['reach', 'total_views'] };
		const [item] = await readAll(sandboxStories.client('graph.facebook.com', { token: 'busy' }), query);
		if (!item || !story) throw new Error('no story');
		expect(shown(item)).toEqual([stories.mediaMetric(story, 'reach'), 'unsupported']);
		expect(item.error).toBeUndefined();
	});

	test('loses only the media that are refused without a reason, even if they come last', async () => {
		const media = Array.from({ length: 60 }, (_, index) => ({
			kind: index % 12 === 5 ? ('strange' as const) : ('post' as const),
		}));
		const clock = manualClock(NOON, { passing: 'by-itself' });
		const transport = scriptedTransport(tinyGraph(media));
		const client = createInsightsClient({ host: 'graph.facebook.com', transport, clock });
		const mediaIds = media.map((_, index) => String(18_000_000_000_000_000n + BigInt(index)));
		const found: (number | string)[] = [];
		for await (const { insights } of client.mediaInsights({ mediaIds, metrics: ['reach', 'views', 'shares'] })) {
			const [reach] = insights;
			found.push(reach?.shape === 'total' ? reach.value : reach?.shape === 'absent' ? reach.reason : '?');
		}
		expect(found).toEqual(media.map(({ kind }, index) => (kind === 'strange' ? 'failed' : index * 1000)));
	});
});

describe('mediaInsights', () => {
	test.each(BOTH_HOSTS)('reads metrics that all kinds have without looking up the kind on %s', async (host) => {
		const large = stand.world().account('large');
		const reel = media('REELS');
		const [item] = await readAll(stand.client(host), { mediaIds: [reel.id], metrics: ['reach', 'views'] });
		expect(shown(item as MediaItem)).toEqual([large.mediaMetric(reel, 'reach'), large.mediaMetric(reel, 'views')]);
		expect(stand.sandbox().counts().httpRequests).toBe(1);
	});

	test('looks up 60 kinds in two batches and reads in two more on the Facebook host, in the given order', async () => {
		const large = stand.world().account('large');
		const chosen = large.media().slice(0, 60).toReversed();
		const metrics = ['reach', 'follows', 'reels_skip_rate'];
		const items = await readAll(stand.client('graph.facebook.com'), { mediaIds: chosen.map(({ id }) => id), metrics });
		expect(items.map((item) => item.media.id)).toEqual(chosen.map(({ id }) => id));
		for (const [index, one] of chosen.entries()) {
			const values = metrics.map((metric) => {
				const refused = one.productType === 'AD' || one.productType === (metric === 'follows' ? 'REELS' : 'FEED');
				return refused && (metric !== 'reach' || one.productType === 'AD')
					? 'unsupported'
					: large.mediaMetric(one, metric);
			});
			expect(shown(items[index] as MediaItem)).toEqual(values);
		}
		expect(stand.sandbox().counts().httpRequests).toBe(4);
	});

	test('sends no request for an ad once its kind is known', async () => {
		const ad = media('AD');
		const [item] = await readAll(stand.client('graph.instagram.com'), {
			mediaIds: [ad.id],
			metrics: ['reach', 'likes'],
		});
		expect(shown(item as MediaItem)).toEqual(['unsupported', 'unsupported']);
		expect(stand.sent()).toEqual([`GET /${ad.id} 200`]);
	});

	test('sends no request for a picture inside an album', async () => {
		const large = stand.world().account('large');
		const album = large.media().find(({ childIds }) => childIds.length > 0);
		const [child = ''] = album?.childIds ?? [];
		const [item] = await readAll(stand.client('graph.instagram.com'), { mediaIds: [child], metrics: ['likes'] });
		expect(shown(item as MediaItem)).toEqual(['album-child']);
		expect(stand.sent()).toEqual([`GET /${child} 200`]);
	});

	test.each(BOTH_HOSTS)('loses only the media item that is gone, old or not readable on %s', async (host) => {
		const large = stand.world().account('large');
		const old = large.media().at(-1);
		const good = media('FEED');
		const mediaIds = ['18990000000000031', old?.id ?? '', good.id];
		const items = await readAll(stand.client(host), { mediaIds, metrics: ['reach', 'likes'] });
		expect(items.map(shown)).toEqual([
			['not-found', 'not-found'],
			['before-conversion', 'before-conversion'],
			[large.mediaMetric(good, 'reach'), large.mediaMetric(good, 'likes')],
		]);
		expect(items[0]?.error).toMatchObject({ kind: 'not-found' });
		expect(items[2]?.error).toBeUndefined();
	});

	test('returns profile activity by action, with the total and the buckets', async () => {
		const large = stand.world().account('large');
		const post = media('FEED');
		const query = { mediaIds: [post.id], metrics: ['profile_activity'], breakdown: 'action_type' };
		const [item] = await readAll(stand.client('graph.instagram.com'), query);
		expect(item?.insights[0]).toMatchObject({
			shape: 'breakdown',
			value: large.mediaMetric(post, 'profile_activity'),
			buckets: large.mediaRows(post, 'profile_activity').map(({ dimensionValues, value }) => ({
				dimension: 'action_type',
				bucket: dimensionValues[0],
				value,
			})),
		});
	});

	test.each(BOTH_HOSTS)("returns Graph's own bodies of each media item on %s", async (host) => {
		const [one, two] = [media('REELS'), media('FEED')];
		const items = await readAll(stand.client(host), { mediaIds: [one.id, two.id], metrics: ['reach'] });
		for (const [index, { id }] of [one, two].entries()) {
			expect(items[index]?.raw).toEqual([
				{ data: [expect.objectContaining({ name: 'reach', id: `${id}/insights/reach/lifetime` })] },
			]);
		}
	});

	test('requests impressions only for posts old enough to have them', async () => {
		const client = stand.client('graph.instagram.com', { allowUnknown: true });
		const [item] = await readAll(client, { mediaIds: [media('FEED').id], metrics: ['reach', 'impressions'] });
		expect(shown(item as MediaItem)).toEqual([expect.any(Number), 'unsupported']);
		expect(
			stand
				.sandbox()
				.requests()
				.map(({ query }) => query.metric),
		).toEqual([undefined, 'reach']);
	});

	test('leaves out a metric that the host does not know, also for the next media item', async () => {
		const client = stand.client('graph.instagram.com', { allowUnknown: true, concurrency: 1 });
		const mediaIds = [media('FEED').id, media('REELS').id];
		const items = await readAll(client, { mediaIds, metrics: ['reach', 'glances'] });
		expect(items.map((item) => shown(item)[1])).toEqual(['unsupported', 'unsupported']);
		expect(
			stand
				.sandbox()
				.requests()
				.filter(({ query }) => query.metric)
				.map(({ query }) => query.metric),
		).toEqual(['reach,glances', 'reach', 'reach']);
	});

	test('throws for an expired token', async () => {
		const client = stand.client('graph.facebook.com', { token: 'large-expired' });
		const asked = readAll(client, { mediaIds: [media('FEED').id, media('REELS').id], metrics: ['likes'] });
		await expect(asked).rejects.toMatchObject({ kind: 'auth' });
		expect(stand.sandbox().counts().httpRequests).toBe(1);
	});
});

describe('the ID of an account in place of a media ID', () => {
	test.each(['graph.instagram.com', 'graph.facebook.com'] as const)(
		'throws on %s instead of returning an empty answer',
		async (host) => {
			const { id } = stand.world().account('large');
			const error = { kind: 'not-found', message: expect.stringContaining(id) as string };
			const client = stand.client(host);
			await expect(client.mediaById(id)).rejects.toMatchObject(error);
			const items = await readAll(client, { mediaIds: [id], metrics: ['reach', 'saved'] });
			expect(items).toMatchObject([{ media: { id }, error }]);
		},
	);
});

describe('mediaById', () => {
	test('reads one media item, with its ID as a string', async () => {
		const reel = media('REELS');
		expect(await stand.client('graph.instagram.com').mediaById(reel.id)).toMatchObject({
			id: reel.id,
			media_product_type: 'REELS',
			media_type: 'VIDEO',
		});
	});
});
