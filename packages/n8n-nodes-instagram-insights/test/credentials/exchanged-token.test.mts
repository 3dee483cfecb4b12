import { DEFAULT_GRAPH_VERSION, LOGINS } from '@instagram-insights/core/internal';
import type { ICredentialDataDecryptedObject, IHttpRequestHelper, IHttpRequestOptions } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { withLongLivedToken } from '../../credentials/exchangedToken';
import { InstagramInsightsFacebookOAuth2Api } from '../../credentials/InstagramInsightsFacebookOAuth2Api.credentials';
import { InstagramInsightsOAuth2Api } from '../../credentials/InstagramInsightsOAuth2Api.credentials';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const GOOD = { statusCode: 200, body: { access_token: 'IGAA-sandbox-long', expires_in: 5_184_000 } };

function http(answer: () => unknown) {
	const sent: IHttpRequestOptions[] = [];
	const helpers = {
		async httpRequest(request: IHttpRequestOptions) {
			sent.push(request);
			return answer();
		},
	} as IHttpRequestHelper['helpers'];
	return { helpers, sent };
}

/** A credential whose token no other test has used: the module remembers tokens. */
function connected(token: string, expiresIn = 3600): ICredentialDataDecryptedObject {
	return { oauthTokenData: { access_token: token, expires_in: expiresIn } };
}

const requestFor = (shortToken: string) => ({
	url: 'https://graph.instagram.com/access_token',
	qs: { access_token: shortToken },
});

describe('withLongLivedToken', () => {
	test('replaces the short-lived token with a long-lived one', async () => {
		const { helpers } = http(() => GOOD);
		const output = await withLongLivedToken(helpers, connected('short-1'), requestFor, NOW);
		expect(output).toEqual({ oauthTokenData: { access_token: 'IGAA-sandbox-long', expires_in: 3600 } });
	});

	test('asks once for each token, until the new one ends', async () => {
		const { helpers, sent } = http(() => GOOD);
		await withLongLivedToken(helpers, connected('short-2'), requestFor, NOW);
		await withLongLivedToken(helpers, connected('short-2'), requestFor, NOW + 59 * DAY);
		expect(sent).toHaveLength(1);
		await withLongLivedToken(helpers, connected('short-2'), requestFor, NOW + 60 * DAY);
		expect(sent).toHaveLength(2);
	});

	test('keeps a token that is already long-lived', async () => {
		const { helpers, sent } = http(() => GOOD);
		expect(await withLongLivedToken(helpers, connected('short-3', 5_184_000), requestFor, NOW)).toEqual({});
		expect(sent).toEqual([]);
	});

	test('continues with the short token for an hour when Meta refuses', async () => {
		const { helpers, sent } = http(() => ({ statusCode: 400, body: { error: { code: 190 } } }));
		const output = await withLongLivedToken(helpers, connected('short-4'), requestFor, NOW);
		expect(output).toEqual({ oauthTokenData: { access_token: 'short-4', expires_in: 3600 } });
		await withLongLivedToken(helpers, connected('short-4'), requestFor, NOW + HOUR - 1);
		expect(sent).toHaveLength(1);
		await withLongLivedToken(helpers, connected('short-4'), requestFor, NOW + HOUR);
		expect(sent).toHaveLength(2);
	});

	test('never throws', async () => {
		const { helpers } = http(() => {
			throw new Error('ECONNREFUSED');
		});
		await expect(withLongLivedToken(helpers, connected('short-5'), requestFor, NOW)).resolves.toEqual({});
	});

	test('has nothing to do before the account is connected', async () => {
		const { helpers, sent } = http(() => GOOD);
		expect(await withLongLivedToken(helpers, {}, requestFor, NOW)).toEqual({});
		expect(sent).toEqual([]);
	});
});

describe('InstagramInsightsOAuth2Api', () => {
	const credential = new InstagramInsightsOAuth2Api();

	test('asks for the permissions that insights need', () => {
		const scope = credential.properties.find(({ name }) => name === 'scope');
		expect(scope?.default).toBe('instagram_business_basic,instagram_business_manage_insights');
	});

	test('lets permissions be added, and names those of the trigger', () => {
		const scope = credential.properties.find(({ name }) => name === 'scope');
		// n8n drops what was entered when the field is hidden.
		expect(scope?.type).toBe('string');
		expect(scope?.description).toMatch(/instagram_business_manage_comments.*instagram_business_manage_messages/);
	});

	test("exchanges the token at Instagram's endpoint, which takes no version", async () => {
		const { helpers, sent } = http(() => GOOD);
		const stored = {
			...connected('short-6'),
			baseUrl: 'http://127.0.0.1:8788/graph.instagram.com',
			clientSecret: 'sandbox',
		};
		await credential.preAuthentication.call({ helpers } as IHttpRequestHelper, stored);
		expect(sent).toMatchObject([
			{
				url: 'http://127.0.0.1:8788/graph.instagram.com/access_token',
				qs: { grant_type: 'ig_exchange_token', client_secret: 'sandbox', access_token: 'short-6' },
			},
		]);
	});
});

describe('InstagramInsightsFacebookOAuth2Api', () => {
	const credential = new InstagramInsightsFacebookOAuth2Api();

	test('lets permissions be added, and names those of the trigger', () => {
		const scope = credential.properties.find(({ name }) => name === 'scope');
		expect(scope?.type).toBe('string');
		for (const name of ['pages_manage_metadata', 'instagram_manage_comments', 'instagram_manage_messages'])
			expect(scope?.description).toContain(name);
	});

	test('asks for the permissions that insights, the list of accounts and tagged media need', () => {
		const scope = String(credential.properties.find(({ name }) => name === 'scope')?.default).split(',');
		const { insights, media, discovery, taggedMedia } = LOGINS.facebook.permissions;
		expect(taggedMedia).toContain('instagram_manage_comments');
		expect(scope).toEqual(expect.arrayContaining([...insights, ...media, ...discovery, ...taggedMedia]));
		expect(new Set(scope).size).toBe(scope.length);
	});

	test("exchanges the token at Facebook's endpoint, with the app's id and secret", async () => {
		const { helpers, sent } = http(() => GOOD);
		const stored = {
			...connected('short-7'),
			baseUrl: 'https://graph.facebook.com',
			clientId: '2002',
			clientSecret: 'sandbox',
		};
		await credential.preAuthentication.call({ helpers } as IHttpRequestHelper, stored);
		expect(sent).toMatchObject([
			{
				url: `https://graph.facebook.com/${DEFAULT_GRAPH_VERSION}/oauth/access_token`,
				qs: {
					grant_type: 'fb_exchange_token',
					client_id: '2002',
					client_secret: 'sandbox',
					fb_exchange_token: 'short-7',
				},
			},
		]);
	});
});
