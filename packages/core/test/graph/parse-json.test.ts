import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/graph/parse-json.ts';
import { isInsightsError } from '../../src/insights-error.ts';

describe('parseJson', () => {
	test('keeps every digit of an id beyond 2^53, as a string', () => {
		expect(parseJson('{"user_id":17841401714833791}')).toEqual({ user_id: '17841401714833791' });
	});

	test('quotes the beginning of a text that is not JSON', () => {
		const failed = () => parseJson('<html>\n<p>Bad  gateway');
		expect(failed).toThrow('Graph: the answer is not JSON: <html> <p>Bad gateway');
		expect(failed).toThrow(expect.objectContaining({ kind: 'answer-unreadable' }));
	});

	test('shows no half token at the end of the quote', () => {
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

	test('says that an answer is empty', () => {
		expect(() => parseJson('')).toThrow('(empty)');
	});

	test('shows no token of a text that was cut off', () => {
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
