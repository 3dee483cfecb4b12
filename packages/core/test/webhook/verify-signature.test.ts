import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signWebhook } from '../../src/testing/index.ts';
import { verifySignature } from '../../src/webhook/verify-signature.ts';
import { randomRuns } from './random-runs.ts';

const instagram = { name: 'instagram', secret: 'fake-ig' };
const facebook = { name: 'facebook', secret: 'fake-fb' };
const secrets = [instagram, facebook];
const { body, headers } = signWebhook({ text: 'café ❤ https://ig.me/x' }, facebook.secret);
const signature256 = headers['x-hub-signature-256'];

describe('verifySignature', () => {
	test('accepts a digest computed outside this code base', () => {
		// printf '{"a":1}' | openssl dgst -sha256 -hmac fake-ig
		const known = 'sha256=1284138839f6f6fdd54c1b29a042369763d4dfb64420b06387fcb52339d1825c';
		const question = { body: Buffer.from('{"a":1}'), signature256: known, secrets: [instagram] };
		expect(verifySignature(question)).toEqual({ valid: true, secretName: 'instagram', algorithm: 'sha256' });
	});

	test('names which of several secrets matched', () => {
		expect(verifySignature({ body, signature256, secrets })).toMatchObject({ valid: true, secretName: 'facebook' });
	});

	test('accepts upper-case hexadecimal digits', () => {
		const upper = `sha256=${signature256.slice(7).toUpperCase()}`;
		expect(verifySignature({ body, signature256: upper, secrets }).valid).toBe(true);
	});

	test('refuses a body serialized again, whose bytes differ', () => {
		const rewritten = Buffer.from(JSON.stringify(JSON.parse(Buffer.from(body).toString())));
		expect(verifySignature({ body: rewritten, signature256, secrets })).toEqual({ valid: false, reason: 'mismatch' });
	});

	test('reports a missing header', () => {
		expect(verifySignature({ body, signature256: undefined, secrets })).toEqual({
			valid: false,
			reason: 'missing-header',
		});
	});

	test.each(['', 'sha256=', 'sha256=zz', signature256.slice(7), `${signature256}0`, `${signature256},x`, 'sha1=00'])(
		'reports the malformed header %j',
		(header) => {
			expect(verifySignature({ body, signature256: header, secrets })).toEqual({
				valid: false,
				reason: 'malformed-header',
			});
		},
	);

	test('reports that no secret is configured', () => {
		expect(verifySignature({ body, signature256, secrets: [] })).toEqual({ valid: false, reason: 'no-secret' });
	});

	test('never uses an empty secret as a key', () => {
		const forged = `sha256=${createHmac('sha256', '').update(body).digest('hex')}`;
		const question = { body, signature256: forged, secrets: [{ name: 'empty', secret: '' }] };
		expect(verifySignature(question)).toEqual({ valid: false, reason: 'mismatch' });
	});

	describe('with only the legacy SHA-1 header', () => {
		const legacy = { body, signature256: undefined, signature1: headers['x-hub-signature'], secrets };

		test('refuses by default', () => {
			expect(verifySignature(legacy)).toEqual({ valid: false, reason: 'sha1-not-allowed' });
		});

		test('accepts when SHA-1 is allowed', () => {
			expect(verifySignature({ ...legacy, allowSha1: true })).toEqual({
				valid: true,
				secretName: 'facebook',
				algorithm: 'sha1',
			});
		});

		test('does not fall back on SHA-1 when the SHA-256 header is wrong', () => {
			const question = { ...legacy, signature256: `sha256=${'0'.repeat(64)}`, allowSha1: true };
			expect(verifySignature(question)).toEqual({ valid: false, reason: 'mismatch' });
		});
	});

	test('accepts every signed body', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), fc.string({ minLength: 1 }), (bytes, secret) => {
				const signed = signWebhook(bytes, secret);
				const question = { body: bytes, signature256: signed.headers['x-hub-signature-256'] };
				return verifySignature({ ...question, secrets: [instagram, { name: 'own', secret }] }).valid;
			}),
			randomRuns(),
		);
	});

	test('refuses a body with one changed bit', () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(), fc.nat(7), (bytes, place, bit) => {
				const signed = signWebhook(bytes, instagram.secret);
				const changed = Uint8Array.from(bytes);
				const index = place % changed.length;
				changed[index] = (changed[index] ?? 0) ^ (1 << bit);
				const question = { body: changed, signature256: signed.headers['x-hub-signature-256'], secrets };
				return !verifySignature(question).valid;
			}),
			randomRuns(),
		);
	});

	test('refuses a signature of an unknown secret', () => {
		const header = fc.oneof(
			fc.string(),
			fc.string({ unit: 'binary' }),
			fc.stringMatching(/^sha256=[0-9a-f]{64}$/),
			fc.stringMatching(/^sha1=[0-9a-f]{40}$/),
		);
		fc.assert(
			fc.property(header, header, (signature256, signature1) => {
				return !verifySignature({ body, signature256, signature1, secrets, allowSha1: true }).valid;
			}),
			randomRuns(),
		);
	});
});
