import { describe, expect, test } from 'vitest';
import { decideRegistration } from '../../../nodes/InstagramInsightsTrigger/subscription/decideRegistration';

const PRODUCTION = 'https://n8n.example/webhook/abc/webhook';
const TEST = 'https://n8n.example/webhook-test/abc/webhook';
const WANTED = { callbackUrl: PRODUCTION, webhookPath: 'abc/webhook', listening: false, fields: ['comments'] };
const LISTENING = { ...WANTED, callbackUrl: TEST, listening: true };

function registered(callbackUrl: string, fields: string[] = ['comments'], active = true) {
	return [
		{ object: 'page', callbackUrl: 'https://pages.example', active: true, fields: ['feed'] },
		{ object: 'instagram', callbackUrl, active, fields },
	];
}

describe('decideRegistration', () => {
	test('finds the place free when the app has callbacks for other objects only', () => {
		expect(decideRegistration(registered('').slice(0, 1), WANTED)).toEqual({ kind: 'free' });
	});

	test('finds itself registered, with or without a slash at the end', () => {
		expect(decideRegistration(registered(PRODUCTION), WANTED)).toEqual({ kind: 'registered' });
		expect(decideRegistration(registered(`${PRODUCTION}/`), WANTED)).toEqual({ kind: 'registered' });
	});

	test('keeps the fields that were there when one is missing', () => {
		const found = decideRegistration(registered(PRODUCTION, ['mentions']), WANTED);
		expect(found).toEqual({ kind: 'incomplete', fields: ['mentions', 'comments'] });
	});

	test('registers again what Meta has switched off', () => {
		const found = decideRegistration(registered(PRODUCTION, ['comments'], false), WANTED);
		expect(found).toEqual({ kind: 'incomplete', fields: ['comments'] });
	});

	test('finds the place taken by any other address', () => {
		for (const callbackUrl of [
			'https://relay.example/webhooks/instagram',
			'https://n8n.example/webhook/xyz/webhook',
			'http://n8n.example/webhook/abc/webhook',
		]) {
			expect(decideRegistration(registered(callbackUrl), WANTED)).toEqual({
				kind: 'taken',
				callbackUrl,
				whose: 'other',
			});
		}
	});

	test.each([
		['as n8n names its endpoints', PRODUCTION, TEST],
		[
			'with other names of the endpoints',
			'https://n8n.example/hooks/abc/webhook',
			'https://n8n.example/try/abc/webhook',
		],
		['with endpoints of several parts', 'https://n8n.example/a/live/abc/webhook', 'https://n8n.example/b/abc/webhook'],
		['with an address for the editor alone', 'https://hooks.example/webhook/abc/webhook', TEST],
		[
			'behind a path',
			'https://example.com/n8n/webhook/abc/webhook',
			'https://example.com/n8n/webhook-test/abc/webhook',
		],
	])("tells a test that the trigger's own production URL has the place, %s", (_, production, callbackUrl) => {
		const found = decideRegistration(registered(production), { ...LISTENING, callbackUrl });
		expect(found).toEqual({ kind: 'taken', callbackUrl: production, whose: 'own-production' });
	});

	test("finds the place taken by another trigger's production URL during a test too", () => {
		const callbackUrl = 'https://n8n.example/webhook/xyz/webhook';
		expect(decideRegistration(registered(callbackUrl), LISTENING)).toEqual({
			kind: 'taken',
			callbackUrl,
			whose: 'other',
		});
	});

	test('takes a test URL of before, when n8n had another address, for another one', () => {
		const callbackUrl = 'https://old-tunnel.example/webhook-test/abc/webhook';
		expect(decideRegistration(registered(callbackUrl), LISTENING)).toMatchObject({ kind: 'taken', whose: 'other' });
	});

	test("lets the production URL follow the trigger's own test URL, whatever the endpoints are named", () => {
		expect(decideRegistration(registered(TEST), WANTED)).toEqual({ kind: 'free' });
		const renamed = { ...WANTED, callbackUrl: 'https://n8n.example/hooks/abc/webhook' };
		expect(decideRegistration(registered('https://n8n.example/try/abc/webhook'), renamed)).toEqual({ kind: 'free' });
	});

	test('does not follow the same workflow on another n8n', () => {
		for (const callbackUrl of [
			'https://staging.example/webhook-test/abc/webhook',
			'https://n8n.example/second/webhook/abc/webhook',
		]) {
			expect(decideRegistration(registered(callbackUrl), WANTED)).toMatchObject({ kind: 'taken', whose: 'other' });
		}
	});

	test("does not take another trigger's test URL for its own", () => {
		const found = decideRegistration(registered('https://n8n.example/webhook-test/xyz/webhook'), WANTED);
		expect(found).toMatchObject({ kind: 'taken', whose: 'other' });
	});
});
