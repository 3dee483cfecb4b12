import { describe, expect, test } from 'vitest';
import type { Host } from '../src/catalog/host.ts';
import { readComputedTotals } from '../src/client/account/computed-totals.ts';
import {
	createInsightsClient,
	type InsightsClient,
	type InsightsClientOptions,
} from '../src/client/insights-client.ts';
import type { MediaItem } from '../src/client/media/media-item.ts';
import { concernsAll } from '../src/client/session/batch.ts';
import { createAccountSubscription } from '../src/client/subscriptions.ts';
import type { InsightsError } from '../src/insights-error.ts';
import { manualClock, type ScriptedAnswer, scriptedTransport } from '../src/testing/index.ts';
import { splitEvents } from '../src/webhook/split-events.ts';

const NOW = '2026-11-23T20:00:00Z';
const day = { since: '2026-06-01', until: '2026-06-01' };

type Script = Parameters<typeof scriptedTransport>[0];

function asking(host: Host, script: Script, options: Partial<InsightsClientOptions> = {}) {
	const transport = scriptedTransport(script);
	const clock = manualClock(NOW, { passing: 'by-itself' });
	const account = { accountId: '17841400000000001' };
	return { client: createInsightsClient({ host, transport, clock, ...account, ...options }), transport };
}

const refusal = (message: string, more: object = {}, status = 400): ScriptedAnswer => ({
	status,
	body: { error: { message, code: 100, type: 'OAuthException', fbtrace_id: 'TRACE', ...more } },
});
const items = (...data: readonly unknown[]): ScriptedAnswer => ({ body: { data } });

const thrownBy = (work: Promise<unknown>): Promise<InsightsError> =>
	work.then(
		() => expect.unreachable('it must not count as an answer'),
		(error) => error,
	);

async function readAll(pages: AsyncIterable<{ readonly items: readonly MediaItem[] } | MediaItem>) {
	const all: MediaItem[] = [];
	for await (const page of pages) all.push(...('items' in page ? page.items : [page]));
	return all;
}

describe('a question without a single number', () => {
	test.each([
		['an expired token', refusal('Session has expired', { code: 190, error_subcode: 463 }), 'auth'],
		['a blocked app', refusal('API access blocked.', { code: 200 }), 'blocked'],
		['a missing permission', refusal('(#10) No permission', { code: 10 }), 'permission'],
	])('throws for %s, also if only computed metrics were asked', async (_, answer, kind) => {
		const { client } = asking('graph.instagram.com', () => answer);
		const question = { metrics: [], computed: ['followers_count', 'posts', 'follower_growth'], ...day };
		const options = { now: new Date(NOW), host: 'graph.instagram.com' } as const;
		expect(await thrownBy(readComputedTotals(client, question, options))).toMatchObject({ kind });
	});

	/** What a missing permission looks like on graph.facebook.com: an account with posts, and empty answers. */
	const empty: Script = ({ path, query }) => {
		if (!path.endsWith('/insights')) return { body: { id: '17841400000000001', media_count: 5 } };
		if (query.metric?.includes('follower_count')) return refusal('Not enough users', { error_subcode: 2874010 });
		return items();
	};

	test.each([
		[
			'another metric has a reason of its own',
			{ metrics: ['likes', 'follower_count'], ...day, since: '2026-11-20', until: '2026-11-21' },
		],
		['the last day has not begun', { metrics: ['likes'], since: '2026-11-22', until: '2026-11-24' }],
	])('reports the missing permission even if %s', async (_, question) => {
		const { client } = asking('graph.facebook.com', empty, { timeZone: 'Pacific/Kiritimati' });
		expect(await thrownBy(client.accountDaily(question))).toMatchObject({ kind: 'permission' });
	});

	const post = (id: string) => ({ id, media_product_type: 'FEED', media_type: 'IMAGE' });
	const list = (ids: readonly string[], answer: (call: number) => ScriptedAnswer): Script => {
		return ({ path, query }, call) =>
			path.endsWith('/media') && !query.fields?.includes('insights') ? items(...ids.map(post)) : answer(call);
	};

	test('throws if the only post of a list is refused, unless it is gone', async () => {
		const tomorrow = asking(
			'graph.instagram.com',
			list(['1'], () => refusal('Words of tomorrow')),
		);
		const error = await thrownBy(readAll(tomorrow.client.media({ metrics: ['reach'] })));
		expect(error.message).toBe('insights of the only media item: Words of tomorrow (code 100)');
		const gone = asking(
			'graph.instagram.com',
			list(['1'], () => refusal('Unsupported', { error_subcode: 33 })),
		);
		expect(await readAll(gone.client.media({ metrics: ['reach'] }))).toMatchObject([
			{ insights: [{ reason: 'not-found' }] },
		]);
	});

	test('throws if every post is refused, each in other words', async () => {
		const words = (call: number) => refusal(`Words of ${['Monday', 'Tuesday', 'Friday'][call % 3]}`);
		const { client } = asking('graph.instagram.com', list(['1', '2', '3'], words));
		const { message, graph } = await thrownBy(readAll(client.media({ metrics: ['reach', 'likes'] })));
		expect(message).toMatch(
			/^insights of all 3 media, each for its own reason. The first one: Words of \w+day \(code 100\)$/,
		);
		expect(graph).toMatchObject({ traceId: 'TRACE' });
	});
});

