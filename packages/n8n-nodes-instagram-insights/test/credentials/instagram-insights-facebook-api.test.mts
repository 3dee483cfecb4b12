import { DEFAULT_GRAPH_VERSION } from '@instagram-insights/core/internal';
import { describe, expect, test } from 'vitest';
import { InstagramInsightsFacebookApi } from '../../credentials/InstagramInsightsFacebookApi.credentials';

const credential = new InstagramInsightsFacebookApi();
const request = { url: 'https://graph.facebook.com/v25.0/me/accounts', qs: { fields: 'id' }, headers: { accept: 'x' } };

describe('InstagramInsightsFacebookApi.authenticate', () => {
	test('sends the token in the header and keeps what the request had', async () => {
		const signed = await credential.authenticate({ accessToken: ' EAA-sandbox-bakery\n', appSecret: '' }, request);
		expect(signed).toEqual({ ...request, headers: { accept: 'x', Authorization: 'Bearer EAA-sandbox-bakery' } });
	});

	test('adds the proof of the app secret when there is one', async () => {
		const signed = await credential.authenticate({ accessToken: 'key', appSecret: 'Jefe' }, request);
		// HMAC-SHA256 with key "Jefe" over "key", by `printf key | openssl dgst -sha256 -hmac Jefe`.
		expect(signed.qs).toEqual({
			fields: 'id',
			appsecret_proof: '764dc8f36e4e40e878a066855b1849cbe90968a91c57c492652c13b23a7e8ce7',
		});
	});

	test('leaves the request it was given unchanged', async () => {
		const given = structuredClone(request);
		await credential.authenticate({ accessToken: 'key', appSecret: 'Jefe' }, given);
		expect(given).toEqual(request);
	});
});

describe('InstagramInsightsFacebookApi', () => {
	test('tests under the version that the node calls', () => {
		expect(credential.test.request.url).toBe(`/${DEFAULT_GRAPH_VERSION}/me/accounts`);
		expect(credential.httpRequestNode.apiBaseUrl).toContain(`/${DEFAULT_GRAPH_VERSION}/`);
	});
});
