import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_DEPTH, parseExactJson } from '../../src/webhook/parse-exact-json.ts';
import { withExactIntegers } from './exact-integers.ts';
import { randomRuns } from './random-runs.ts';

describe('parseExactJson', () => {
	test.each([
		['17841436214263005', '17841436214263005'],
		['-9007199254740993', '-9007199254740993'],
		['9007199254740991', 9007199254740991],
		['1234567890123456.5', 1234567890123456.5],
		['1e20', 1e20],
		['0', 0],
	])('reads %s as %j', (text, value) => {
		expect(parseExactJson(text)).toEqual({ ok: true, value });
		expect(parseExactJson(`{"id":${text},"in":[ ${text} ]}`)).toEqual({ ok: true, value: { id: value, in: [value] } });
	});

	test('leaves digits inside a text alone', () => {
		expect(parseExactJson('{"text":"call 17841436214263005, or :17841436214263005"}')).toEqual({
			ok: true,
			value: { text: 'call 17841436214263005, or :17841436214263005' },
		});
	});

	test.each(['', '{', '{"a":01}', 'undefined', "{'a':1}", '[1,]'])('calls %j no JSON', (text) => {
		expect(parseExactJson(text)).toEqual({ ok: false, reason: 'not-json' });
	});

	test('takes a nesting of the greatest depth and refuses one more', () => {
		const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
		expect(parseExactJson(nested(MAX_DEPTH)).ok).toBe(true);
		expect(parseExactJson(nested(MAX_DEPTH + 1))).toEqual({ ok: false, reason: 'too-deep' });
		expect(parseExactJson('['.repeat(5_000_000))).toEqual({ ok: false, reason: 'too-deep' });
	});

	test('does not count brackets inside texts, escaped quotes included', () => {
		const text = JSON.stringify({ text: `\\"${'['.repeat(500)}\\`, more: '{"'.repeat(300) });
		expect(parseExactJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
	});

	test('agrees with JSON.parse but for integers beyond 2^53', () => {
		fc.assert(
			fc.property(fc.json(), (text) => {
				expect(parseExactJson(text)).toEqual({ ok: true, value: withExactIntegers(JSON.parse(text)) });
			}),
			randomRuns(),
		);
	});

	test('keeps every integer exact', () => {
		fc.assert(
			fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (integer) => {
				const read = parseExactJson(`[${integer}]`);
				expect(read).toEqual({
					ok: true,
					value: [Number.isSafeInteger(Number(integer)) ? Number(integer) : `${integer}`],
				});
			}),
			randomRuns(),
		);
	});

	test('gives a verdict on any text', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (text) => {
				let expected: unknown;
				try {
					expected = { ok: true, value: withExactIntegers(JSON.parse(text)) };
				} catch {
					expected = { ok: false, reason: 'not-json' };
				}
				expect(parseExactJson(text)).toEqual(expected);
			}),
			randomRuns(),
		);
	});
});
