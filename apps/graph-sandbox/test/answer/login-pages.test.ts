import { describe, expect, test } from 'vitest';
import { APPS } from '../../src/index.ts';
import { sandboxForFile } from '../ask.ts';

const { ask, clock } = sandboxForFile();
const BACK = 'http://127.0.0.1:5678/rest/oauth2-credential/callback';
const EXCHANGE = 'api.instagram.com/oauth/access_token';

async function agree(query: Record<string, string> = {}): Promise<URL> {
	const params = new URLSearchParams({
		client_id: APPS.instagram.id,
		redirect_uri: BACK,
		response_type: 'code',
		state: 'abc',
		scope: 'instagram_business_basic,instagram_business_manage_insights',
		...query,
	});
	const reply = await ask(`www.instagram.com/oauth/authorize?${params}`);
	expect(reply.status).toBe(302);
	return new URL(reply.headers.get('location') ?? '');
}

const form = (code: string, change: Record<string, string> = {}) => ({
	client_id: APPS.instagram.id,
	client_secret: APPS.instagram.secret,
	grant_type: 'authorization_code',
	redirect_uri: BACK,
	code,
	...change,
});

describe('loginPage', () => {
	test('sends the person straight back with a code, the state and the #_ that must be cut off', async () => {
		const back = await agree();
		expect(`${back.origin}${back.pathname}`).toBe(BACK);
		expect(back.searchParams.get('state')).toBe('abc');
		expect(back.hash).toBe('#_');
	});

	test('exchanges the code once for a short-lived token, with the app-scoped id as a number too large for JSON.parse', async () => {
		const code = (await agree()).searchParams.get('code') ?? '';
		const reply = await ask(EXCHANGE, undefined, { form: form(`${code}#_`) });
		expect(reply.text).toContain('"user_id":25810472911300111,');
		expect(String(reply.body.user_id)).not.toBe('25810472911300111');
		expect(reply.body.permissions).toEqual(['instagram_business_basic', 'instagram_business_manage_insights']);
		const me = await ask('graph.instagram.com/v25.0/me?fields=user_id', String(reply.body.access_token));
		expect(me.body).toEqual({ id: '25810472911300111', user_id: '17841401714833111' });
		const again = await ask(EXCHANGE, undefined, { form: form(code) });
		expect(again.status).toBe(400);
		expect(again.body).toEqual({
			error_type: 'OAuthException',
			code: 400,
			error_message: 'Matching code was not found or was already used',
		});
	});

	test('answers as the documentation prints it when asked to', async () => {
		const code = (await agree()).searchParams.get('code') ?? '';
		const reply = await ask(EXCHANGE, undefined, { form: form(code), headers: { 'x-sandbox-scenario': 'wrapped' } });
		expect(reply.body.data).toEqual([
			{
				access_token: expect.stringMatching(/^IGAA-sandbox-issued-/),
				user_id: '25810472911300111',
				permissions: 'instagram_business_basic,instagram_business_manage_insights',
			},
		]);
	});

	test('lets another account sign in, and grants only what was agreed to', async () => {
		const code = (await agree({ account: 'tiny', scope: 'instagram_business_basic' })).searchParams.get('code') ?? '';
		const { body } = await ask(EXCHANGE, undefined, { form: form(code) });
		const insights = await ask(
			'graph.instagram.com/v25.0/me/insights?metric=reach&period=day',
			String(body.access_token),
		);
		expect(insights.body.error?.code).toBe(10);
		const me = await ask('graph.instagram.com/v25.0/me?fields=username', String(body.access_token));
		expect(me.body.username).toBe('pots.by.ines');
	});

	test('reads the app and its secret from the form only, as Meta documents it', async () => {
		const code = (await agree()).searchParams.get('code') ?? '';
		const { client_id: id, client_secret: secret, ...rest } = form(code);
		const basic = Buffer.from(`${id}:${secret}`).toString('base64');
		const reply = await ask(EXCHANGE, undefined, { form: rest, headers: { authorization: `Basic ${basic}` } });
		expect(reply.body.error_message).toBe('Invalid platform app');
	});

	test('refuses a wrong secret, another redirect_uri and a code over an hour old', async () => {
		const code = async () => (await agree()).searchParams.get('code') ?? '';
		const refusal = async (change: Record<string, string>) =>
			(await ask(EXCHANGE, undefined, { form: form(await code(), change) })).body.error_message;
		expect(await refusal({ client_secret: 'guess' })).toBe('Invalid platform app');
		expect(await refusal({ redirect_uri: 'http://127.0.0.1:1/' })).toContain('redirect_uri is identical');
		const old = await code();
		clock.pass(3_600_001);
		expect((await ask(EXCHANGE, undefined, { form: form(old) })).body.error_message).toContain('Matching code');
	});

	test('refuses to authorize an unknown app or one of the other login', async () => {
		for (const id of ['9', APPS.facebook.id]) {
			const reply = await ask(`www.instagram.com/oauth/authorize?client_id=${id}&redirect_uri=${BACK}`);
			expect([reply.status, reply.headers.get('location')]).toEqual([400, null]);
		}
	});
});
