import { describe, expect, test } from 'vitest';
import { decideRegistration } from '../../nodes/InstagramInsightsTrigger/subscription/decideRegistration';

const PRODUCTION = 'https://n8n.example/webhook/abc/webhook';
const TEST = 'https://n8n.example/webhook-test/abc/webhook';
const WANTED = { callbackUrl: PRODUCTION, fields: ['comments'] };

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

	test('registers anew what Meta has switched off', () => {
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

	test("tells a test that the trigger's own production URL has the place", () => {
		const found = decideRegistration(registered(PRODUCTION), { ...WANTED, callbackUrl: TEST });
		expect(found).toEqual({ kind: 'taken', callbackUrl: PRODUCTION, whose: 'own-production' });
	});

	test("lets the production URL follow the trigger's own test URL", () => {
		expect(decideRegistration(registered(TEST), WANTED)).toEqual({ kind: 'free' });
	});

	test("does not take another trigger's test URL for its own", () => {
		const found = decideRegistration(registered('https://n8n.example/webhook-test/xyz/webhook'), WANTED);
		expect(found).toMatchObject({ kind: 'taken', whose: 'other' });
	});
});