describe('an answer in another form', () => {
	test.each([
		['a series of one day', [{ name: 'reach', values: [{ value: 5, end_time: '2026-06-02T07:00:00+0000' }] }], 5],
		['a total with parts', [{ name: 'reach', total_value: { value: 5, breakdowns: [] } }], 5],
		['an empty list for a total', [{ name: 'reach', total_value: [] }], null],
		['an empty list for a map', [{ name: 'reach', values: [{ value: [] }] }], null],
	])('gives the same number by total and by day: %s', async (_, data, value) => {
		const { client } = asking('graph.instagram.com', () => items(...data));
		const total = (await client.accountTotals({ metrics: ['reach'], ...day })).insights[0];
		expect(total && 'value' in total ? total.value : total).toEqual(
			value ?? { shape: 'absent', metric: 'reach', reason: 'no-data' },
		);
		const likes = asking('graph.instagram.com', () => items(...data.map((item) => ({ ...item, name: 'likes' }))));
		const [series] = (await likes.client.accountDaily({ metrics: ['likes'], ...day })).insights;
		expect(series?.shape === 'series' ? series.points[0]?.value : null).toBe(value);
	});

	test('is read behind a byte order mark', async () => {
		const body = '\uFEFF{"data":[{"name":"reach","period":"day","total_value":{"value":5}}]}';
		const { client } = asking('graph.instagram.com', [{ body }]);
		expect((await client.accountTotals({ metrics: ['reach'], ...day })).insights).toMatchObject([{ value: 5 }]);
		const webhook =
			'\uFEFF{"object":"instagram","entry":[{"id":"17841400000000001","changes":[{"field":"follow","value":{"é":1}}]}]}';
		expect(splitEvents(webhook)).toMatchObject({ kind: 'events', events: [{ field: 'follow', valueText: '{"é":1}' }] });
	});

	test.each([
		['an empty item', { code: 200, body: '' }],
		['an item without a body', { code: 200 }],
		['a page of HTML', { code: 403, body: '<html>no</html>' }],
		['an item that was cut off', { code: 200, body: '{"data":[{"na' }],
	])('of a batch costs only its own media item: %s', async (_, item) => {
		const good = { code: 200, body: JSON.stringify({ data: [{ name: 'reach', values: [{ value: 3 }] }] }) };
		const { client } = asking('graph.facebook.com', ({ body }) => ({
			body: JSON.parse(body?.batch ?? '[]').map(({ relative_url: url }: { relative_url: string }) =>
				url.startsWith('2/') ? item : good,
			),
		}));
		const read = await readAll(client.mediaInsights({ mediaIds: ['1', '2', '3'], metrics: ['reach'] }));
		expect(read.map(({ insights: [one] }) => (one && 'value' in one ? one.value : one))).toMatchObject([
			3,
			{ reason: 'failed' },
			3,
		]);
	});

	test('does not end a list that repeats one media item', async () => {
		const ids = ['1', '2', '2', '3'];
		const { client } = asking(
			'graph.instagram.com',
			({ query }) => {
				const place = Number(query.after ?? 0);
				const next = place + 1 < ids.length ? { next: 'https://graph/next' } : {};
				return { body: { data: [{ id: ids[place] }], paging: { cursors: { after: String(place + 1) }, ...next } } };
			},
			{ pageSize: 1 },
		);
		expect((await readAll(client.media())).map(({ media }) => media.id)).toEqual(['1', '2', '3']);
	});

	test('names the part of a value that has an unknown form', async () => {
		const { client } = asking('graph.instagram.com', () =>
			items({ name: 'reach', total_value: { value: { a: { b: 1 } } } }, { name: 'likes', total_value: { value: 2 } }),
		);
		expect((await client.accountTotals({ metrics: ['reach', 'likes'], ...day })).insights).toMatchObject([
			{ message: "Instagram's value could not be read (unknown form of total_value.value)" },
			{ value: 2 },
		]);
	});

	test.each([
		['a Page that is null', [null]],
		['an account without an id', [{ id: '1', instagram_business_account: {} }]],
		['an empty list for an account', [{ id: '1', instagram_business_account: [] }]],
	])('keeps the other accounts: %s', async (_, malformed) => {
		const good = { id: '2', name: 'B', instagram_business_account: { id: '17841400000000001' } };
		const { client } = asking('graph.facebook.com', () => ({ body: { data: [...malformed, good], paging: [] } }));
		expect(await client.accounts()).toMatchObject([{ id: '17841400000000001' }]);
	});
});

