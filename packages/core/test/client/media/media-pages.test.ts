import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InsightsClient } from '../../../src/client/insights-client.ts';
import type { MediaItem } from '../../../src/client/media/media-item.ts';
import type { MediaListQuery } from '../../../src/query/insights-query.ts';
import { commonMediaMetrics } from '../../../src/query/plan-media-metrics.ts';
import { BOTH_HOSTS, NOON, sandboxStand } from '../sandbox-stand.ts';

const stand = sandboxStand({ world: { media: 300, beforeConversionShare: 0, adShare: 0 } });
const faulty = sandboxStand({
	world: { media: 300, beforeConversionShare: 0.1, adShare: 0.02, legacyVideoShare: 0.01 },
});

async function readAll(client: InsightsClient, query: Omit<MediaListQuery, 'kind'>): Promise<MediaItem[]> {
	const items: MediaItem[] = [];
	for await (const page of client.media(query)) items.push(...page.items);
	return items;
}
const shown = ({ insights }: MediaItem, metric: string) => {
	const insight = insights.find((one) => one.metric === metric);
	return insight?.shape === 'total' ? insight.value : insight?.shape === 'absent' ? insight.reason : undefined;
};

describe('media', () => {
	test.each(BOTH_HOSTS)('reads 300 posts with the common metrics in three requests on %s', async (host) => {
		const large = stand.world().account('large');
		const metrics = commonMediaMetrics(host);
		const items = await readAll(stand.client(host), { metrics });
		expect(stand.sandbox().counts()).toMatchObject({ httpRequests: 3, metaCalls: 3 });
		expect(items.map(({ media }) => media.id)).toEqual(large.media().map(({ id }) => id));
		for (const [index, media] of large.media().entries()) {
			for (const metric of metrics)
				expect(shown(items[index] as MediaItem, metric)).toBe(large.mediaMetric(media, metric));
		}
	});

	test('yields a page before the next is read', async () => {
		let pages = 0;
		for await (const page of stand.client('graph.instagram.com').media({ metrics: ['reach'] })) {
			pages += 1;
			expect(page.items).toHaveLength(100);
			expect(page.raw).toHaveLength(1);
			expect(stand.sandbox().counts().httpRequests).toBe(pages);
		}
		expect(pages).toBe(3);
	});

	test('requests no more than the limit', async () => {
		const items = await readAll(stand.client('graph.facebook.com'), { metrics: ['reach'], limit: 7 });
		expect(items).toHaveLength(7);
		expect(
			stand
				.sandbox()
				.requests()
				.map(({ query }) => query.limit),
		).toEqual(['7']);
	});

	test('lists no more than the limit on the Facebook host, where the rest is read in batches', async () => {
		const metrics = ['reach', 'follows', 'facebook_views'];
		expect(await readAll(stand.client('graph.facebook.com'), { metrics, limit: 3 })).toHaveLength(3);
		const lists = stand
			.sandbox()
			.requests()
			.filter(({ path }) => path.endsWith('/media'));
		expect(lists.map(({ query }) => query.limit)).toEqual(['3']);
	});

	test('lists without insights if no metric is requested', async () => {
		const items = await readAll(stand.client('graph.facebook.com'), { fields: ['id', 'permalink'], limit: 3 });
		expect(items.every(({ insights }) => insights.length === 0)).toBe(true);
		expect(items[0]?.media).toMatchObject({
			id: expect.any(String),
			permalink: expect.stringContaining('instagram.com'),
		});
	});

	test('reads metrics of reels alone and posts alone in batches of 50 on the Facebook host, for those media only', async () => {
		const large = stand.world().account('large');
		const metrics = ['reach', 'follows', 'ig_reels_avg_watch_time'];
		const items = await readAll(stand.client('graph.facebook.com'), { metrics, limit: 100 });
		expect(stand.sandbox().counts()).toMatchObject({ httpRequests: 1 + 2, metaCalls: 1 + 100 });
		for (const [index, media] of large.media().slice(0, 100).entries()) {
			const item = items[index] as MediaItem;
			const reel = media.productType === 'REELS';
			expect(shown(item, 'follows')).toBe(reel ? 'unsupported' : large.mediaMetric(media, 'follows'));
			expect(shown(item, 'ig_reels_avg_watch_time')).toBe(
				reel ? large.mediaMetric(media, 'ig_reels_avg_watch_time') : 'unsupported',
			);
		}
	});

	test('reads them one by one on the Instagram host, several at a time', async () => {
		const large = stand.world().account('large');
		const reels = large
			.media()
			.slice(0, 60)
			.filter(({ productType }) => productType === 'REELS').length;
		await readAll(stand.client('graph.instagram.com'), { metrics: ['reach', 'reels_skip_rate'], limit: 60 });
		expect(stand.sandbox().counts()).toMatchObject({ httpRequests: 1 + reels, metaCalls: 1 + reels });
		expect(stand.sandbox().counts().mostAtOnce).toBeLessThanOrEqual(4);
	});

	test.each(BOTH_HOSTS)(
		'requests metrics that fail for single posts alone, so that they cost no others on %s',
		async (host) => {
			const large = stand.world().account('large');
			const metrics = ['reach', 'facebook_views', 'follows'];
			const items = await readAll(stand.client(host), { metrics, limit: 30 });
			for (const [index, media] of large.media().slice(0, 30).entries()) {
				const item = items[index] as MediaItem;
				expect(shown(item, 'reach')).toBe(large.mediaMetric(media, 'reach'));
				expect(shown(item, 'facebook_views')).toBe(
					media.sharedToFacebook ? large.mediaMetric(media, 'facebook_views') : 'not-shared-to-facebook',
				);
			}
		},
	);

	test('sends items again that a batch left unanswered', async () => {
		stand.sandbox().setScenario({ scenario: 'null-batch-items*2' }); // the list, then its batch
		const large = stand.world().account('large');
		const items = await readAll(stand.client('graph.facebook.com'), { metrics: ['follows'], limit: 50 });
		const posts = large
			.media()
			.slice(0, 50)
			.filter(({ productType }) => productType !== 'REELS');
		for (const item of items) {
			const media = posts.find(({ id }) => id === item.media.id);
			if (media) expect(shown(item, 'follows')).toBe(large.mediaMetric(media, 'follows'));
		}
		const unanswered = Math.floor((posts.length + 1) / 3);
		expect(stand.sandbox().counts().metaCalls).toBe(1 + posts.length + unanswered);
	});

	test.each([
		['graph.facebook.com', { since: '2026-11-01', until: '2026-11-10' }],
		['graph.instagram.com', { since: '2026-11-01', until: '2026-11-01' }],
	] as const)('narrows the list to Pacific days on %s', async (host, range) => {
		const { since, until } = range;
		// 1 November has 25 hours in California: from 07:00 UTC to 08:00 UTC of the next day.
		const from = Date.UTC(2026, 10, 1, 7);
		const to = until === '2026-11-01' ? Date.UTC(2026, 10, 2, 8) : Date.UTC(2026, 10, 11, 8);
		const expected = stand
			.world()
			.account('large')
			.media()
			.filter(({ timestamp }) => timestamp >= from && timestamp < to);
		const items = await readAll(stand.client(host), { metrics: ['reach'], since, until });
		expect(items.map(({ media }) => media.id)).toEqual(expected.map(({ id }) => id));
		expect(stand.sandbox().counts().httpRequests).toBe(1);
	});

	test('keeps only the kinds asked for', async () => {
		const items = await readAll(stand.client('graph.facebook.com'), {
			metrics: ['reach'],
			productTypes: ['REELS'],
			limit: 20,
		});
		expect(items).toHaveLength(20);
		expect(items.every(({ media }) => media.media_product_type === 'REELS')).toBe(true);
	});

	test('stops in the middle if the caller does', async () => {
		const aborter = new AbortController();
		const reading = (async () => {
			for await (const _ of stand
				.client('graph.facebook.com')
				.media({ metrics: ['reach'] }, { signal: aborter.signal })) {
				aborter.abort();
			}
		})();
		await expect(reading).rejects.toMatchObject({ kind: 'cancelled' });
		expect(stand.sandbox().counts().httpRequests).toBe(1);
	});

	test('continues after a page that failed temporarily', async () => {
		stand.sandbox().setScenario({ scenario: 'transient*2' });
		expect(await readAll(stand.client('graph.instagram.com'), { metrics: ['reach'] })).toHaveLength(300);
		expect(stand.sandbox().counts().httpRequests).toBe(5);
	});

	test('halves pages that Graph finds too heavy', async () => {
		stand.sandbox().setScenario({ scenario: 'reduce-data:30' });
		expect(await readAll(stand.client('graph.instagram.com'), { metrics: ['reach'], limit: 50 })).toHaveLength(50);
		expect(
			stand
				.sandbox()
				.requests()
				.map(({ query }) => query.limit),
		).toEqual(['50', '25', '25']);
	});

	test.each(BOTH_HOSTS)(
		'reads all media between ads, old videos and posts older than the business account on %s',
		async (host) => {
			const large = faulty.world().account('large');
			const metrics = commonMediaMetrics(host);
			const items = await readAll(faulty.client(host), { metrics });
			expect(items.map(({ media }) => media.id)).toEqual(large.media().map(({ id }) => id));
			for (const [index, media] of large.media().entries()) {
				const item = items[index] as MediaItem;
				for (const metric of metrics) {
					const got = shown(item, metric);
					if (media.beforeConversion) expect(['before-conversion', 'unsupported']).toContain(got);
					else if (media.productType === 'AD') expect(got).toBe('unsupported');
					else if (media.legacyVideo && metric === 'views') expect(got).toBe('unsupported');
					else expect(got).toBe(large.mediaMetric(media, metric));
				}
			}
			// Six ads, three old videos and 30 old posts among 300: a tenth of what a call per post would cost.
			expect(faulty.sandbox().counts().httpRequests).toBeLessThanOrEqual(45);
		},
	);
});

