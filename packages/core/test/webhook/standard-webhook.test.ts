import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readWebhookSecret, signStandardWebhook, verifyStandardWebhook } from '../../src/webhook/standard-webhook.ts';
import { randomRuns } from './random-runs.ts';

// The example of the Standard Webhooks specification and its libraries.
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', sentAt: new Date(1614265330_000), body: '{"test": 2432232314}' };
const known = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const headers = { ...signStandardWebhook(message, [secret]) };
const question = { headers, body: message.body, secrets: [secret], now: message.sentAt };

describe('readWebhookSecret', () => {
	test('accepts a secret with or without its prefix', () => {
		expect(readWebhookSecret(secret)).toEqual(readWebhookSecret(secret.slice(6)));
		expect(readWebhookSecret(secret)).toMatchObject({ ok: true });
	});

	test.each([
		['whsec_', 'not-base64'],
		['whsec_not base64!', 'not-base64'],
		['whsec_c2hvcnQ=', 'wrong-length'],
		[`whsec_${Buffer.alloc(65).toString('base64')}`, 'wrong-length'],
	])('refuses %j: %s', (text, reason) => {
		expect(readWebhookSecret(text)).toEqual({ ok: false, reason });
	});
});

describe('signStandardWebhook', () => {
	test('equals the example of the specification', () => {
		expect(headers).toEqual({
			'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
			'webhook-timestamp': '1614265330',
			'webhook-signature': known,
		});
	});

	test('signs with every secret of a rotation, newest first', () => {
		const signatures = signStandardWebhook(message, [other, secret])['webhook-signature'].split(' ');
		expect(signatures).toHaveLength(2);
		expect(signatures[1]).toBe(known);
	});

	test('refuses to sign with a malformed secret and does not show it', () => {
		expect(() => signStandardWebhook(message, [])).toThrow(TypeError);
		expect(() => signStandardWebhook(message, [secret, 'my-plain-secret'])).toThrow(/secret 2 is not-base64/);
		expect(() => signStandardWebhook(message, ['my-plain-secret'])).not.toThrow(/my-plain-secret/);
	});
});

describe('verifyStandardWebhook', () => {
	test('accepts what was signed, and says when and with which secret', () => {
		expect(verifyStandardWebhook({ ...question, secrets: [other, secret] })).toEqual({
			valid: true,
			id: message.id,
			sentAt: message.sentAt,
			secretIndex: 1,
		});
	});

	test('accepts one good signature among others', () => {
		const list = { ...headers, 'webhook-signature': `v1,AAAA v1a,xyz ${known}` };
		expect(verifyStandardWebhook({ ...question, headers: list }).valid).toBe(true);
	});

	test('accepts a good secret next to a malformed one', () => {
		expect(verifyStandardWebhook({ ...question, secrets: ['oops', secret] }).valid).toBe(true);
	});

	test.each([
		[300, true],
		[301, 'too-old'],
		[-300, true],
		[-301, 'too-new'],
	])('judges a request %i s old as %s', (age, verdict) => {
		const answer = verifyStandardWebhook({ ...question, now: new Date(message.sentAt.getTime() + age * 1000) });
		if (verdict === true) expect(answer.valid).toBe(true);
		else expect(answer).toEqual({ valid: false, reason: verdict, ageSeconds: age });
	});

	test('does not report the time without a valid signature', () => {
		const now = new Date(message.sentAt.getTime() + 9_000_000);
		expect(verifyStandardWebhook({ ...question, now, secrets: [other] })).toEqual({ valid: false, reason: 'mismatch' });
	});

	test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('reports that %s is missing', (name) => {
		expect(verifyStandardWebhook({ ...question, headers: { ...headers, [name]: undefined } })).toEqual({
			valid: false,
			reason: 'missing-header',
		});
	});

	test.each([
		{ 'webhook-timestamp': '12e8' },
		{ 'webhook-timestamp': '-5' },
		{ 'webhook-signature': 'g0hM9SsE' },
		{ 'webhook-signature': 'v1a,g0hM9SsE' },
		{ 'webhook-id': ['a', 'b'] },
		{ 'webhook-id': '' },
	])('reports that %j is malformed', (wrong) => {
		expect(verifyStandardWebhook({ ...question, headers: { ...headers, ...wrong } })).toEqual({
			valid: false,
			reason: 'malformed-header',
		});
	});

	test.each([
		['another secret', { secrets: [other] }],
		['another body', { body: '{"test": 2432232315}' }],
		['another id', { headers: { ...headers, 'webhook-id': 'msg_2' } }],
		['another time', { headers: { ...headers, 'webhook-timestamp': '1614265331' } }],
	])('refuses %s', (_name, wrong) => {
		expect(verifyStandardWebhook({ ...question, ...wrong })).toEqual({ valid: false, reason: 'mismatch' });
	});

	test('reports that only malformed secrets are configured', () => {
		expect(verifyStandardWebhook({ ...question, secrets: ['oops'] })).toEqual({
			valid: false,
			reason: 'malformed-secret',
		});
		expect(verifyStandardWebhook({ ...question, secrets: [] })).toEqual({ valid: false, reason: 'malformed-secret' });
	});

	test('accepts every signed message and no changed one', () => {
		const bytes = fc.uint8Array({ minLength: 24, maxLength: 64 });
		fc.assert(
			fc.property(
				bytes,
				fc.uint8Array(),
				fc.stringMatching(/^[\w-]{1,40}$/),
				fc.uint8Array(),
				(key, body, id, wrong) => {
					const secrets = [`whsec_${Buffer.from(key).toString('base64')}`];
					const signed = { ...signStandardWebhook({ id, sentAt: message.sentAt, body }, secrets) };
					const asked = { headers: signed, secrets, now: message.sentAt };
					expect(verifyStandardWebhook({ ...asked, body }).valid).toBe(true);
					expect(verifyStandardWebhook({ ...asked, body: wrong }).valid).toBe(Buffer.compare(body, wrong) === 0);
				},
			),
			randomRuns(),
		);
	});
});
