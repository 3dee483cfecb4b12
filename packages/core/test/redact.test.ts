import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redact, redactCause } from '../src/redact.ts';

const tokenTail = fc.string({
	unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_'),
	minLength: 8,
	maxLength: 60,
});
const token = fc.tuple(fc.constantFrom('EAA', 'IGAA', 'IGQ'), tokenTail).map((parts) => parts.join(''));
const hexSecret = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 32, maxLength: 64 });
/** Text around a token that cannot itself be part of one. */
const around = fc.string({ unit: fc.constantFrom(...' .,:;\n"\'(){}[]<>äöüßé日本 xyz'), maxLength: 30 });

/** Where a secret may stand. */
const places: readonly ((secret: string) => string)[] = [
	(secret) => secret,
	(secret) => `https://graph.instagram.com/v25.0/me/media?fields=id&access_token=${secret}&after=QVFI`,
	(secret) => `/v25.0/me?access_token=${secret}`,
	(secret) => `https%3A%2F%2Fgraph.instagram.com%2Fme%3Faccess_token%3D${secret}`,
	(secret) => `Authorization: Bearer ${secret}`,
	(secret) => JSON.stringify({ access_token: secret }),
	(secret) => JSON.stringify(JSON.stringify({ client_secret: secret })),
	(secret) => `{ accessToken: '${secret}' }`,
	(secret) => `appsecret_proof=${secret}`,
	(secret) => `access_token&#61;${secret}`,
	(secret) => `access_token\\u003d${secret}`,
];

describe('redact', () => {
	test('removes every token, at any place in a text', () => {
		fc.assert(
			fc.property(token, fc.constantFrom(...places), around, around, (secret, place, before, after) => {
				expect(redact(`${before}${place(secret)}${after}`)).not.toContain(secret);
			}),
			{ numRuns: 500 },
		);
	});

	test('removes every app secret and proof, at any place in a text', () => {
		fc.assert(
			fc.property(hexSecret, fc.constantFrom(...places), around, around, (secret, place, before, after) => {
				expect(redact(`${before}${place(secret)}${after}`)).not.toContain(secret);
			}),
			{ numRuns: 500 },
		);
	});

	test('removes every known secret, whatever it looks like', () => {
		fc.assert(
			fc.property(fc.string({ minLength: 4 }), fc.constantFrom(...places), (secret, place) => {
				// What the secret is replaced by may hold a short one.
				fc.pre(!'[removed]'.includes(secret) && !place('[removed]').includes(secret));
				expect(redact(place(secret), [secret])).not.toContain(secret);
			}),
		);
	});

	test('removes the query of any URL and keeps the path', () => {
		expect(redact('GET https://graph.facebook.com/v25.0/1784/insights?metric=reach&since=1 failed')).toBe(
			'GET https://graph.facebook.com/v25.0/1784/insights?[removed] failed',
		);
	});

	test.each([
		['the code of a sign-in', 'code=AQDtestcode123', 'code=[removed]'],
		['the code of a sign-in, encoded', 'code%3DAQDtestcode123', 'code%3D[removed]'],
		['a token behind OAuth', 'authorization: OAuth abc123xyz', 'authorization: OAuth [removed]'],
		['a JSON Web Token', 'got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln-bmF0dXJl.', 'got [removed]'],
		['an odd token right behind its name', 'Invalid access token "xyz-123-abcdef"', 'Invalid access token "[removed]"'],
		['an odd token in a page of HTML', 'access_token&#61;xyz123', 'access_token&#61;[removed]'],
		['an odd token in a script', 'access_token\\u003dxyz123', 'access_token\\u003d[removed]'],
		['a token in a sentence', 'the access_token is abc', 'the access_token is [removed]'],
	])('removes %s', (_, text, clean) => {
		expect(redact(text)).toBe(clean);
	});

	test('does not change Meta’s sentences', () => {
		for (const sentence of [
			'(#100) metric[1] must be one of the following values: impressions, reach',
			'There cannot be more than 30 days (2592000 s) between since and until',
			'Tokens of Instagram Login (IGAA…) work on graph.instagram.com, tokens of Facebook Login (EAA…) on graph.facebook.com.',
			'(#100) The following metrics (likes) should be specified with parameter metric_type=total_value',
			'insights of media 18000000000000001',
			'access_token is missing',
			'Error validating access token: Session has expired on Tuesday, 24-Nov-26 12:00:00 PST.',
			'The app secret belongs to another login',
			'refused with code=190 and error_code=OAuthException',
			'Why? Because the account is private.',
		]) {
			expect(redact(sentence)).toBe(sentence);
		}
	});
});

describe('redactCause', () => {
	test('removes every token in any value, at any depth', () => {
		fc.assert(
			fc.property(token, fc.constantFrom(...places), fc.integer({ min: 0, max: 5 }), (secret, place, depth) => {
				let value: unknown = place(secret);
				for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { [place(secret)]: value };
				expect(JSON.stringify(redactCause(value)) ?? '').not.toContain(secret);
			}),
		);
	});

	test('redacts an error with its causes, and keeps its code', () => {
		const root = Object.assign(new Error('connect https://x/?access_token=IGAA-fixture-token'), { code: 'ECONNRESET' });
		const clean = redactCause(new Error('send EAA-fixture-token', { cause: root }));
		expect(clean).toBeInstanceOf(Error);
		const seen: string[] = [];
		for (let error: unknown = clean; error instanceof Error; error = error.cause)
			seen.push(error.message, error.stack ?? '');
		expect(seen.join('\n')).not.toContain('fixture-token');
		expect((clean as Error).cause).toMatchObject({ code: 'ECONNRESET' });
	});

	test('removes values of any type from members named like a secret', () => {
		expect(redactCause({ access_token: 12345, appSecret: ['x'], reach: 7 })).toEqual({
			access_token: '[removed]',
			appSecret: '[removed]',
			reach: 7,
		});
	});

	test('ends for a value that contains itself', () => {
		const circle: Record<string, unknown> = { name: 'x' };
		circle.self = circle;
		expect(JSON.stringify(redactCause(circle))).toContain('[removed]');
	});
});
