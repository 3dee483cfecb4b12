import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/graph/parse-json.ts';
import { isInsightsError } from '../../src/insights-error.ts';

describe('parseJson', () => {
	test('keeps every digit of an id beyond 2^53, as a string', () => {
		expect(parseJson('{"user_id":17841401714833791}')).toEqual({ user_id: '17841401714833791' });
		expect(parseJson('[ 9007199254740993, -9007199254740993 ]')).toEqual(['9007199254740993', '-9007199254740993']);
		expect(parseJson('17841401714833791')).toBe('17841401714833791');
	});

	test('leaves numbers alone that fit', () => {
		expect(parseJson('{"a":9007199254740991,"b":1.5,"c":-3,"d":2e3}')).toEqual({
			a: 9007199254740991,
			b: 1.5,
			c: -3,
			d: 2000,
		});
	});

	test('leaves long fractions and exponents numbers', () => {
		expect(parseJson('[1234567890123456.5, 1234567890123456e3]')).toEqual([1234567890123456.5, 1234567890123456e3]);
	});

	test('leaves digits inside texts alone, next to a long number and after escapes', () => {
		const text = String.raw`{"caption":"call \": 17841401714833791, now \\","id":17841401714833791}`;
		expect(parseJson(text)).toEqual({ caption: 'call ": 17841401714833791, now \\', id: '17841401714833791' });
	});

	test('is JSON.parse for everything without long numbers', () => {
		fc.assert(
			fc.property(fc.json(), (text) => {
				fc.pre(!/\d{16}/.test(text));
				expect(parseJson(text)).toEqual(JSON.parse(text));
			}),
		);
	});

	test('gives back any id, as number or as text, beside any text', () => {
		const id = fc.bigInt({ min: 2n ** 53n, max: 10n ** 20n });
		fc.assert(
			fc.property(id, fc.string(), (value, caption) => {
				const text = `{"caption":${JSON.stringify(caption)},"n":${value},"s":"${value}"}`;
				expect(parseJson(text)).toEqual({ caption, n: String(value), s: String(value) });
			}),
		);
	});

	test('says what a text that is no JSON begins with', () => {
		const failed = () => parseJson('<html>\n<p>Bad  gateway');
		expect(failed).toThrow('Graph: the answer is not JSON: <html> <p>Bad gateway');
		expect(failed).toThrow(expect.objectContaining({ kind: 'answer-unreadable' }));
	});

	test('shows no half token at the end of what it looked at', () => {
		const secret = 'f00dfeedbeef'.repeat(4);
		fc.assert(
			fc.property(fc.integer({ min: 1940, max: 2010 }), (at) => {
				const text = `${' '.repeat(at)}${secret} and more`;
				expect(() => parseJson(text)).toThrow(
					expect.objectContaining({ message: expect.not.stringContaining('f00d') }),
				);
			}),
		);
	});

	test('names an empty answer', () => {
		expect(() => parseJson('')).toThrow('(empty)');
	});

	test('shows no token of a text that was cut', () => {
		const text = `{"access_token":"IGAA-fixture-token","next":"https://graph.instagram.com/me?access_token=IGAA-fixture-token`;
		try {
			parseJson(text);
			expect.unreachable();
		} catch (error) {
			expect(isInsightsError(error)).toBe(true);
			expect(JSON.stringify([String(error), String((error as Error).cause)])).not.toContain('fixture-token');
		}
	});
});