describe('a wait that no clock can hold', () => {
	const used = [{ type: 'instagram', call_count: 100, estimated_time_to_regain_access: 1e15 }];
	test.each([
		{ 'retry-after': '99999999999999999999' },
		{ 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' },
		{ 'x-business-use-case-usage': JSON.stringify({ '1': used }) },
	])('is a rate limit like any other: %j', async (headers) => {
		const { client } = asking('graph.instagram.com', () => ({ status: 429, headers, body: '' }));
		const error = await thrownBy(client.profile());
		expect(error).toMatchObject({ kind: 'rate-limit', retryAfterMs: 30 * 86_400_000 });
		expect(error.message).toContain('used up until about 2026-12-23 20:00 UTC');
	});
});

describe('the call limit of one account', () => {
	const answering = (limit: ScriptedAnswer) =>
		asking('graph.facebook.com', ({ path }) => {
			if (path.startsWith('/1/')) return limit;
			return items({ name: 'reach', period: 'day', total_value: { value: 5 } });
		}).client;
	const reachOf = async (client: InsightsClient, id: string) =>
		(await client.forAccount({ id }).accountTotals({ metrics: ['reach'], ...day })).insights[0];

	test('does not stop the questions about other accounts', async () => {
		const client = answering(refusal('(#80002) Too many calls to this account', { code: 80002 }));
		expect(await thrownBy(reachOf(client, '1'))).toMatchObject({ kind: 'rate-limit' });
		expect(await reachOf(client, '2')).toMatchObject({ value: 5 });
		expect(client.usage().httpRequests).toBe(2);
	});

	test('stops them if it is the limit of the app', async () => {
		const client = answering(refusal('(#4) Application request limit reached', { code: 4 }));
		expect(await thrownBy(reachOf(client, '1'))).toMatchObject({ kind: 'rate-limit' });
		expect(await thrownBy(reachOf(client, '2'))).toMatchObject({ kind: 'rate-limit' });
		expect(client.usage().httpRequests).toBe(1);
	});

	test('is read from the headers of its answers', async () => {
		const used = { type: 'instagram', call_count: 100, estimated_time_to_regain_access: 9 };
		const headers = { 'x-business-use-case-usage': JSON.stringify({ 1: [used] }) };
		const client = answering({ headers, body: { data: [] } });
		const small = client.forAccount({ id: '1', mediaCount: 0 });
		await small.accountTotals({ metrics: ['reach'], ...day });
		const error = await thrownBy(small.accountTotals({ metrics: ['reach'], ...day }));
		expect([error.kind, error.retryAfterMs, concernsAll(error)]).toEqual(['rate-limit', 9 * 60_000, false]);
		expect(await reachOf(client, '2')).toMatchObject({ value: 5 });
	});
});

describe('the ID of an account in place of a media ID', () => {
	test('is named as such', async () => {
		const words = '(#100) Tried accessing nonexisting field (media_type) on node type (ShadowIGUser)';
		const { client } = asking('graph.facebook.com', () => refusal(words));
		const error = await thrownBy(client.mediaById('17841400000000001'));
		expect(error).toMatchObject({ kind: 'not-found', advice: expect.stringContaining('such as an account') });
	});
});

describe('another account that Meta does not show', () => {
	test.each<[string, ScriptedAnswer]>([
		['an answer without it', { body: { id: '17841400000000001' } }],
		['null', { body: { id: '17841400000000001', business_discovery: null } }],
		['code 110 without a subcode', refusal('Invalid user id', { code: 110 })],
		[
			'its text alone',
			refusal('Invalid parameter', { error_user_msg: 'The user with username: foo cannot be found.' }),
		],
	])('is not found, with what to check: %s', async (_, answer) => {
		const { client } = asking('graph.facebook.com', () => answer);
		const error = await thrownBy(client.otherAccount('foo'));
		expect(error.kind).toBe('not-found');
		expect(error.message).toMatch(/^@foo: /);
		expect(error.advice).toMatch(/user name.*professional/);
	});
});

describe('a list of media of others that Meta refuses', () => {
	const field = refusal('(#100) Tried accessing nonexisting field (tags) on node type (IGUser)');
	const permission = refusal('(#10) Application does not have permission for this action', { code: 10 });
	test.each([
		['tags', field, /instagram_manage_comments and pages_read_engagement/],
		['tags', permission, /instagram_manage_comments and pages_read_engagement/],
		['collaborative_media', field, /does not say which permission/],
		['collaborative_media', permission, /instagram_manage_insights/],
		['tags', refusal('Two-factor authentication is required', { code: 200 }), /Accounts Center/],
	] as const)('says what the list %s needs', async (edge, answer, advice) => {
		const { client } = asking('graph.facebook.com', () => answer);
		expect((await thrownBy(readAll(client.othersMedia({ edge })))).advice).toMatch(advice);
	});
});

describe('a subscription that Meta refuses in other words', () => {
	const write = (fields: readonly string[], answer: ScriptedAnswer) => {
		const refused = /tomorrow/;
		const transport = scriptedTransport(({ query }) =>
			refused.test(query.subscribed_fields ?? '') ? answer : { body: { success: true } },
		);
		const clock = manualClock(NOW, { passing: 'by-itself' });
		return createAccountSubscription({ login: 'instagram', node: 'me', name: 'bakery' }, { transport, clock }).write(
			fields,
		);
	};

	test.each([
		'(#100) The following fields are not supported: tomorrow',
		'(#100) Param subscribed_fields[1] must be one of {"comments", "messages"}',
	])('leaves out the field it names: %s', async (message) => {
		expect(await write(['comments', 'tomorrow'], refusal(message))).toEqual({
			fields: ['comments'],
			leftOut: ['tomorrow'],
		});
	});

	test('fails for a missing permission, which can be granted', async () => {
		const answer = refusal('(#200) To subscribe to the tomorrow field, instagram_x is needed', { code: 200 });
		expect((await thrownBy(write(['comments', 'tomorrow'], answer))).message).toContain('instagram_x is needed');
	});
});
