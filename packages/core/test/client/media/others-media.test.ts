import { describe, expect, test } from 'vitest';
import type { InsightsClient } from '../../../src/client/insights-client.ts';
import type { MediaItem } from '../../../src/client/media/media-item.ts';
import type { OthersMediaQuery } from '../../../src/query/insights-query.ts';
import { BOTH_HOSTS, sandboxStand } from '../sandbox-stand.ts';

const stand = sandboxStand({
	world: {
		accounts: [
			{ key: 'guest', username: 'guest.baker', posts: { count: 4, everyHours: 24 } },
			{ key: 'host', username: 'host.kitchen', posts: { count: 130, everyHours: 24 } },
		],
	},
});

async function readAll(client: InsightsClient, query: Omit<OthersMediaQuery, 'kind'>): Promise<MediaItem[]> {
	const items: MediaItem[] = [];
	for await (const page of client.othersMedia(query)) items.push(...page.items);
	return items;
}

function publish(count: number, choice: { tags?: string[]; collaborators?: string[]; likesHidden?: boolean }) {
	return Array.from({ length: count }, () => stand.world().account('host').publish(choice));
}

describe('othersMedia', () => {
	test.each(BOTH_HOSTS)(
		'reads every post of others in which the account is tagged, newest first, on %s',
		async (host) => {
			const tagged = publish(120, { tags: ['guest'] });
			const [own] = stand.world().account('guest').media();
			const items = await readAll(stand.client(host, { token: 'guest' }), { edge: 'tags' });
			const ids = items.map(({ media }) => media.id);
			expect(ids).toEqual(expect.arrayContaining(tagged.map(({ id }) => id)));
			expect(ids).not.toContain(own?.id);
			expect(new Set(ids).size).toBe(ids.length);
			const times = items.map(({ media }) => Date.parse(String(media.timestamp)));
			expect(times).toEqual([...times].sort((a, b) => b - a));
			expect(items[0]?.media).toMatchObject({ username: 'host.kitchen', like_count: expect.any(Number) });
			expect(items[0]?.insights).toEqual([]);
		},
	);

	test('reads posts the account collaborates on, with null for what the owner hides', async () => {
		const [shown] = publish(1, { collaborators: ['guest'] });
		const [hidden] = publish(1, { collaborators: ['guest'], likesHidden: true });
		const items = await readAll(stand.client('graph.facebook.com', { token: 'guest' }), {
			edge: 'collaborative_media',
		});
		const of = (id: string | undefined) => items.find(({ media }) => media.id === id)?.media;
		const host = stand.world().account('host');
		if (shown === undefined || hidden === undefined) throw new Error('nothing was published');
		expect(of(shown.id)).toMatchObject({
			like_count: host.mediaMetric(shown, 'likes'),
			saved_count: host.mediaMetric(shown, 'saved'),
			total_views_count: host.mediaMetric(shown, 'total_views'),
		});
		expect(of(hidden.id)).toMatchObject({ like_count: null, total_like_count: null });
	});

	test('stops at the limit, in one request', async () => {
		publish(5, { tags: ['guest'] });
		const client = stand.client('graph.facebook.com', { token: 'guest' });
		expect(await readAll(client, { edge: 'tags', limit: 3 })).toHaveLength(3);
		expect(stand.sandbox().counts().httpRequests).toBe(1);
	});

	test('requests collaborative media with Facebook Login only', async () => {
		const client = stand.client('graph.instagram.com', { token: 'guest' });
		await expect(readAll(client, { edge: 'collaborative_media' })).rejects.toMatchObject({
			kind: 'invalid-query',
			problems: [{ field: 'edge', reason: 'wrong-host', suggestion: 'graph.facebook.com' }],
		});
		expect(stand.sandbox().counts().httpRequests).toBe(0);
	});
});
