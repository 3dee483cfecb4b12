import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { signWebhook } from '../../src/testing/index.ts';

describe('signWebhook', () => {
	test('escapes as Meta does: lower-case unicode and slashes', () => {
		const { body } = signWebhook({ text: 'äöå ❤ https://ig.me/x' }, 'fake');
		expect(Buffer.from(body).toString()).toBe(String.raw`{"text":"\u00e4\u00f6\u00e5 \u2764 https:\/\/ig.me\/x"}`);
	});

	test('means the same after the escape', () => {
		const value = { text: 'emoji 🙂, quote " and backslash \\ / \u0007' };
		expect(JSON.parse(Buffer.from(signWebhook(value, 'fake').body).toString())).toEqual(value);
	});

	test('signs a text and bytes as they are', () => {
		const digest = createHmac('sha256', 'fake').update('{"é": "/"}').digest('hex');
		expect(signWebhook('{"é": "/"}', 'fake').headers['x-hub-signature-256']).toBe(`sha256=${digest}`);
		expect(signWebhook(Buffer.from('{"é": "/"}'), 'fake').headers['x-hub-signature-256']).toBe(`sha256=${digest}`);
	});
});
