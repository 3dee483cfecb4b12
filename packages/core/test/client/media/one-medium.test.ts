import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createInsightsClient } from '../../../src/client/insights-client.ts';
import type { MediaItem } from '../../../src/client/media/media-item.ts';
import type { GraphRequest } from '../../../src/graph/graph-request.ts';
import { manualClock, type ScriptedAnswer, scriptedTransport } from '../../../src/testing/index.ts';
import { type TinyMedia, tinyGraph } from '../tiny-graph.ts';

/** Posts, reels and stories have them all: no kind is looked up. */
const METRICS = ['reach', 'views', 'shares'];
const HOSTS = ['graph.instagram.com', 'graph.facebook.com'] as const;
const ACCOUNT = '17841400000000001';
const idOf = (index: number) => String(18_000_000_000_000_000n + BigInt(index));
const posts = (count: number): TinyMedia[] => Array.from({ length: count }, () => ({ kind: 'post' }));

/** Meta's words for one medium, or for the metrics asked of it; null: it answers. */
type Refusal = (index: number, metrics: readonly string[]) => ScriptedAnswer | null;

const refusal = (status: number, code: number, message: string, more: object = {}): ScriptedAnswer => ({
	status,
	body: { error: { message, code, fbtrace_id: 'Atrace', ...more } },
});

/** A host whose media refuse what `refuse` says: by themselves, in a batch, and in every page they are nested in. */
function stand(host: (typeof HOSTS)[number], count: number, refuse: Refusal) {
	const graph = tinyGraph(posts(count));
	const indexOf = (id: string) => Number(BigInt(id) - 18_000_000_000_000_000n);
	const answer = (request: Pick<GraphRequest, 'path' | 'query' | 'body'>): ScriptedAnswer => {
		const alone = /^\/(\d+)\/insights$/.exec(request.path)?.[1];
		if (alone !== undefined) {
			return refuse(indexOf(alone), (request.query.metric ?? '').split(',')) ?? graph(request);
		}
		if (request.path === '/') {
			const items = JSON.parse(request.body?.batch ?? '[]') as { relative_url: string }[];
			const body = items.map(({ relative_url: url }) => {
				const [path = '', query = ''] = url.split('?');
				const one = answer({ path: `/${path}`, query: Object.fromEntries(new URLSearchParams(query)) });
				return 'body' in one ? { code: one.status ?? 200, body: JSON.stringify(one.body) } : null;
			});
			return { body };
		}
		const nested = /insights\.metric\(([^)]*)\)/.exec(request.query.fields ?? '')?.[1]?.split(',');
		if (nested) {
			const start = request.query.after === undefined ? 0 : indexOf(request.query.after) + 1;
			const end = Math.min(count, start + Number(request.query.limit));
			for (let index = start; index < end; index += 1) {
				const refused = refuse(index, nested);
				if (refused) return refused;
			}
		}
		return graph(request);
	};
	const transport = scriptedTransport((request, call) => {
		if (call > 2000) throw new RangeError('no end in sight');
		return answer(request);
	});
	const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });
	const client = createInsightsClient({ host, transport, clock, accountId: ACCOUNT });
	return { client, transport };
}

type Asked = 'media' | 'stories' | 'mediaInsights';
async function read({ client }: ReturnType<typeof stand>, asked: Asked, count: number, metrics = METRICS) {
	const items: MediaItem[] = [];
	if (asked === 'mediaInsights') {
		const mediaIds = Array.from({ length: count }, (_, index) => idOf(index));
		for await (const item of client.mediaInsights({ mediaIds, metrics })) items.push(item);
	} else {
		const query = asked === 'stories' ? { metrics: ['reach', 'views'] } : { metrics };
		for await (const page of client[asked](query)) items.push(...page.items);
	}
	return items;
}
const shown = ({ insights }: MediaItem) =>
	insights.map((insight) =>
		insight.shape === 'total' ? insight.value : insight.shape === 'absent' ? insight.reason : '?',
	);

