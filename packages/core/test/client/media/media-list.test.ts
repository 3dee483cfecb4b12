import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createInsightsClient } from '../../../src/client/insights-client.ts';
import { manualClock, scriptedTransport } from '../../../src/testing/index.ts';

const ids = (count: number) =>
	Array.from({ length: count }, (_, index) => String(18_000_000_000_000_000n + BigInt(index)));
const clock = () => manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });

async function firstPage<T>(pages: AsyncIterable<T>): Promise<T | undefined> {
	for await (const page of pages) return page;
	return undefined;
}

/** A list that begins anew behind its end, with cursors that may never repeat. */
function roundList(all: readonly object[], pageSize: number, cursors: 'repeat' | 'fresh') {
	return scriptedTransport((request, call) => {
		if (call > all.length + 40) throw new RangeError('no end in sight');
		const start = Number((request.query.after ?? '0').split('-')[0]);
		const data = Array.from({ length: pageSize }, (_, index) => all[(start + index) % all.length]);
		const next = `${(start + pageSize) % all.length}${cursors === 'fresh' ? `-${call}` : ''}`;
		return { body: { data, paging: { cursors: { after: next }, next: 'https://graph/next' } } };
	});
}

describe('a list that starts again', () => {
	const anyList = [
		fc.integer({ min: 1, max: 30 }),
		fc.integer({ min: 1, max: 40 }),
		fc.constantFrom('repeat' as const, 'fresh' as const),
	] as const;

	test.each(['media', 'stories'] as const)('returns each of the %s once', async (edge) => {
		await fc.assert(
			fc.asyncProperty(...anyList, fc.boolean(), async (count, pageSize, cursors, nested) => {
				const insights = { data: [{ name: 'reach', period: 'lifetime', values: [{ value: 7 }], id: '1/insights' }] };
				const all = ids(count).map((id) => ({ id, ...(nested ? { insights } : {}) }));
				const transport = roundList(all, Math.min(pageSize, count), cursors);
				const client = createInsightsClient({ host: 'graph.instagram.com', transport, clock: clock() });
				const found: string[] = [];
				for await (const { items } of client[edge](nested ? { metrics: ['reach'] } : {})) {
					found.push(...items.map(({ media }) => media.id));
				}
				expect(found).toEqual(ids(count));
			}),
		);
	});

	test('returns each account once', async () => {
		await fc.assert(
			fc.asyncProperty(...anyList, async (count, pageSize, cursors) => {
				const all = ids(count).map((id) => ({ id: `1${id}`, name: 'Page', instagram_business_account: { id } }));
				const transport = roundList(all, Math.min(pageSize, count), cursors);
				const client = createInsightsClient({ host: 'graph.facebook.com', transport, clock: clock() });
				expect((await client.accounts()).map(({ id }) => id)).toEqual(ids(count));
			}),
		);
	});
});

describe('a field that Meta leaves out', () => {
	const [id = ''] = ids(1);
	const client = (node: object) =>
		createInsightsClient({
			host: 'graph.instagram.com',
			transport: scriptedTransport(({ path }) => ({ body: path.startsWith('/me') ? { data: [node] } : node })),
			clock: clock(),
		});
	const bare = { id, media_type: 'VIDEO', media_product_type: 'FEED', timestamp: '2026-11-20T08:00:00+0000' };

	test('is null in a list and for a single media item', async () => {
		const page = await firstPage(client(bare).media({ metrics: [] }));
		const one = await client(bare).mediaById(id);
		for (const media of [page?.items[0]?.media ?? { id: '' }, one]) {
			expect(media).toMatchObject({ like_count: null, media_url: null, permalink: null, caption: null });
		}
	});

	test('stays if it is 0 or an empty text', async () => {
		const page = await firstPage(client({ ...bare, like_count: 0, caption: '' }).media({ metrics: [] }));
		expect(page?.items[0]?.media).toMatchObject({ like_count: 0, caption: '' });
	});

	test('is missing if it was not requested', async () => {
		const page = await firstPage(client(bare).media({ metrics: [], fields: ['permalink'] }));
		expect(Object.keys(page?.items[0]?.media ?? {})).not.toContain('like_count');
	});
});

describe('an item of a list that is not media', () => {
	const list = (data: readonly unknown[]) => {
		const transport = scriptedTransport(() => ({ body: { data } }));
		return createInsightsClient({
			host: 'graph.instagram.com',
			transport,
			clock: clock(),
			accountId: '17841400000000001',
		});
	};
	const [first, second] = ids(2).map((id) => ({ id }));

	test.each([[null], ['text'], [{ media_type: 'IMAGE' }]])(
		'costs only itself, and is reported: %j',
		async (malformed) => {
			const page = await firstPage(list([first, malformed, second]).media());
			expect(page?.items.map(({ media }) => media.id)).toEqual([first?.id, second?.id]);
			expect(page?.malformed).toBe(true);
			expect((await firstPage(list([first, second]).media()))?.malformed).toBeUndefined();
		},
	);

	test('is an unreadable answer if there is nothing else', async () => {
		await expect(firstPage(list([null, {}]).media())).rejects.toMatchObject({ kind: 'answer-unreadable' });
	});
});
