import { describe, expect, test } from 'vitest';
import { InstagramInsightsWebhookApi } from '../../credentials/InstagramInsightsWebhookApi.credentials';

const credential = new InstagramInsightsWebhookApi();
const REQUEST = { url: '/v25.0/1/subscriptions', headers: { accept: 'application/json' } };

describe('InstagramInsightsWebhookApi.authenticate', () => {
	test("sends the app's own token in a header", async () => {
		const signed = await credential.authenticate({ appId: ' 2002 ', appSecret: 'first' }, REQUEST);
		expect(signed.headers).toEqual({ accept: 'application/json', Authorization: 'Bearer 2002|first' });
		expect(signed.url).toBe(REQUEST.url);
	});

	test('takes the first of several secrets', async () => {
		const signed = await credential.authenticate({ appId: '2002', appSecret: 'new, old' }, REQUEST);
		expect(signed.headers?.Authorization).toBe('Bearer 2002|new');
	});

	test.each([[{}], [{ appId: '2002' }], [{ appSecret: 'first' }], [{ appId: '2002', appSecret: ' , ' }]])(
		'sends nothing while it has only %j',
		async (fields) => {
			expect(await credential.authenticate(fields, REQUEST)).toEqual(REQUEST);
		},
	);
});

describe('InstagramInsightsWebhookApi.properties', () => {
	test('hides everything that is secret', () => {
		const hidden = credential.properties.filter(({ typeOptions }) => typeOptions?.password === true);
		expect(hidden.map(({ name }) => name)).toEqual(['appSecret', 'instagramAppSecret', 'verifyToken', 'relaySecret']);
	});

	test('keeps every field of the design', () => {
		const names = credential.properties.map(({ name }) => name);
		for (const name of ['appId', 'appSecret', 'verifyToken', 'relaySecret']) expect(names).toContain(name);
	});
});