const REFUSALS: [string, ScriptedAnswer, string][] = [
	['code 10', refusal(400, 10, '(#10) Application does not have permission for this action'), 'no-permission'],
	['code 200', refusal(403, 200, '(#200) Requires a permission on this media'), 'no-permission'],
	['code 100 alone', refusal(400, 100, 'Invalid parameter'), 'failed'],
	['code 3', refusal(400, 3, '(#3) Application does not have the capability to make this API call.'), 'no-permission'],
	['a code of tomorrow', refusal(400, 98_765, 'Something new'), 'failed'],
	['no code in HTTP 200', { status: 200, body: { error: { message: 'No', fbtrace_id: 'Atrace' } } }, 'failed'],
	['an ID without insights', refusal(400, 100, '(#100) The value must be a valid insights metric'), 'unsupported'],
	[
		'a node of another type',
		refusal(400, 100, 'Tried accessing nonexisting field (insights) on node type (InstagramMedia)'),
		'unsupported',
	],
	['code 1 forever', refusal(500, 1, 'An unknown error occurred'), 'failed'],
	[
		'an object that is gone',
		refusal(400, 100, "Unsupported get request. Object with ID 'x' does not exist", { error_subcode: 33 }),
		'not-found',
	],
];
const QUESTIONS = ['media', 'stories', 'mediaInsights'] as const;
const everywhere = HOSTS.flatMap((host) =>
	QUESTIONS.flatMap((asked) => REFUSALS.map((row) => [host, asked, ...row] as const)),
);

describe('a refusal of one media item', () => {
	test.each(everywhere)('on %s costs %s only that media item: %s', async (host, asked, _, answer, reason) => {
		const one = stand(host, 9, (index) => (index === 4 ? answer : null));
		const items = await read(one, asked, 9);
		expect(items.map((item) => shown(item)[0])).toEqual([0, 1000, 2000, 3000, reason, 5000, 6000, 7000, 8000]);
		const [insight] = items[4]?.insights ?? [];
		expect(items.filter(({ error }) => error)).toHaveLength(1);
		expect(insight?.shape === 'absent' && insight.message).toContain('Atrace');
	});

	test.each(everywhere)(
		'on %s costs %s only that media item at either end: %s',
		async (host, asked, _, answer, reason) => {
			const one = stand(host, 14, (index) => ([0, 1, 13].includes(index) ? answer : null));
			const items = await read(one, asked, 14);
			const fine = Array.from({ length: 11 }, (_item, index) => (index + 2) * 1000);
			expect(items.map((item) => shown(item)[0])).toEqual([reason, reason, ...fine, reason]);
		},
	);

	test.each(HOSTS)('keeps every answer on %s, whichever media are refused', async (host) => {
		const anyMedia = fc.array(fc.constantFrom('fine', 'fine', 'forbidden', 'gone'), { minLength: 1, maxLength: 40 });
		await fc.assert(
			fc.asyncProperty(anyMedia, fc.constantFrom(...QUESTIONS), async (kinds, asked) => {
				fc.pre(kinds.includes('fine'));
				const refuse: Refusal = (index) =>
					kinds[index] === 'forbidden'
						? (REFUSALS[0]?.[1] ?? null)
						: kinds[index] === 'gone'
							? (REFUSALS.find(([name]) => name === 'an object that is gone')?.[1] ?? null)
							: null;
				const items = await read(stand(host, kinds.length, refuse), asked, kinds.length);
				expect(items.map((item) => shown(item)[0])).toEqual(
					kinds.map((kind, index) =>
						kind === 'fine' ? index * 1000 : kind === 'forbidden' ? 'no-permission' : 'not-found',
					),
				);
			}),
			{ numRuns: 100 },
		);
	});
});

describe('a refusal of a batch as a whole', () => {
	test.each(REFUSALS)('sends the items one by one: %s', async (_, answer) => {
		const graph = tinyGraph(posts(60));
		const transport = scriptedTransport((request) => (request.path === '/' ? answer : graph(request)));
		const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });
		const client = createInsightsClient({ host: 'graph.facebook.com', transport, clock, accountId: ACCOUNT });
		const items = await read({ client, transport }, 'mediaInsights', 60);
		expect(items.map((item) => shown(item)[0])).toEqual(Array.from({ length: 60 }, (_item, index) => index * 1000));
	});
});

