import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createInsightsClient } from '../../../src/client/insights-client.ts';
import type { MediaItem } from '../../../src/client/media/media-item.ts';
import { manualClock, scriptedTransport } from '../../../src/testing/index.ts';
import { type TinyMedia, type TinyRules, tinyGraph } from '../tiny-graph.ts';

const metrics = ['reach', 'views', 'likes'];
const many = (count: number, kind: TinyMedia['kind'] = 'post'): TinyMedia[] =>
	Array.from({ length: count }, () => ({ kind }));

/** Read a whole list through a new client on graph.instagram.com, which has no batch. */
async function readAll(media: readonly TinyMedia[], rules: TinyRules = {}, pageSize = 100) {
	const graph = tinyGraph(media, rules);
	const transport = scriptedTransport((request, index) => {
		// A walk that goes round fails here instead of hanging.
		if (index > 20 * (media.length + 10)) throw new RangeError('no end in sight');
		return graph(request);
	});
	const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });
	const client = createInsightsClient({ host: 'graph.instagram.com', transport, clock, pageSize });
	const items: MediaItem[] = [];
	for await (const page of client.media({ metrics })) items.push(...page.items);
	const single = transport.requests.filter(({ path }) => path.endsWith('/insights') && path !== '/me/insights').length;
	return { items, lists: transport.requests.length - single, single, client, transport };
}

const shown = ({ insights }: MediaItem) =>
	insights.map((insight) =>
		insight.shape === 'total' ? insight.value : insight.shape === 'absent' ? insight.reason : '?',
	);

