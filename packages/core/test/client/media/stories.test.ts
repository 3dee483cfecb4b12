import { describe, expect, test } from 'vitest';
import { createInsightsClient, type InsightsClient } from '../../../src/client/insights-client.ts';
import type { MediaItem } from '../../../src/client/media/media-item.ts';
import type { StoryListQuery } from '../../../src/query/insights-query.ts';
import { manualClock, scriptedTransport } from '../../../src/testing/index.ts';
import { BOTH_HOSTS, sandboxStand } from '../sandbox-stand.ts';
import { tinyGraph } from '../tiny-graph.ts';

const busy = { ageHours: 3, viewers: 'many' } as const;
const quiet = { ageHours: 5, viewers: 'few' } as const;
const stand = sandboxStand({
	world: {
		accounts: [
			{ key: 'busy', posts: { count: 1, stories: [busy, { ...busy, ageHours: 8 }] } },
			{ key: 'mixed', posts: { count: 1, stories: [busy, quiet, { ...busy, ageHours: 9 }] } },
		],
	},
});
const metrics = ['reach', 'navigation', 'replies'];

async function readAll(client: InsightsClient, query: Omit<StoryListQuery, 'kind'>): Promise<MediaItem[]> {
	const items: MediaItem[] = [];
	for await (const page of client.stories(query)) items.push(...page.items);
	return items;
}
const shown = ({ insights }: MediaItem) =>
	insights.map((insight) =>
		insight.shape === 'total' ? insight.value : insight.shape === 'absent' ? insight.reason : '?',
	);

describe('stories', () => {
	test.each(BOTH_HOSTS)('reads all stories with their numbers in one request on %s', async (host) => {
		const account = stand.world().account('busy');
		const items = await readAll(stand.client(host, { token: 'busy' }), { metrics });
		expect(items.map(shown)).toEqual(
			account.stories().map((story) => metrics.map((metric) => account.mediaMetric(story, metric))),
		);
		expect(items).toHaveLength(2);
		expect(stand.sandbox().counts().httpRequests).toBe(1);
	});

	test.each([
		['graph.facebook.com', 3],
		['graph.instagram.com', 5],
	] as const)('loses only the story with too few viewers on %s', async (host, requests) => {
		const account = stand.world().account('mixed');
		const items = await readAll(stand.client(host, { token: 'mixed' }), { metrics });
		expect(items.map(shown)).toEqual(
			account
				.stories()
				.map((story) =>
					story.fewViewers
						? ['too-few-viewers', 'too-few-viewers', 'too-few-viewers']
						: metrics.map((metric) => account.mediaMetric(story, metric)),
				),
		);
		expect(items.filter(({ error }) => error)).toEqual([]);
		// Refused, listed, then a batch, or each by itself.
		expect(stand.sandbox().counts().httpRequests).toBe(requests);
	});

	test.each([
		['graph.facebook.com', 2],
		['graph.instagram.com', 3],
	] as const)(
		'reads the navigation of each story with one request per story, or one batch, on %s',
		async (host, requests) => {
			const account = stand.world().account('busy');
			const split = { navigation: 'story_navigation_action_type' };
			const items = await readAll(stand.client(host, { token: 'busy' }), { metrics, split });
			expect(stand.sandbox().counts().httpRequests).toBe(requests);
			for (const [index, story] of account.stories().entries()) {
				const [reach, navigation, replies] = items[index]?.insights ?? [];
				expect(reach).toMatchObject({ shape: 'total', value: account.mediaMetric(story, 'reach') });
				expect(replies).toMatchObject({ shape: 'total', value: account.mediaMetric(story, 'replies') });
				expect(navigation).toMatchObject({
					shape: 'breakdown',
					value: account.mediaMetric(story, 'navigation'),
					buckets: account
						.mediaRows(story, 'navigation')
						.map(({ dimensionValues: [bucket], value }) => ({ bucket, value })),
				});
			}
		},
	);

	test('refuses a breakdown that the metric does not have', async () => {
		const read = readAll(stand.client('graph.facebook.com', { token: 'busy' }), {
			metrics,
			split: { reach: 'story_navigation_action_type' },
		});
		await expect(read).rejects.toMatchObject({ kind: 'invalid-query' });
		expect(stand.sandbox().counts().httpRequests).toBe(0);
	});

	test('lists without numbers if none are requested', async () => {
		const items = await readAll(stand.client('graph.instagram.com', { token: 'mixed' }), {});
		expect(items.map(({ media, insights }) => [media.media_product_type, insights.length])).toEqual([
			['STORY', 0],
			['STORY', 0],
			['STORY', 0],
		]);
	});

	test('returns nothing if there are none', async () => {
		expect(await readAll(stand.client('graph.instagram.com', { token: 'brand-new' }), { metrics })).toEqual([]);
	});

	test('stops at the limit', async () => {
		expect(await readAll(stand.client('graph.facebook.com', { token: 'busy' }), { metrics, limit: 1 })).toHaveLength(1);
	});

	test('lists a page that is too heavy in smaller ones', async () => {
		const graph = tinyGraph(
			Array.from({ length: 7 }, () => ({ kind: 'post' as const })),
			{ heaviest: 1, heaviestPlain: 3 },
		);
		const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });
		const client = createInsightsClient({ host: 'graph.instagram.com', transport: scriptedTransport(graph), clock });
		const items = await readAll(client, { metrics: ['reach'] });
		expect(items.map((item) => shown(item)[0])).toEqual([0, 1000, 2000, 3000, 4000, 5000, 6000]);
	});

	test('loses only the story that fails each time', async () => {
		const graph = tinyGraph([{ kind: 'post' }, { kind: 'broken' }, { kind: 'post' }]);
		const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });
		const client = createInsightsClient({ host: 'graph.instagram.com', transport: scriptedTransport(graph), clock });
		const items = await readAll(client, { metrics: ['reach'] });
		expect(items.map((item) => [shown(item)[0], item.error?.kind])).toEqual([
			[0, undefined],
			['failed', 'transient'],
			[2000, undefined],
		]);
	});
});
