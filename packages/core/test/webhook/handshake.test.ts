import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answerHandshake } from '../../src/webhook/handshake.ts';
import { randomRuns } from './random-runs.ts';

const asked = { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': 'meatyhamhock' };

describe('answerHandshake', () => {
	test('returns the challenge if the token is right', () => {
		expect(answerHandshake(asked, 'meatyhamhock')).toEqual({ accepted: true, status: 200, body: '1158201444' });
	});

	test('keeps a challenge as text, leading zeros and letters included', () => {
		expect(answerHandshake({ ...asked, 'hub.challenge': '007abc' }, 'meatyhamhock').body).toBe('007abc');
	});

	test('accepts the names with underscores that PHP-like servers make of dots', () => {
		const query = { hub_mode: 'subscribe', hub_challenge: '42', hub_verify_token: 'meatyhamhock' };
		expect(answerHandshake(query, 'meatyhamhock')).toEqual({ accepted: true, status: 200, body: '42' });
	});

	test.each(['meatyhamhoc', 'meatyhamhock ', 'MEATYHAMHOCK', ''])('refuses the token %j with 403', (token) => {
		expect(answerHandshake({ ...asked, 'hub.verify_token': token }, 'meatyhamhock')).toMatchObject({
			status: 403,
			reason: 'wrong-token',
		});
	});

	test.each([undefined, ''])('refuses every request if the configured token is %j', (configured) => {
		const query = { ...asked, 'hub.verify_token': configured ?? '' };
		expect(answerHandshake(query, configured)).toMatchObject({ status: 403, reason: 'no-token-configured' });
	});

	test.each(['hub.mode', 'hub.challenge', 'hub.verify_token'])('refuses a request without %s as malformed', (name) => {
		expect(answerHandshake({ ...asked, [name]: undefined }, 'meatyhamhock')).toMatchObject({
			status: 400,
			reason: 'missing-parameter',
		});
	});

	test('refuses another mode as malformed', () => {
		expect(answerHandshake({ ...asked, 'hub.mode': 'unsubscribe' }, 'meatyhamhock')).toMatchObject({
			status: 400,
			reason: 'wrong-mode',
		});
	});

	test('refuses a repeated parameter as malformed', () => {
		expect(answerHandshake({ ...asked, 'hub.challenge': ['1', '2'] }, 'meatyhamhock')).toMatchObject({
			status: 400,
			reason: 'repeated-parameter',
		});
	});

	test('returns nothing of a refused request', () => {
		fc.assert(
			fc.property(fc.string({ minLength: 8 }), fc.string({ minLength: 8 }), (challenge, token) => {
				fc.pre(token !== 'the-right-token');
				const query = { 'hub.mode': 'subscribe', 'hub.challenge': challenge, 'hub.verify_token': token };
				const { body } = answerHandshake(query, 'the-right-token');
				return body === 'Verification refused.' || body === 'Not a webhook verification request.';
			}),
			randomRuns(),
		);
	});
});