describe('a refusal of every media item', () => {
	test.each(everywhere)('on %s makes %s throw: %s', async (host, asked, name, answer) => {
		const all = stand(host, 30, () => answer);
		const failed = await read(all, asked, 30).then(
			() => null,
			(error) => error,
		);
		expect(failed).toMatchObject({
			name: 'InsightsError',
			graph: { status: answer && 'status' in answer ? answer.status : 0 },
		});
		expect(failed).toMatchObject({ graph: { traceId: 'Atrace' } });
		if (name === 'no code in HTTP 200') expect(failed.kind).toBe('unknown');
		// What looks like passing trouble is sent three times before it is believed.
		const repeated = name === 'code 1 forever' ? 3 : name === 'an object that is gone' ? 2 : 1;
		expect(all.transport.requests.length).toBeLessThanOrEqual(30 * repeated);
	});

	test.each(HOSTS)('costs one request each on %s if Meta lists every metric as unsupported', async (host) => {
		const words =
			'(#100) The Media Insights API does not support the reach, views, shares metric for this media product type.';
		const all = stand(host, 10, () => refusal(400, 100, words));
		const items = await read(all, 'mediaInsights', 10);
		expect(items.every((item) => shown(item).every((reason) => reason === 'unsupported'))).toBe(true);
		expect(all.transport.requests.length).toBeLessThanOrEqual(10);
	});

	test.each(HOSTS)('for a missing permission throws on %s if there is only one media item', async (host) => {
		const all = stand(host, 1, () => REFUSALS[0]?.[1] ?? null);
		await expect(read(all, 'media', 1)).rejects.toMatchObject({ kind: 'permission', graph: { traceId: 'Atrace' } });
	});

	test('throws if it comes while kinds are looked up', async () => {
		for (const host of HOSTS) {
			const transport = scriptedTransport((request) => {
				const items = JSON.parse(request.body?.batch ?? '[]') as unknown[];
				const refused = REFUSALS[0]?.[1] as { status: number; body: object };
				if (request.path !== '/') return refused;
				return { body: items.map(() => ({ code: 400, body: JSON.stringify(refused.body) })) };
			});
			const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });
			const client = createInsightsClient({ host, transport, clock, accountId: ACCOUNT });
			const asked = read({ client, transport }, 'mediaInsights', 3, ['follows']);
			await expect(asked).rejects.toThrow(/^insights of all 3 media: /);
		}
	});

	test('gives the number of refused media, and no ID', async () => {
		const all = stand('graph.instagram.com', 5, () => REFUSALS[0]?.[1] ?? null);
		await expect(read(all, 'mediaInsights', 5)).rejects.toThrow(/^insights of all 5 media: /);
	});
});

describe('a refusal that concerns the token, the app or the call limit', () => {
	test.each([
		['auth', refusal(400, 190, 'Error validating access token', { error_subcode: 463 })],
		['rate-limit', refusal(400, 4, 'Application request limit reached')],
		['blocked', refusal(400, 368, 'Temporarily blocked')],
		['permission', refusal(403, 200, '(#200) The Page requires two factor authentication')],
		['permission', refusal(400, 100, '(#100) Insufficient developer role')],
	])('ends the question at once: %s', async (kind, answer) => {
		for (const asked of QUESTIONS) {
			const all = stand('graph.instagram.com', 30, () => answer);
			await expect(read(all, asked, 30)).rejects.toMatchObject({ kind });
			expect(all.transport.requests.length).toBe(1);
		}
	});
});