describe('media with one that may not be read', () => {
	const mixed = sandboxStand({ world: { media: 40, beforeConversionShare: 0, adShare: 0 } });

	test.each(BOTH_HOSTS)("have their numbers, and that one Meta's message, on %s", async (host) => {
		const large = mixed.world().account('large');
		const forbidden = large.publish({ forbidden: true, timestamp: large.media()[9]?.timestamp ?? 0 });
		const items = await readAll(mixed.client(host), { metrics: ['reach'] });
		expect(items).toHaveLength(large.media().length);
		for (const item of items) {
			const media = large.media().find(({ id }) => id === item.media.id);
			if (!media) throw new Error('unknown medium');
			expect(shown(item, 'reach')).toBe(
				media.id === forbidden.id ? 'no-permission' : large.mediaMetric(media, 'reach'),
			);
			if (media.id === forbidden.id) expect(item.error?.message).toContain('does not have permission');
			else expect(item.error).toBeUndefined();
		}
		large.remove(forbidden.id);
	});
});

describe.each(['refused', 'ignored'] as const)('media where nesting is %s', (nested) => {
	const without = sandboxStand({
		world: { media: 60, beforeConversionShare: 0.2, adShare: 0.05 },
		nested: { instagram: nested, facebook: nested },
	});

	test.each(BOTH_HOSTS)('reads the same numbers on %s', async (host) => {
		const large = without.world().account('large');
		const items = await readAll(without.client(host), { metrics: ['reach', 'likes'] });
		expect(items).toHaveLength(60);
		for (const [index, media] of large.media().entries()) {
			const got = shown(items[index] as MediaItem, 'reach');
			if (media.beforeConversion) expect(['before-conversion', 'unsupported']).toContain(got);
			else expect(got).toBe(media.productType === 'AD' ? 'unsupported' : large.mediaMetric(media, 'reach'));
		}
		// On the Facebook host batches take the place of nesting: refused, listed, refused twice more, one asked alone, two batches.
		if (host === 'graph.facebook.com') expect(without.sandbox().counts().httpRequests).toBeLessThanOrEqual(7);
	});
});