describe('readList', () => {
	test('reads 1,000 media in ten requests if nothing is refused', async () => {
		const { items, lists, single } = await readAll(many(1000));
		expect(items).toHaveLength(1000);
		expect([lists, single]).toEqual([10, 0]);
	});

	test('steps over an ad: one refusal, one listing, then the runs around it', async () => {
		const media = [...many(40), ...many(1, 'ad'), ...many(59)];
		const { items, lists, single } = await readAll(media);
		expect(shown(items[39] as MediaItem)).toEqual([39_000, 39_000, 39_000]);
		expect(shown(items[40] as MediaItem)).toEqual(['unsupported', 'unsupported', 'unsupported']);
		expect(shown(items[41] as MediaItem)).toEqual([41_000, 41_000, 41_000]);
		expect([lists, single]).toEqual([5, 0]);
	});

	const withAds = Array.from({ length: 1000 }, (_, index): TinyMedia => ({ kind: index % 100 === 37 ? 'ad' : 'post' }));

	test('moves past an ad with the page that is listed anyway', async () => {
		const { items, lists } = await readAll(withAds);
		expect(items.map((item) => shown(item)[0])).toEqual(
			withAds.map(({ kind }, index) => (kind === 'ad' ? 'unsupported' : index * 1000)),
		);
		// A refusal, a look at the kinds and the run before the first ad; then a page and a run for each ad.
		expect(lists).toBeLessThanOrEqual(3 + 2 * 10 + 1);
	});

	test('moves past an ad if a page has no cursor of its first media item', async () => {
		const { items, lists } = await readAll(withAds, { withoutBefore: true });
		expect(items.map((item) => shown(item)[0])).toEqual(
			withAds.map(({ kind }, index) => (kind === 'ad' ? 'unsupported' : index * 1000)),
		);
		// One request more for each ad.
		expect(lists).toBeLessThanOrEqual(3 + 3 * 10 + 1);
	});

	test('sends no request for ads alone', async () => {
		const { transport } = await readAll([...many(3), ...many(2, 'ad'), ...many(3)]);
		expect(transport.requests.filter(({ path }) => /\/\d+\/insights/.test(path))).toEqual([]);
	});

	test('loses only the refused metric of an old video among posts', async () => {
		const media = [...many(30), ...many(1, 'old-video'), ...many(69)];
		const { items } = await readAll(media);
		expect(shown(items[30] as MediaItem)).toEqual([30_000, 'unsupported', 30_000]);
		expect(items.flatMap(shown).filter((value) => value === 'unsupported')).toHaveLength(1);
	});

	test('reads refused videos together without the refused metric, and requests it for each by itself', async () => {
		const media = [...many(40), ...many(30, 'old-video'), ...many(30)];
		const { items, lists, single } = await readAll(media);
		expect(items.map(shown)).toEqual(
			media.map(({ kind }, index) => [index * 1000, kind === 'old-video' ? 'unsupported' : index * 1000, index * 1000]),
		);
		expect(single).toBeLessThanOrEqual(30);
		// A refusal, a look at the kinds, the run before, the first video found in two, the other videos, the run behind.
		expect(lists).toBeLessThanOrEqual(10);
	});

	test('reads videos with the posts while most of them answer', async () => {
		const media = [...many(10, 'video'), ...many(1, 'old-video'), ...many(9, 'video'), ...many(80)];
		const { items, lists, single } = await readAll([...media, ...media]);
		expect(items.flatMap(shown).filter((value) => value === 'unsupported')).toHaveLength(2);
		expect(single).toBe(0);
		// For each page a look at the kinds, the refusal, at most five halvings of twenty videos, the video itself and the rest.
		expect(lists).toBeLessThanOrEqual(2 * 9);
	});

	test('finds the conversion to a business account and requests nothing for older media', async () => {
		const { items, lists } = await readAll(many(250), { convertedAt: 137 });
		expect(shown(items[136] as MediaItem)).toEqual([136_000, 136_000, 136_000]);
		expect(shown(items[137] as MediaItem)).toEqual(['before-conversion', 'before-conversion', 'before-conversion']);
		expect(shown(items[249] as MediaItem)).toEqual(['before-conversion', 'before-conversion', 'before-conversion']);
		// Page 1, page 2 refused, at most seven to find the boundary, two plain pages.
		expect(lists).toBeLessThanOrEqual(11);
	});

	test('halves a page that is too heavy, and keeps that size', async () => {
		const { items, lists } = await readAll(many(100), { heaviest: 30 });
		expect(items).toHaveLength(100);
		// 100 and 50 refused, then four pages of 25.
		expect(lists).toBe(6);
	});

	test('halves a page that fails, and finds that its size was the cause', async () => {
		const { items, client, transport } = await readAll(many(100), { heaviestUnsaid: 30 });
		expect(items.map((item) => shown(item)[0])).toEqual(Array.from({ length: 100 }, (_, index) => index * 1000));
		const before = transport.requests.length;
		for await (const _ of client.media({ metrics }));
		// From now on 24 a page, and now and then a larger one that fails, which is sent three times before it is believed.
		expect(transport.requests.length - before).toBeLessThanOrEqual(5 + 3);
	});

	test('loses only the media item that fails each time, and says so', async () => {
		const { items, client, transport } = await readAll([...many(60), ...many(1, 'broken'), ...many(139)]);
		expect(items.map((item) => shown(item)[0])).toEqual(
			Array.from({ length: 200 }, (_, index) => (index === 60 ? 'failed' : index * 1000)),
		);
		expect(items.filter(({ error }) => error).map(({ media, error }) => [media.id.slice(-2), error?.kind])).toEqual([
			['60', 'transient'],
		]);
		// Each refusal is repeated three times before it is believed: at most eight, and a dozen answers.
		expect(transport.requests.length).toBeLessThanOrEqual(10 * 4 + 12);
		const before = transport.requests.length;
		for await (const _ of client.media({ metrics, limit: 50 }));
		expect(transport.requests.length - before).toBe(1);
	});

	test.each([
		['as a parameter', 400, { code: 100, message: 'Invalid parameter' }],
		[
			'as a field',
			400,
			{ code: 100, message: '(#100) Tried accessing nonexisting field (insights) on node type (IGMedia)' },
		],
		['as a syntax', 400, { code: 2500, message: 'Syntax error "Expected end of string"' }],
		['with a code of tomorrow', 400, { code: 98_765, message: 'No' }],
		['as trouble of its own, forever', 500, { code: 1, message: 'An unknown error occurred' }],
	])('reads each media item by itself if the host refuses nested insights %s', async (_, status, error) => {
		const rules = { nested: 'refused', nestedSays: { status, body: { error } } } as const;
		const { items, lists } = await readAll(many(250), rules);
		expect(items.map((item) => shown(item)[0])).toEqual(Array.from({ length: 250 }, (_item, index) => index * 1000));
		// Two refusals, sent three times where they look like passing; the plain pages.
		expect(lists).toBeLessThanOrEqual(2 * 3 + 4);
	});

	test('requests a media item that is too heavy for a list by itself', async () => {
		const { items } = await readAll([...many(20), ...many(1, 'heavy'), ...many(20)]);
		expect(items.map((item) => shown(item)[0])).toEqual(Array.from({ length: 41 }, (_, index) => index * 1000));
	});

	test('loses only the media item that may not be read', async () => {
		const { items } = await readAll([...many(20), ...many(1, 'forbidden'), ...many(20)]);
		expect(shown(items[20] as MediaItem)).toEqual(['no-permission', 'no-permission', 'no-permission']);
		expect(items.flatMap(shown).filter((value) => value === 'no-permission')).toHaveLength(3);
	});

	test('looks only once for the conversion to a business account', async () => {
		const { client, transport } = await readAll(many(100), { convertedAt: 37 });
		const before = transport.requests.length;
		for await (const _ of client.media({ metrics }));
		// Refused, listed, and the run before the switch.
		expect(transport.requests.length - before).toBe(3);
	});

	test('keeps an unknown metric that works if the host does not say which of two it refuses', async () => {
		const graph = tinyGraph(many(30));
		const transport = scriptedTransport((request) => {
			const asked = request.query.metric ?? request.query.fields ?? '';
			if (!asked.includes('bad_one')) return graph(request);
			return {
				status: 400,
				body: { error: { code: 100, message: '(#100) The value must be a valid insights metric' } },
			};
		});
		const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });
		const client = createInsightsClient({ host: 'graph.instagram.com', transport, clock, allowUnknown: true });
		const items: MediaItem[] = [];
		for await (const page of client.media({ metrics: ['reach', 'good_one', 'bad_one'] })) items.push(...page.items);
		expect(items.map(shown)).toEqual(
			Array.from({ length: 30 }, (_, index) => [index * 1000, index * 1000, 'unsupported']),
		);
	});

	const EMPTY = (after: string) => ({ body: { data: [], paging: { cursors: { after }, next: 'https://graph/next' } } });

	test.each([
		['goes round', (call: number) => EMPTY(call % 2 === 0 ? 'a' : 'b')],
		['never ends', (call: number) => EMPTY(String(call))],
	])('ends an empty list that %s', async (_, answer) => {
		for (const listFirst of [false, true]) {
			const transport = scriptedTransport((_request, call) => answer(call));
			const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });
			const client = createInsightsClient({ host: 'graph.instagram.com', transport, clock, listFirst });
			for await (const _page of client.media({ metrics }));
			for await (const _page of client.stories({ metrics: ['reach'] }));
			expect(transport.requests.length).toBeLessThanOrEqual(150);
		}
	});

	test('throws if a plain list is refused too', async () => {
		const transport = scriptedTransport(() => ({ status: 500, body: { error: { code: 1, message: 'unknown' } } }));
		const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });
		const client = createInsightsClient({
			host: 'graph.instagram.com',
			transport,
			clock,
			accountId: '1',
			maxAttempts: 2,
		});
		await expect(client.media({ metrics })[Symbol.asyncIterator]().next()).rejects.toMatchObject({ kind: 'transient' });
		expect(transport.requests).toHaveLength(4);
	});

	test.each([
		['where the host refuses to nest', many(100), { nested: 'refused' } as const],
		['behind the switch to a business account', many(100), { convertedAt: 0 }],
		['to look at the kinds', [...many(40), ...many(1, 'ad'), ...many(59)], {}],
	])('halves a plain page that is too heavy %s', async (_, media, rules) => {
		const { items } = await readAll(media, { ...rules, heaviestPlain: 30 });
		expect(items.map(({ media: { id } }) => Number(id.slice(-3)))).toEqual(media.map((_medium, index) => index));
	});

	test('gives up on a plain page only if a single media item is too heavy', async () => {
		await expect(readAll(many(4), { nested: 'refused', heaviestPlain: 0 })).rejects.toMatchObject({
			kind: 'too-much-data',
		});
	});

	test('reads every media item by itself if the host refuses nested insights', async () => {
		const { items, lists, single } = await readAll(many(150), { nested: 'refused' });
		expect(items.map((item) => shown(item)[0])).toEqual(Array.from({ length: 150 }, (_, index) => index * 1000));
		expect(lists).toBeLessThanOrEqual(4);
		expect(single).toBeLessThanOrEqual(151);
	});

	test('notices if the host silently leaves out nested insights', async () => {
		const { items, lists, single } = await readAll(many(150), { nested: 'ignored' });
		expect(items.map((item) => shown(item)[0])).toEqual(Array.from({ length: 150 }, (_, index) => index * 1000));
		expect([lists, single]).toEqual([2, 151]);
	});

	test('remembers what it learned for the next list', async () => {
		const { client, transport } = await readAll(many(20), { nested: 'refused' });
		const before = transport.requests.length;
		for await (const _ of client.media({ metrics, limit: 5 }));
		expect(transport.requests.length - before).toBe(6);
	});

	test('does not bisect forever if every media item is refused without a reason', async () => {
		const transport = scriptedTransport(tinyGraph(many(1000, 'strange')));
		const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });
		const client = createInsightsClient({ host: 'graph.instagram.com', transport, clock });
		const reading = (async () => {
			for await (const _ of client.media({ metrics }));
		})();
		await expect(reading).rejects.toMatchObject({ kind: 'invalid-query' });
		expect(transport.requests.length).toBeLessThan(200);
	});

	// Pages of 20 hold all that pages of 100 do, and are read faster.
	const anyMedia = fc.array(
		fc.oneof(
			{ weight: 80, arbitrary: fc.constantFrom<TinyMedia['kind']>('post', 'reel') },
			{ weight: 4, arbitrary: fc.constant<TinyMedia['kind']>('ad') },
			{ weight: 4, arbitrary: fc.constant<TinyMedia['kind']>('video') },
			{ weight: 4, arbitrary: fc.constant<TinyMedia['kind']>('old-video') },
			{ weight: 1, arbitrary: fc.constant<TinyMedia['kind']>('strange') },
			{ weight: 1, arbitrary: fc.constant<TinyMedia['kind']>('broken') },
			{ weight: 1, arbitrary: fc.constant<TinyMedia['kind']>('new-kind') },
		),
		{ maxLength: 70, size: 'max' },
	);
	/** If no media item answers, and all or several are refused alike, the question fails: another test has that rule. */
	const isAnswered = (kinds: readonly TinyMedia['kind'][], convertedAt: number) => {
		const young = kinds.slice(0, convertedAt);
		const refused = young.filter((kind) => kind === 'strange' || kind === 'broken').length;
		if (refused === 0 || (refused === 1 && kinds.length > 1)) return true;
		return refused + young.filter((kind) => kind === 'ad').length < young.length;
	};
	const anyRules = fc.record({
		convertedAt: fc.oneof(fc.constant(10_000), fc.integer({ min: 0, max: 70 })),
		heaviest: fc.constantFrom(20, 20, 20, 8),
		nested: fc.constantFrom(
			'allowed' as const,
			'allowed' as const,
			'allowed' as const,
			'refused' as const,
			'ignored' as const,
		),
	});

	test('returns every media item with a value or a reason, exactly once, in the order of the list', async () => {
		await fc.assert(
			fc.asyncProperty(anyMedia, anyRules, async (kinds, rules) => {
				fc.pre(isAnswered(kinds, rules.convertedAt));
				const media = kinds.map((kind) => ({ kind }));
				const { items } = await readAll(media, rules, 20);
				const expected = media.map(({ kind }, index) => {
					const value = index * 1000;
					if (index >= rules.convertedAt) return ['before-conversion', 'before-conversion', 'before-conversion'];
					if (kind === 'ad') return ['unsupported', 'unsupported', 'unsupported'];
					if (kind === 'old-video') return [value, 'unsupported', value];
					if (kind === 'strange' || kind === 'broken') return ['failed', 'failed', 'failed'];
					if (kind === 'new-kind') return [value, 'unsupported', 'unsupported'];
					return [value, value, value];
				});
				// Behind the boundary a kind without the metric may be called either: both are true.
				const actual = items.map((item, index) =>
					index >= rules.convertedAt && ['ad', 'new-kind'].includes(kinds[index] ?? '')
						? shown(item).map((reason) => (reason === 'unsupported' ? 'before-conversion' : reason))
						: shown(item),
				);
				expect(actual).toEqual(expected);
			}),
			{ numRuns: 300 },
		);
	});

	test('sends no more requests than promised', async () => {
		await fc.assert(
			fc.asyncProperty(anyMedia, fc.integer({ min: 0, max: 70 }), async (kinds, convertedAt) => {
				fc.pre(isAnswered(kinds, convertedAt));
				const media = kinds.map((kind) => ({ kind }));
				const { lists, single } = await readAll(media, { convertedAt }, 20);
				const young = kinds.slice(0, convertedAt);
				const count = (kind: TinyMedia['kind']) => young.filter((one) => one === kind).length;
				const pages = Math.ceil(media.length / 20) + 1;
				const exceptions = count('old-video') + count('strange') + count('new-kind');
				// Listing ahead and reading: two a page. An ad: a step and a run. An exception: 1 + log2(20) to bisect, one to step.
				const bisecting = 2 + Math.ceil(Math.log2(20)) * 2;
				const boundary = convertedAt < media.length ? bisecting : 0;
				// What stumbles is sent four times before it is believed, and once more by itself.
				const stumbling = 4 * (bisecting + 1) * count('broken');
				expect(lists).toBeLessThanOrEqual(2 * pages + 2 * count('ad') + bisecting * exceptions + stumbling + boundary);
				// Only media that named no cause, or a kind not met before, are asked by themselves: once for each half; and
				// videos, when more of them were seen to refuse than to answer.
				// Three strange ones in a row make the next page a page of single requests.
				const page = /((strange|broken),?){3}/.test(young.filter((kind) => kind !== 'ad').join()) ? 120 : 0;
				expect(single).toBeLessThanOrEqual(
					6 * (count('strange') + count('new-kind')) +
						count('old-video') +
						count('video') +
						4 * count('broken') +
						2 +
						page,
				);
			}),
			{ numRuns: 300 },
		);
	});
});
