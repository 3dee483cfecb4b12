import { describe, expect, test } from 'vitest';
import { CREDENTIAL, request } from './fake-webhook.mts';

const QUERY = { 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': 'open sesame' };

describe("the trigger's answer to Meta's handshake", () => {
	test('repeats the bare challenge as plain text and starts nothing', async () => {
		const { answer, result } = await request({ name: 'setup', query: QUERY });
		expect(answer).toMatchObject({ status: 200, contentType: 'text/plain', text: '1158201444' });
		expect(result).toEqual({ noWebhookResponse: true });
	});

	test('answers a challenge that is markup as plain text too', async () => {
		const challenge = '<script>alert(1)</script>';
		const { answer } = await request({ name: 'setup', query: { ...QUERY, 'hub.challenge': challenge } });
		expect(answer).toMatchObject({ contentType: 'text/plain', text: challenge });
	});

	test('refuses a wrong verify token with 403 and does not repeat the challenge', async () => {
		const { answer, log } = await request({ name: 'setup', query: { ...QUERY, 'hub.verify_token': 'guess' } });
		expect(answer.status).toBe(403);
		expect(answer.text).not.toContain('1158201444');
		expect(log.join()).toContain('wrong-token');
		expect(log.join()).not.toContain('open sesame');
	});

	test('refuses everyone while the credential has no verify token', async () => {
		const credential = { ...CREDENTIAL, verifyToken: '' };
		const { answer } = await request({ name: 'setup', query: { ...QUERY, 'hub.verify_token': '' }, credential });
		expect(answer.status).toBe(403);
	});

	test('does not do handshakes in relay mode', async () => {
		const { answer } = await request({ name: 'setup', query: QUERY, parameters: { mode: 'relay' } });
		expect(answer.status).toBe(405);
		expect(answer.text).not.toContain('1158201444');
	});
});
