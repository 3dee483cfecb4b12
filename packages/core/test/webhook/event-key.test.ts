import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventKey } from '../../src/webhook/event-key.ts';
import type { InstagramEvent } from '../../src/webhook/instagram-event.ts';
import { splitEvents } from '../../src/webhook/split-events.ts';
import { randomRuns } from './random-runs.ts';
import { readFixture } from './read-fixture.ts';

function eventsIn(body: string): readonly InstagramEvent[] {
	const split = splitEvents(body);
	return split.kind === 'events' ? split.events : [];
}
const keysIn = (body: string) => eventsIn(body).map((event) => eventKey(event).key);
const keysOf = (fixture: string) => keysIn(readFixture(fixture).toString());
const message = (content: object) => ({ sender: { id: 's' }, recipient: { id: 'r' }, timestamp: 5, message: content });
const event = (field: string, value: unknown, accountId = '7'): InstagramEvent => ({
	object: 'instagram',
	accountId,
	field,
	value,
	valueText: JSON.stringify(value),
	origin: 'changes',
	occurredAt: null,
	sample: false,
});
const sameKey = (left: InstagramEvent, right: InstagramEvent) => eventKey(left).key === eventKey(right).key;

describe('eventKey', () => {
	test('scopes a key by object, account and field', () => {
		expect(keysOf('comment')).toEqual(['["instagram","17841405309211844","comments","17865799348089039"]']);
		expect(sameKey(event('comments', { id: '1' }), event('live_comments', { id: '1' }))).toBe(false);
		expect(sameKey(event('comments', { id: '1' }), event('comments', { id: '1' }, '8'))).toBe(false);
		expect(sameKey(event('feed', { id: '1' }), { ...event('feed', { id: '1' }), object: 'page' })).toBe(false);
	});

	test.each([
		['messages', { message: { mid: 'm' } }, ['m', 'plain']],
		['messages', { message: { mid: 'm', is_deleted: true } }, ['m', 'deleted']],
		['messages', { message: { mid: 'm', is_unsupported: true } }, ['m', 'unsupported']],
		['message_echoes', { message: { mid: 'm', is_echo: true } }, ['m', 'echo']],
		['message_edit', { message_edit: { mid: 'm', num_edit: 2 } }, ['m', '2']],
		[
			'message_reactions',
			{ sender: { id: 's' }, timestamp: 5, reaction: { mid: 'm', action: 'react' } },
			['m', 's', 'react', '5'],
		],
		['messaging_seen', { sender: { id: 's' }, timestamp: 5, read: { mid: 'm' } }, ['m', 's']],
		['messaging_postbacks', { timestamp: 5, postback: { mid: 'm', payload: 'P' } }, ['m']],
		['messaging_postbacks', { sender: { id: 's' }, timestamp: 5, postback: { payload: 'P' } }, ['s', '5', 'P']],
		[
			'messaging_optins',
			{ sender: { id: 's' }, recipient: { id: 'r' }, timestamp: 5, optin: {} },
			['s', 'r', '5', 'optin recipient sender timestamp'],
		],
		['standby', message({ mid: 'm' }), ['messages', 'm', 'plain']],
		['comments', { comment_id: 'c' }, ['c']],
		['live_comments', { id: 'c' }, ['c']],
	])('of %s %j is %j', (field, value, parts) => {
		expect(eventKey(event(field, value)).key).toBe(JSON.stringify(['instagram', '7', field, ...parts]));
	});

	test('does not depend on the time of sending', () => {
		const body = readFixture('two-accounts').toString();
		const later = body.replaceAll('"time":1764551000', '"time":1764559999');
		expect(later).not.toBe(body);
		expect(keysIn(later)).toEqual(keysIn(body));
	});

	test('does not depend on how the value was written', () => {
		const written = '{"entry":[{"id":"1","changes":[{"field":"x","value":{"a":1.0,"b":"caf\\u00e9"}}]}]}';
		const rewritten = '{"entry":[{"id":"1","changes":[{"field":"x","value":{"b":"café", "a":1}}]}]}';
		expect(keysIn(written)).toEqual(keysIn(rewritten));
	});

	test('is the same for a message in messaging and inside changes', () => {
		const inside = { entry: [{ id: '1', changes: [{ field: 'messages', value: message({ mid: 'm' }) }] }] };
		const beside = { entry: [{ id: '1', messaging: [message({ mid: 'm' })] }] };
		expect(keysIn(JSON.stringify(inside))).toEqual(keysIn(JSON.stringify(beside)));
	});

	test('differs for a message, its echo, its edit and its deletion', () => {
		const keys = [...keysOf('messages'), ...keysOf('message-kinds')];
		expect(new Set(keys).size).toBe(keys.length);
	});

	test('differs for an updated payload of the same story', () => {
		expect(
			sameKey(
				event('story_insights', { media_id: '1', reach: 5 }),
				event('story_insights', { media_id: '1', reach: 6 }),
			),
		).toBe(false);
	});

	describe('of a mention', () => {
		const mentionAt = (occurredAt: number, value: object) => ({ ...event('mentions', value), occurredAt });

		test('differs for a caption and each comment below it', () => {
			const values = [{ media_id: '1' }, { media_id: '1', comment_id: '2' }, { media_id: '1', comment_id: '3' }];
			expect(new Set(values.map((value) => eventKey(mentionAt(5, value)).key)).size).toBe(3);
		});

		test('in a caption is new if the caption was edited, although Meta sends the same IDs', () => {
			expect(sameKey(mentionAt(5, { media_id: '1' }), mentionAt(6, { media_id: '1' }))).toBe(false);
			expect(sameKey(mentionAt(5, { media_id: '1' }), mentionAt(5, { media_id: '1' }))).toBe(true);
		});

		test('in a comment stays the same, however late Meta repeats it', () => {
			const value = { media_id: '1', comment_id: '2' };
			expect(sameKey(mentionAt(5, value), mentionAt(99, value))).toBe(true);
		});
	});

	test('of an unknown field is its content', () => {
		expect(sameKey(event('follow', { id: '1' }), event('follow', { id: '1' }))).toBe(true);
		expect(sameKey(event('follow', { id: '1' }), event('follow', { id: '2' }))).toBe(false);
	});

	test('uses the content if the ID is missing', () => {
		expect(sameKey(event('comments', { text: 'a' }), event('comments', { text: 'b' }))).toBe(false);
		expect(eventKey(event('messages', { message: {} })).key).not.toBeNull();
	});

	test.each([null, {}, [], 'text', 5, true])('is null for %j, which does not identify an event', (value) => {
		expect(eventKey(event('comments', value)).key).toBeNull();
	});

	test('is null for every sample, so that each press of the button counts', () => {
		for (const fixture of ['dashboard-test', 'message-inside-changes']) expect(keysOf(fixture)).toEqual([null]);
	});

	test('differs in its content hash if only the content differs', () => {
		const before = eventKey(event('comments', { id: '1', text: 'a' }));
		const after = eventKey(event('comments', { id: '1', text: 'b' }));
		expect(after.key).toBe(before.key);
		expect(after.contentHash).not.toBe(before.contentHash);
	});

	test('of a standby item that calls itself standby is its content', () => {
		expect(sameKey(event('standby', { standby: 1 }), event('standby', { standby: 2 }))).toBe(false);
	});

	test('stays short for an ID of any length', () => {
		const long = eventKey(event('comments', { id: 'x'.repeat(1_000_000) })).key;
		expect(long?.length).toBeLessThan(200);
	});

	test('differs for any two values of an unknown field', () => {
		const value = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' }), { minKeys: 1 });
		fc.assert(
			fc.property(value, value, (left, right) => {
				const equal = isSame(left, right);
				expect(sameKey(event('new', left), event('new', right))).toBe(equal);
			}),
			randomRuns(),
		);
	});

	test('returns a key or null for every value of every field', () => {
		const field = fc.constantFrom(
			'messages',
			'comments',
			'standby',
			'messaging_handover',
			'message_reactions',
			'__proto__',
			'toString',
		);
		const part = fc.oneof(fc.jsonValue(), fc.constant({ id: '1' }), fc.constant({ mid: 'm' }));
		const value = fc.record(
			{ sender: part, message: part, reaction: part, id: part, timestamp: part },
			{ requiredKeys: [] },
		);
		fc.assert(
			fc.property(field, fc.oneof(value, fc.jsonValue()), (name, content) => {
				const { key, contentHash } = eventKey(event(name, content));
				expect(contentHash).toMatch(/^[\w-]{43}$/);
				expect(key === null || Array.isArray(JSON.parse(key))).toBe(true);
			}),
			randomRuns(),
		);
	});
});

/** Equality as JSON sees it: keys in any order, -0 is 0. */
function isSame(left: unknown, right: unknown): boolean {
	if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return left === right;
	if (Array.isArray(left) !== Array.isArray(right)) return false;
	const [leftEntries, rightMap] = [Object.entries(left), new Map(Object.entries(right))];
	return (
		leftEntries.length === rightMap.size &&
		leftEntries.every(([key, value]) => rightMap.has(key) && isSame(value, rightMap.get(key)))
	);
}
