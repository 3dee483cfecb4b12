import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExactJson } from '../../src/exact-json.ts';
import type { InstagramEvent } from '../../src/webhook/instagram-event.ts';
import { splitEvents, toMilliseconds } from '../../src/webhook/split-events.ts';
import { randomRuns } from './random-runs.ts';
import { readFixture } from './read-fixture.ts';

function eventsOf(body: string): readonly InstagramEvent[] {
	const split = splitEvents(body);
	if (split.kind !== 'events') throw new Error(`unreadable: ${split.reason}`);
	return split.events;
}
const eventsIn = (fixture: string) => eventsOf(readFixture(fixture).toString());
const entryWith = (content: object) =>
	JSON.stringify({ object: 'instagram', entry: [{ id: '1', time: 2, ...content }] });

describe('splitEvents', () => {
	test.each([
		['story-insights', 'changes', ['story_insights']],
		['story-insights-small-account', 'changes', ['story_insights']],
		['comment', 'changes', ['comments']],
		['comment-flat', 'flat', ['comments']],
		['mention', 'changes', ['mentions']],
		['messages', 'messaging', ['messages', 'messages']],
		['message-story-mention', 'messaging', ['messages']],
		['message-kinds', 'messaging', ['message_echoes', 'messages', 'messages', 'messages']],
		['message-reaction', 'messaging', ['message_reactions']],
		['messaging-postback', 'messaging', ['messaging_postbacks']],
		['messaging-seen', 'messaging', ['messaging_seen']],
		['messaging-referral', 'messaging', ['messaging_referral']],
		['message-edit', 'messaging', ['message_edit']],
		['messaging-handover', 'messaging', ['messaging_handover']],
		['standby', 'standby', ['standby']],
		['message-inside-changes', 'changes', ['messages']],
		['changed-fields', 'changed-fields', ['comments', 'mentions']],
	])('reads %s from %s as %j', (fixture, origin, fields) => {
		const events = eventsIn(fixture);
		expect(events.map((event) => event.field)).toEqual(fields);
		expect(new Set(events.map((event) => event.origin))).toEqual(new Set([origin]));
	});

	test('returns account, value and time of each event', () => {
		expect(eventsIn('story-insights')).toEqual([
			{
				object: 'instagram',
				accountId: '17841405309211844',
				field: 'story_insights',
				origin: 'changes',
				value: {
					media_id: '18023345989012587',
					impressions: 1523,
					reach: 1200,
					taps_forward: 845,
					taps_back: 112,
					exits: 98,
					replies: 23,
				},
				valueText:
					'{"media_id":"18023345989012587","impressions":1523,"reach":1200,"taps_forward":845,"taps_back":112,"exits":98,"replies":23}',
				occurredAt: 1764550800000,
				sample: false,
			},
		]);
	});

	test('decodes escapes in the value, and keeps them in its text', () => {
		expect(eventsIn('comment')[0]?.value).toMatchObject({ text: 'Lindo! ❤ café?' });
		expect(eventsIn('comment')[0]?.valueText).toContain(String.raw`"text":"Lindo! \u2764 caf\u00e9?"`);
	});

	test.each([
		['changes', (value: string) => `{"id":"1","changes":[{"field":"x","value": ${value} }]}`],
		['flat', (value: string) => `{"id":"1","field":"x","value": ${value} }`],
		['messaging', (value: string) => `{"id":"1","messaging":[ ${value} ]}`],
		['standby', (value: string) => `{"id":"1","standby":[${value}]}`],
		['unknown', (value: string) => `{"id":"1","threads":[\n${value}\n]}`],
		['unknown', (value: string) => value],
	])('keeps the value in %s exactly as Meta sent it', (origin, entry) => {
		const value = '{"a":1e400,"b":0.1234567890123456789,"c":17841436214263005,"d":"\\u00e9\\/","a": [1.50]}';
		for (const around of ['%', '[%]', ' [ %,{"entry":[{"field":"y","value":1}]} ] ']) {
			const body = around.replace('%', () => `{"entry" : [${entry(value)}]}`);
			expect(eventsOf(body)[0]).toMatchObject({ origin, valueText: value });
		}
	});

	test.each([
		['{"entry":[{"id":"1","time":1764551000}]}', 1764551000000],
		['{"entry":[{"id":"1","time":1764551000},{"id":"2","time":1764552000123},{"id":"3"}]}', 1764552000123],
		['[{"entry":[{"time":1764552000}]},{"entry":[{"time":"1764551000"}]}]', 1764552000000],
		['{"entry":[{"messaging":[{"timestamp":1764551999876,"message":{"time":1999999999}}]}]}', null],
		['{"entry":[7,{"time":0}]}', null],
	])('returns the newest time of %s', (body, sentAt) => {
		expect(splitEvents(body)).toMatchObject({ kind: 'events', sentAt });
	});

	test('uses the last of repeated names, as JSON.parse does', () => {
		const body =
			'{"entry":[{"id":"2"}],"entry":[{"id":"1","changes":[],"changes":[{"field":"x","value":1,"value":2,"field":"y"}]}]}';
		expect(eventsOf(body)).toMatchObject([{ accountId: '1', field: 'y', value: 2, valueText: '2' }]);
	});

	test.each(['instagram', 'page', 'whatsapp_business_account', 'user'])(
		'keeps the object %s of every event',
		(object) => {
			const body = JSON.stringify({
				object,
				entry: [{ id: '1', changes: [{ field: 'feed', value: {} }] }, { id: '2' }],
			});
			expect(eventsOf(body).map((event) => event.object)).toEqual([object, object]);
		},
	);

	test('keeps the object of each body in an array of them', () => {
		const body = '[{"object":"page","entry":[{"id":"1"}]},{"object":"instagram","entry":[{"id":"1"}]}]';
		expect(eventsOf(body).map((event) => event.object)).toEqual(['page', 'instagram']);
	});

	test.each([
		['text', '"0"'],
		['number', '0'],
	])('marks what the test button sends as a sample, with the account as %s', (_kind, id) => {
		const body = `{"entry":[{"id":${id},"changes":[{"field":"x","value":1}],"messaging":[{}]},{"id":"1","standby":[{}]}]}`;
		expect(eventsOf(body).map((event) => event.sample)).toEqual([true, true, false]);
		expect(eventsIn('dashboard-test')).toMatchObject([{ accountId: '0', sample: true }]);
	});

	test.each([
		['messaging', (echo: object) => ({ messaging: [echo] })],
		['changes', (echo: object) => ({ changes: [{ field: 'messages', value: echo }] })],
		['flat', (echo: object) => ({ field: 'messages', value: echo })],
	])('names messages of the account itself message_echoes in %s', (_place, content) => {
		const fieldOf = (message: object) => eventsOf(entryWith(content({ sender: {}, message })))[0]?.field;
		expect(fieldOf({ mid: 'm', is_echo: true })).toBe('message_echoes');
		expect(fieldOf({ mid: 'm', is_echo: false })).toBe('messages');
		expect(fieldOf({ mid: 'm' })).toBe('messages');
	});

	test('prefers the time of a message to the time of sending', () => {
		expect(eventsIn('messages').map((event) => event.occurredAt)).toEqual([1764551999876, 1764551999990]);
	});

	test('reads a timestamp of seconds given as a text', () => {
		expect(eventsIn('message-inside-changes')[0]?.occurredAt).toBe(1527459824000);
	});

	test('keeps accounts, order and IDs beyond 2^53 exact', () => {
		expect(eventsIn('two-accounts').map(({ accountId, field }) => [accountId, field])).toEqual([
			['17841405309211844', 'comments'],
			['17841405309211844', 'comments'],
			['17841436214263005', 'messages'],
			['17841436214263005', 'standby'],
		]);
		expect(eventsIn('two-accounts')[2]?.value).toMatchObject({ sender: { id: 1009876543210987 } });
	});

	test('keeps the order in which an entry lists its kinds', () => {
		const events = eventsOf(
			entryWith({ standby: [{ a: 1 }], messaging: [{ b: 1 }], changes: [{ field: 'c', value: 1 }] }),
		);
		expect(events.map((event) => event.origin)).toEqual(['standby', 'messaging', 'changes']);
	});

	test('accepts the array that documentation prints around a body', () => {
		expect(eventsOf(`[${readFixture('comment').toString()}]`)).toEqual(eventsIn('comment'));
	});

	test('splits a batch of 1,000 updates', () => {
		const changes = Array.from({ length: 1000 }, (_, index) => ({ field: 'comments', value: { id: `${index}` } }));
		const events = eventsOf(entryWith({ changes }));
		expect(events.map((event) => event.value)).toEqual(changes.map((change) => change.value));
	});

	describe('keeps undocumented shapes', () => {
		test.each([
			['an unknown field', { changes: [{ field: 'follow', value: { id: '9' } }] }, 'follow', { id: '9' }],
			['a change without a field', { changes: [{ value: 3 }] }, 'unknown', { value: 3 }],
			['a change without a value', { changes: [{ field: 'comments' }] }, 'comments', null],
			['a message that is not an object', { messaging: ['odd'] }, 'unknown', 'odd'],
			[
				'an unknown kind of message',
				{ messaging: [{ sender: {}, poll_vote: 1 }] },
				'poll_vote',
				{ sender: {}, poll_vote: 1 },
			],
			['a message with only an address', { messaging: [{ sender: {} }] }, 'messaging', { sender: {} }],
			['an unknown list of objects', { threads: [{ id: '5' }] }, 'threads', { id: '5' }],
			['a single change without its list', { changes: { field: 'comments', value: 1 } }, 'comments', 1],
		])('%s', (_name, content, field, value) => {
			expect(eventsOf(entryWith(content))).toMatchObject([{ accountId: '1', field, value }]);
		});

		test('an entry without any update', () => {
			expect(eventsOf(entryWith({}))).toMatchObject([{ field: 'unknown', value: { id: '1', time: 2 } }]);
		});

		test('an entry that is not an object', () => {
			expect(eventsOf('{"entry":[7]}')).toMatchObject([{ object: '', accountId: '', field: 'unknown', value: 7 }]);
		});
	});

	test('makes no event of hop_context', () => {
		const events = eventsOf(entryWith({ messaging: [{ message: { mid: 'm' } }], hop_context: [{ app_id: 1 }] }));
		expect(events.map((event) => event.field)).toEqual(['messages']);
	});

	test.each([
		['', 'not-json'],
		['{"object":"instagram"', 'not-json'],
		['"text"', 'no-entries'],
		['{}', 'no-entries'],
		['[]', 'no-entries'],
		['{"object":"instagram","entry":[]}', 'no-entries'],
		['[{"entry":[{"id":"1"}]},3]', 'no-entries'],
		[`{"entry":${'['.repeat(200)}${']'.repeat(200)}}`, 'too-deep'],
	])('reports %j as unreadable: %s', (body, reason) => {
		expect(splitEvents(body)).toEqual({ kind: 'unreadable', reason });
	});

	test('never loses, changes or reorders an update', () => {
		const value = fc.jsonValue().filter((json) => json !== null);
		const update = fc.record({ field: fc.string({ minLength: 1 }).filter((field) => field !== 'messages'), value });
		const batch = fc.array(
			fc.record({ id: fc.bigInt({ min: 0n, max: 10n ** 18n }), changes: fc.array(update, { minLength: 1 }) }),
			{
				minLength: 1,
			},
		);
		fc.assert(
			fc.property(batch, (entries) => {
				const written = entries.map(({ id, changes }) => `{"id":${id},"time":1,"changes":${JSON.stringify(changes)}}`);
				const events = eventsOf(`{"object":"instagram","entry":[${written.join(',')}]}`);
				const expected = entries.flatMap(({ id, changes }) =>
					changes.map((change) => ({
						accountId: `${id}`,
						field: change.field,
						valueText: JSON.stringify(change.value),
					})),
				);
				expect(events.map(({ accountId, field, valueText }) => ({ accountId, field, valueText }))).toEqual(expected);
				for (const event of events) {
					expect(parseExactJson(event.valueText)).toEqual({ ok: true, value: event.value });
				}
			}),
			randomRuns(),
		);
	});

	test('returns at least one event per entry, whatever it contains', () => {
		fc.assert(
			fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), (entries) => {
				expect(eventsOf(JSON.stringify({ entry: entries })).length).toBeGreaterThanOrEqual(entries.length);
			}),
			randomRuns(),
		);
	});

	/** Five megabytes of the smallest things that can stand in each place. */
	const many = (item: string) =>
		Array.from({ length: Math.floor(5_000_000 / (item.length + 1)) }, () => item).join(',');
	const comment = (value: string) =>
		`{"object":"instagram","entry":[{"id":"1","changes":[{"field":"comments","value":${value}}]}]}`;
	test.each([
		['updates', `{"object":"instagram","entry":[{"id":"1","changes":[${many('{}')}]}]}`],
		['numbers for updates', `{"object":"instagram","entry":[{"id":"1","changes":[${many('0')}]}]}`],
		['names of fields', `{"object":"instagram","entry":[{"id":"1","changed_fields":[${many('"a"')}]}]}`],
		['entries', `{"object":"instagram","entry":[${many('{}')}]}`],
		['envelopes', `[${many('{"entry":[]}')}]`],
		[
			'members of an entry',
			`{"object":"instagram","entry":[{${Array.from({ length: 500_000 }, (_, key) => `"${key}":0`).join(',')}}]}`,
		],
		['names in a value', comment(`{${Array.from({ length: 500_000 }, (_, key) => `"k${key}":0`).join(',')}}`)],
		['values in a list of a value', comment(`{"list":[${many('0')}]}`)],
		[
			'lists in a value',
			comment(
				`{"list":[${Array(20_000)
					.fill('['.repeat(90) + ']'.repeat(90))
					.join(',')}]}`,
			),
		],
	])('reports a body with too many %s as unreadable, at once', (_what, body) => {
		const startedAt = performance.now();
		expect(splitEvents(body)).toEqual({ kind: 'unreadable', reason: 'too-many' });
		// A minute and more without the limit; a few milliseconds with it.
		expect(performance.now() - startedAt).toBeLessThan(20_000);
	});

	test('accepts a thousand updates in one body, the most that Meta sends', () => {
		const item = {
			sender: { id: '1' },
			recipient: { id: '2' },
			timestamp: 1,
			message: { mid: 'm', text: 'x' },
			more: 1,
		};
		const body = JSON.stringify({ entry: [{ id: '1', time: 1, messaging: Array.from({ length: 1000 }, () => item) }] });
		expect(eventsOf(body)).toHaveLength(1000);
	});

	test('returns a result for any text', () => {
		fc.assert(
			fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (text) => {
				expect(['events', 'unreadable']).toContain(splitEvents(text).kind);
			}),
			randomRuns(),
		);
	});
});

describe('toMilliseconds', () => {
	test.each([
		['seconds', 1764550800, 1764550800000],
		['milliseconds', 1764552000123, 1764552000123],
		['a text of seconds', '1527459824', 1527459824000],
		['a text of milliseconds', '1764552000123', 1764552000123],
		['seconds with a fraction', 1764550800.25, 1764550800250],
	])('reads %s', (_name, time, milliseconds) => {
		expect(toMilliseconds(time)).toBe(milliseconds);
	});

	test.each([
		undefined,
		null,
		0,
		-5,
		Number.NaN,
		Number.POSITIVE_INFINITY,
		1e300,
		'',
		'soon',
		'-1',
		'1e9',
		{},
		[1764550800],
	])('returns null for %j', (time) => {
		expect(toMilliseconds(time)).toBeNull();
	});
});
