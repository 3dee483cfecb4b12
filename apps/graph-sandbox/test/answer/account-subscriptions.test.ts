import { describe, expect, test } from 'vitest';
import { APPS } from '../../src/index.ts';
import type { Token } from '../../src/world/token.ts';
import { sandboxForFile } from '../ask.ts';

const { ask, sandbox } = sandboxForFile();
const bakery = () => sandbox().world.tokens.find('IGAA-sandbox-bakery') as Token;

describe('accountSubscriptions', () => {
	const MINE = 'graph.instagram.com/v25.0/me/subscribed_apps';

	test('subscribes, lists and unsubscribes an Instagram account', async () => {
		const done = await ask(`${MINE}?subscribed_fields=comments,messages`, 'IGAA-sandbox-bakery', { method: 'POST' });
		expect(done.body).toEqual({ success: true });
		expect((await ask(MINE, 'IGAA-sandbox-bakery')).body.data).toEqual([
			{ name: APPS.instagram.name, id: '1001', subscribed_fields: ['comments', 'messages'] },
		]);
		expect((await ask(MINE, 'IGAA-sandbox-tiny')).body.data).toEqual([]);
		await ask(MINE, 'IGAA-sandbox-bakery', { method: 'DELETE' });
		expect((await ask(MINE, 'IGAA-sandbox-bakery')).body.data).toEqual([]);
	});

	test('refuses the whole request for message_echoes on Instagram Login, and says which names there are', async () => {
		const fields = 'comments,message_echoes';
		const { body } = await ask(`${MINE}?subscribed_fields=${fields}`, 'IGAA-sandbox-tiny', { method: 'POST' });
		expect(body.error?.code).toBe(100);
		expect(body.error?.message).toMatch(
			/^Param subscribed_fields\[1\] must be one of \{agent_messages, .*, comments, .*\} - got "message_echoes"\.$/,
		);
		expect((await ask(MINE, 'IGAA-sandbox-tiny')).body.data).toEqual([]);
	});

	test.each([
		['comments,live_comments', 'instagram_business_manage_comments'],
		['messages,message_reactions,messaging_seen,standby', 'instagram_business_manage_messages'],
	])('requires for %s the permission %s', async (fields, permission) => {
		const subscribe = async (scope: string) => {
			const token = sandbox().world.tokens.issue({ ...bakery(), scopes: ['instagram_business_basic', scope] });
			return (await ask(`${MINE}?subscribed_fields=${fields}`, token.value, { method: 'POST' })).body;
		};
		expect((await subscribe('instagram_business_manage_insights')).error?.code).toBe(10);
		expect(await subscribe(permission)).toEqual({ success: true });
	});

	test('requires pages_manage_metadata for a Page', async () => {
		const page = sandbox().world.tokens.find('EAA-sandbox-bakery-page') as Token;
		const scopes = page.scopes.filter((scope) => scope !== 'pages_manage_metadata');
		const { value } = sandbox().world.tokens.issue({ ...page, scopes });
		const { body } = await ask('graph.facebook.com/v25.0/me/subscribed_apps?subscribed_fields=feed', value, {
			method: 'POST',
		});
		expect(body.error).toMatchObject({ code: 200, message: expect.stringContaining('pages_manage_metadata') });
	});

	test('has nothing to subscribe on the Instagram account behind a Page', async () => {
		const account = (token: string) =>
			ask('graph.facebook.com/v25.0/17841401714833111/subscribed_apps', token, { method: 'POST' });
		expect((await account('EAA-sandbox-bakery-page')).body.error).toMatchObject({
			code: 3,
			message: '(#3) Application does not have the capability to make this API call.',
		});
		expect((await account('EAA-sandbox-tiny-page')).body.error).toMatchObject({ code: 100, error_subcode: 33 });
	});

	test('requires a Page token and Page fields on Facebook', async () => {
		const page = (token: string, field: string) =>
			ask(`graph.facebook.com/v25.0/10209411860111/subscribed_apps?subscribed_fields=${field}`, token, {
				method: 'POST',
			});
		expect((await page('EAA-sandbox-bakery', 'feed')).body.error?.code).toBe(210);
		expect((await page('EAA-sandbox-bakery-page', 'messaging_seen')).body.error?.code).toBe(100);
		expect((await page('EAA-sandbox-bakery-page', 'feed')).body).toEqual({ success: true });
		const me = (token: string) => ask('graph.facebook.com/v25.0/me/subscribed_apps', token);
		expect((await me('EAA-sandbox-bakery-page')).body.data).toEqual([
			{ name: APPS.facebook.name, id: '2002', subscribed_fields: ['feed'] },
		]);
		expect((await me('EAA-sandbox-bakery')).body.error?.code).toBe(210);
		expect((await page('EAA-sandbox-tiny-page', 'feed')).body.error?.error_subcode).toBe(33);
	});
});
