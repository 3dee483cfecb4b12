import { describe, expect, test } from 'vitest';
import { APPS } from '../../src/index.ts';
import { sandboxForFile } from '../ask.ts';

const { ask, clock } = sandboxForFile();
const ME = 'graph.instagram.com/v25.0/me?fields=username';
const REFRESH = 'graph.instagram.com/refresh_access_token?grant_type=ig_refresh_token';
const EXCHANGE = `graph.instagram.com/access_token?grant_type=ig_exchange_token&client_secret=${APPS.instagram.secret}`;

describe('refreshInstagramToken', () => {
	test('gives a new value that works after the old one has ended', async () => {
		const { status, body } = await ask(REFRESH, 'IGAA-sandbox-bakery-due');
		expect(status).toBe(200);
		expect(body).toMatchObject({ token_type: 'bearer', expires_in: 5_184_000 });
		expect(body.access_token).not.toBe('IGAA-sandbox-bakery-due');
		clock.pass(10 * 86_400_000);
		expect((await ask(ME, 'IGAA-sandbox-bakery-due')).body.error?.error_subcode).toBe(463);
		expect((await ask(ME, String(body.access_token))).body.username).toBe('casa.canela.bakery');
	});

	test('works with a version in the path and with the token in the query', async () => {
		const reply = await ask(
			'graph.instagram.com/v25.0/refresh_access_token?grant_type=ig_refresh_token&access_token=IGAA-sandbox-bakery',
		);
		expect(reply.status).toBe(200);
	});

	test('refuses a token younger than a day, and accepts it a day later', async () => {
		expect((await ask(REFRESH, 'IGAA-sandbox-bakery-young')).body.error?.code).toBe(100);
		clock.pass(23 * 3_600_000);
		expect((await ask(REFRESH, 'IGAA-sandbox-bakery-young')).status).toBe(200);
	});

	test('refuses one that has ended', async () => {
		expect((await ask(REFRESH, 'IGAA-sandbox-bakery-expired')).body.error).toMatchObject({
			code: 190,
			error_subcode: 463,
		});
	});

	test('refuses a short-lived one', async () => {
		expect((await ask(REFRESH, 'IGAA-sandbox-bakery-short')).body.error?.message).toMatch(/^Session key invalid/);
	});
});

describe('exchangeInstagramToken', () => {
	test('gives sixty days for a short-lived token', async () => {
		const { body } = await ask(EXCHANGE, 'IGAA-sandbox-bakery-short');
		expect(body).toMatchObject({ token_type: 'bearer', expires_in: 5_184_000 });
		clock.pass(2 * 3_600_000);
		expect((await ask(ME, String(body.access_token))).status).toBe(200);
	});

	test('refuses a token that is long-lived already', async () => {
		expect((await ask(EXCHANGE, 'IGAA-sandbox-bakery')).body.error?.message).toMatch(/^Session key invalid/);
	});

	test('refuses a wrong secret', async () => {
		const reply = await ask(
			'graph.instagram.com/access_token?grant_type=ig_exchange_token&client_secret=guess',
			'IGAA-sandbox-bakery-short',
		);
		expect(reply.body.error?.message).toBe('Error validating client secret.');
	});
});
