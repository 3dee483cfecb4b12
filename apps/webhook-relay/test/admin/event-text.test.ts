import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventText, hasText } from '../../src/admin/event-text.ts';

const summary = (field: string, value: object) => eventText(field, JSON.stringify(value)).summary;

describe('eventText', () => {
	test('names the author with the text', () => {
		const from = { id: '1009876543210987', username: 'ana.souza' };
		expect(summary('comments', { text: 'Lindo!\nDemais', from })).toBe('@ana.souza: “Lindo! Demais”');
		expect(eventText('comments', JSON.stringify({ text: 'x', from })).author).toEqual(from);
	});

	test.each([
		['messages', { message: { text: 'oi' } }, '“oi”'],
		['message_echoes', { message: { text: 'sim!', is_echo: true } }, 'sent “sim!”'],
		['messages', { message: { attachments: [{ type: 'image' }, { type: 'audio' }] } }, 'image, audio'],
		['messages', { message: { mid: 'm', is_deleted: true } }, 'message deleted'],
		['message_edit', { message_edit: { text: 'em verde?' } }, '“em verde?”'],
		['message_reactions', { reaction: { action: 'react', emoji: '❤️' } }, 'reacted ❤️'],
		['message_reactions', { reaction: { action: 'unreact' } }, 'removed a reaction'],
		['messaging_postbacks', { postback: { title: 'Talk to a human' } }, '“Talk to a human”'],
		['messaging_seen', { read: { mid: 'm' } }, 'message seen'],
		['mentions', { media_id: '1', comment_id: '2' }, 'mentioned in a comment'],
		['mentions', { media_id: '1' }, 'mentioned in a caption'],
		['story_insights', { media_id: '18023345989012587', reach: 1 }, 'insights of story 18023345989012587'],
		['a_field_of_tomorrow', { note: 'x' }, ''],
	])('puts %s %j into a line', (field, value, line) => {
		expect(summary(field, value)).toBe(line);
	});

	test.each(['null', '1e400', '[]', '"text"', '{"text":{"deep":1},"from":7}', '{"text":"bro'])(
		'takes %s as it is',
		(value) => {
			expect(eventText('comments', value).summary).toBe('');
		},
	);

	test('finds the text of a value that is cut off', () => {
		expect(eventText('comments', '{"id":"1","text":"caf\\u00e9 \\"azul\\"","from":{"id').summary).toBe('“café "azul"”');
	});

	test('is one line of bounded length for any value', () => {
		fc.assert(
			fc.property(fc.string(), fc.string({ unit: 'grapheme', maxLength: 500 }), (field, text) => {
				const line = summary(field, { text, from: { username: 'ana' } });
				expect(line).not.toMatch(/[\r\n]/);
				expect([...line].length).toBeLessThan(220);
			}),
		);
	});
});

describe('hasText', () => {
	const value = '{"text":"Lindo! caf\\u00C9 \\"azul\\" https:\\/\\/ig.me","n":1}';

	test.each(['lindo', 'LINDO!', 'café', 'CAFÉ', '"azul"', 'https://ig.me', '"n":1'])('finds %s', (wanted) => {
		expect(hasText(value, wanted)).toBe(true);
	});

	test('does not find what is not there', () => {
		expect(hasText(value, 'verde')).toBe(false);
	});

	test('finds any part of a text, however Meta escaped it', () => {
		const escaped = (text: string) =>
			`"${text.replace(/[^ -~]|["\\/]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;
		fc.assert(fc.property(fc.string(), (text) => hasText(escaped(text), text) && hasText(JSON.stringify(text), text)));
	});
});