describe('media if the token expires between two pages', () => {
	let now = new Date(NOON);
	const ending = sandboxStand({ now: () => now, world: { media: 300, beforeConversionShare: 0, adShare: 0 } });

	test.each(BOTH_HOSTS)('yields the pages already read, then throws, on %s', async (host) => {
		now = new Date(NOON);
		const items: MediaItem[] = [];
		const reading = (async () => {
			for await (const page of ending.client(host, { token: 'large-due' }).media({ metrics: ['reach'] })) {
				items.push(...page.items);
				// The token has five days left.
				now = new Date('2026-11-29T20:00:00Z');
			}
		})();
		await expect(reading).rejects.toMatchObject({ kind: 'auth', graph: { code: 190, subcode: 463 } });
		expect(items).toHaveLength(100);
	});
});

describe('media while the list changes', () => {
	const changing = sandboxStand({
		world: { media: 60, beforeConversionShare: 0.15, adShare: 0.1, legacyVideoShare: 0.04 },
	});
	const metrics = ['reach', 'views', 'likes'];
	const anyChange = fc.record({
		at: fc.integer({ min: 1, max: 12 }),
		what: fc.constantFrom('publish' as const, 'remove' as const),
		which: fc.nat(59),
	});

	test('suspects no other post if a refused old video is deleted before the page is listed', async () => {
		const large = changing.world().account('large');
		const before = large.media();
		const oldVideo = before.findIndex(({ legacyVideo }) => legacyVideo);
		let requests = 0;
		const onRequest = () => {
			requests += 1;
			if (requests === 2) large.publish({ caption: 'meanwhile' });
		};
		const client = changing.client('graph.instagram.com', { pageSize: oldVideo + 1, onRequest });
		for (const item of await readAll(client, { metrics })) {
			const media = large.media().find(({ id }) => id === item.media.id);
			if (media?.productType === 'FEED' && !media.legacyVideo && !media.beforeConversion) {
				expect(shown(item, 'views')).toBe(large.mediaMetric(media, 'views'));
			}
		}
	});

	test('loses, repeats and suspects none of the media that remain', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(anyChange, { maxLength: 3 }),
				fc.integer({ min: 5, max: 40 }),
				async (changes, pageSize) => {
					const large = changing.world().account('large');
					const before = large.media().map(({ id }) => id);
					let requests = 0;
					const onRequest = () => {
						requests += 1;
						for (const { at, what, which } of changes) {
							if (at !== requests) continue;
							if (what === 'publish') large.publish({ caption: 'meanwhile' });
							else large.remove(before[which] ?? '');
						}
					};
					const reading = readAll(changing.client('graph.instagram.com', { pageSize, onRequest }), { metrics });
					const items = await reading.catch((error: Error) => {
						// The list cannot go on behind a post that is gone.
						if (/cursor/i.test(error.message)) return null;
						throw error;
					});
					fc.pre(items !== null);
					const ids = (items ?? []).map(({ media }) => media.id);
					expect(new Set(ids).size).toBe(ids.length);
					const staying = large.media().filter(({ id }) => before.includes(id));
					expect(ids.filter((id) => staying.some((media) => media.id === id))).toEqual(staying.map(({ id }) => id));
					for (const media of staying) {
						const item = items?.find((one) => one.media.id === media.id) as MediaItem;
						const reach = shown(item, 'reach');
						if (media.beforeConversion) expect(['before-conversion', 'unsupported']).toContain(reach);
						else if (media.productType === 'AD') expect(reach).toBe('unsupported');
						else expect(reach).toBe(large.mediaMetric(media, 'reach'));
					}
				},
			),
			{ numRuns: 80 },
		);
	});
});
