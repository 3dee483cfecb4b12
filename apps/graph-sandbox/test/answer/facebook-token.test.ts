import { describe, expect, test } from 'vitest';
import { APPS } from '../../src/index.ts';
import { sandboxForFile } from '../ask.ts';

const { ask } = sandboxForFile();
const BACK = 'http://127.0.0.1:5678/rest/oauth2-credential/callback';

describe('facebookAccessToken', () => {
	test('leads the Facebook login from the dialog to a token, and on to sixty days', async () => {
		const dialog = await ask(
			`www.facebook.com/v25.0/dialog/oauth?client_id=${APPS.facebook.id}&redirect_uri=${BACK}&state=s&scope=instagram_basic,pages_show_list,instagram_manage_insights,business_management`,
		);
		const code = new URL(dialog.headers.get('location') ?? '').searchParams.get('code') ?? '';
		const app = `client_id=${APPS.facebook.id}&client_secret=${APPS.facebook.secret}`;
		const token = 'graph.facebook.com/v25.0/oauth/access_token';
		const short = await ask(`${token}?${app}&redirect_uri=${BACK}&code=${code}`);
		expect(short.body).toMatchObject({ token_type: 'bearer', expires_in: 7200 });
		const long = await ask(`${token}?${app}&grant_type=fb_exchange_token&fb_exchange_token=${short.body.access_token}`);
		expect(long.body.expires_in).toBe(5_184_000);
		const pages = await ask('graph.facebook.com/v25.0/me/accounts?fields=id', String(long.body.access_token));
		expect(pages.body.data).toEqual([{ id: '10209411860111' }]);
	});

	test('refuses a code twice, another redirect_uri and a wrong secret', async () => {
		const code = async () => {
			const query = new URLSearchParams({ client_id: APPS.facebook.id, redirect_uri: BACK });
			const dialog = await ask(`www.facebook.com/v25.0/dialog/oauth?${query}`);
			return new URL(dialog.headers.get('location') ?? '').searchParams.get('code') ?? '';
		};
		const exchange = (one: string, secret: string, redirectUri: string) =>
			ask(
				`graph.facebook.com/v25.0/oauth/access_token?${new URLSearchParams({ client_id: APPS.facebook.id, client_secret: secret, redirect_uri: redirectUri, code: one })}`,
			);
		const used = await code();
		expect((await exchange(used, APPS.facebook.secret, BACK)).status).toBe(200);
		expect((await exchange(used, APPS.facebook.secret, BACK)).body.error?.message).toBe(
			'This authorization code has been used.',
		);
		const elsewhere = await exchange(await code(), APPS.facebook.secret, 'http://127.0.0.1:1/');
		expect(elsewhere.body.error?.message).toContain('redirect_uri is identical');
		expect((await exchange(await code(), 'guess', BACK)).body.error?.message).toBe('Error validating client secret.');
	});

	test('knows no app of Instagram Login and no made-up one', async () => {
		for (const { id, secret } of [APPS.instagram, { id: '9', secret: 'guess' }]) {
			const query = new URLSearchParams({ client_id: id, client_secret: secret, grant_type: 'client_credentials' });
			const { status, body } = await ask(`graph.facebook.com/v25.0/oauth/access_token?${query}`);
			expect([status, body.error?.code, body.error?.message]).toEqual([
				400,
				101,
				'Error validating application. Cannot get application info due to a system error.',
			]);
		}
	});

	test('exchanges the token of an app that enforces the proof without one: the secret is there', async () => {
		const query = new URLSearchParams({
			client_id: APPS.enforcing.id,
			client_secret: APPS.enforcing.secret,
			grant_type: 'fb_exchange_token',
			fb_exchange_token: 'EAA-sandbox-bakery-app',
		});
		const { body } = await ask(`graph.facebook.com/v25.0/oauth/access_token?${query}`);
		expect(body.expires_in).toBe(5_184_000);
	});

	test('gives an app its own token', async () => {
		const query = new URLSearchParams({
			client_id: APPS.facebook.id,
			client_secret: APPS.facebook.secret,
			grant_type: 'client_credentials',
		});
		const { body } = await ask(`graph.facebook.com/oauth/access_token?${query}`);
		expect(body.access_token).toBe(`${APPS.facebook.id}|${APPS.facebook.secret}`);
	});
});

describe('debugToken', () => {
	const debug = (token: string, asking: string) =>
		ask(
			`graph.facebook.com/v25.0/debug_token?input_token=${encodeURIComponent(token)}&access_token=${encodeURIComponent(asking)}`,
		);
	const APP_TOKEN = `${APPS.facebook.id}|${APPS.facebook.secret}`;

	test('describes a good token and a dead one, refusing neither', async () => {
		const good = (await debug('EAA-sandbox-bakery', APP_TOKEN)).body.data as unknown as Record<string, unknown>;
		expect(good).toMatchObject({ app_id: '2002', is_valid: true, type: 'USER' });
		expect(good.scopes).toContain('instagram_manage_insights');
		const dead = (await debug('EAA-sandbox-bakery-expired', APP_TOKEN)).body.data as unknown as Record<string, unknown>;
		expect(dead).toMatchObject({ is_valid: false, error: { code: 190, subcode: 463 } });
		const page = (await debug('EAA-sandbox-bakery-page', APP_TOKEN)).body.data as unknown as Record<string, unknown>;
		expect(page).toMatchObject({ type: 'PAGE', expires_at: 0 });
	});

	test('requires the app that made the token', async () => {
		expect((await debug('EAA-sandbox-bakery', 'EAA-sandbox-large')).body.error?.code).toBe(100);
	});
});