describe('answers without a number', () => {
	const withInsights = (host: (typeof HOSTS)[number], insights: readonly unknown[], reach: readonly unknown[]) => {
		const graph = tinyGraph(posts(5));
		const transport = scriptedTransport((request) => {
			if (request.path === `/${ACCOUNT}/insights`) return { body: { data: reach } };
			if (request.path === `/${ACCOUNT}`) return { body: { id: ACCOUNT, media_count: 5 } };
			if (request.path.endsWith('/insights')) return { body: { data: insights } };
			const items = JSON.parse(request.body?.batch ?? '[]') as unknown[];
			if (items.length > 0) {
				return { body: items.map(() => ({ code: 200, body: JSON.stringify({ data: insights }) })) };
			}
			const { body } = graph(request) as { body: { data: { insights?: unknown }[] } };
			for (const media of body.data) media.insights = { data: insights };
			return { body };
		});
		const clock = manualClock('2026-11-23T20:00:00Z', { passing: 'by-itself' });
		return { client: createInsightsClient({ host, transport, clock, accountId: ACCOUNT }), transport };
	};

	test.each(QUESTIONS)('mean a missing permission for %s if the account has no reach either', async (asked) => {
		const none = withInsights('graph.facebook.com', [], []);
		await expect(read(none, asked, 5)).rejects.toMatchObject({
			kind: 'permission',
			advice: expect.stringContaining('instagram_manage_insights') as string,
		});
	});

	test.each(QUESTIONS)('are accepted for %s if the account has reach, and on graph.instagram.com', async (asked) => {
		const some = [{ name: 'reach', total_value: { value: 9 } }];
		for (const one of [withInsights('graph.facebook.com', [], some), withInsights('graph.instagram.com', [], [])]) {
			expect((await read(one, asked, 5)).map((item) => shown(item)[0])).toEqual(Array(5).fill('no-data'));
		}
	});

	test.each(HOSTS)('throw on %s if no value can be read, and not if one media item is malformed', async (host) => {
		for (const asked of QUESTIONS) {
			const asking = read(withInsights(host, [null], []), asked, 5);
			await expect(asking).rejects.toMatchObject({ kind: 'answer-unreadable' });
			const one = stand(host, 5, (index) => (index === 2 ? { body: { data: [null] } } : null));
			const numbers = (await read(one, asked, 5)).filter((item) => typeof shown(item)[0] === 'number');
			expect(numbers).toHaveLength(4);
		}
	});
});

describe('a metric that Meta refuses in an unknown text', () => {
	const eight = ['reach', 'views', 'likes', 'comments', 'saved', 'shares', 'total_interactions', 'reposts'];

	test.each([
		['#100 and a name', 100, '(#100) Sorry, "shares" is off for this object'],
		['no mark around it', 100, 'We have switched shares off'],
		['a code of tomorrow', 98_765, 'Metric shares is off'],
		['its place', 100, '(#100) metric[5] is off'],
	])('costs 100 posts at most 20 requests: %s', async (_, code, message) => {
		for (const host of HOSTS) {
			const one = stand(host, 100, (_index, metrics) =>
				metrics.includes('shares') ? refusal(400, code, message) : null,
			);
			const items = await read(one, 'media', 100, eight);
			expect(items.map(shown)).toEqual(
				Array.from({ length: 100 }, (_item, index) =>
					eight.map((name) => (name === 'shares' ? expect.any(String) : index * 1000)),
				),
			);
			expect(one.transport.requests.length).toBeLessThanOrEqual(20);
		}
	});

	test('is found without a name too', async () => {
		const one = stand('graph.instagram.com', 100, (_, metrics) =>
			metrics.includes('shares') ? refusal(400, 100, 'No') : null,
		);
		const items = await read(one, 'media', 100, eight);
		expect(items.every((item) => shown(item).filter((value) => typeof value === 'number').length === 7)).toBe(true);
		expect(one.transport.requests.length).toBeLessThanOrEqual(30);
	});
});

describe('a missing role that Meta names for one media item', () => {
	const answer = refusal(400, 100, '(#100) Insufficient developer role');

	test.each(HOSTS)('costs only that item on %s once another has answered', async (host) => {
		const one = stand(host, 120, (index) => (index === 1 || index === 110 ? answer : null));
		const items = await read(one, 'mediaInsights', 120);
		expect(items.filter(({ error }) => error).map(({ media }) => media.id)).toEqual(
			[1, 110].map((index) => items[index]?.media.id),
		);
		const pages = await read(
			stand(host, 120, (index) => (index === 110 ? answer : null)),
			'media',
			120,
		);
		expect(pages.map((item) => shown(item)[0]).filter((value) => typeof value !== 'number')).toEqual(['no-permission']);
	});
});
