import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench();
});
afterAll(() => bench.close());

/** What *Test credential* says about a credential that signed in with this token. */
async function signedIn(type: string, baseUrl: string, token: string): Promise<{ status: string; message: string }> {
	const data = {
		clientId: '1',
		clientSecret: 'sandbox',
		baseUrl,
		oauthTokenData: { access_token: token, token_type: 'bearer' },
	};
	const { id, name } = await bench.n8n.createCredential(`signed in ${crypto.randomUUID().slice(0, 8)}`, type, data);
	return bench.n8n.testCredential({ id, name, type, data });
}

const instagram = (token: string) => signedIn('instagramInsightsOAuth2Api', bench.sandbox.instagramUrl, token);
const facebook = (token: string) => signedIn('instagramInsightsFacebookOAuth2Api', bench.sandbox.facebookUrl, token);
const failed = (message: RegExp) => ({ status: 'Error', message: expect.stringMatching(message) as string });

describe('Test credential of a sign-in', () => {
	test('accepts a good token of each login', async () => {
		expect(await instagram('IGAA-sandbox-bakery')).toMatchObject({ status: 'OK' });
		expect(await facebook('EAA-sandbox-bakery')).toMatchObject({ status: 'OK' });
	});

	test('says whether a token has expired, belongs to the other login or lacks a permission', async () => {
		expect(await instagram('IGAA-sandbox-bakery-expired')).toMatchObject(failed(/expired/));
		expect(await instagram('EAA-sandbox-bakery')).toMatchObject(failed(/not a token of Instagram Login/));
		expect(await facebook('IGAA-sandbox-bakery')).toMatchObject(failed(/not a token of Facebook Login/));
		expect(await instagram('IGAA-sandbox-bakery-no-insights-permission')).toMatchObject(
			failed(/instagram_business_manage_insights/),
		);
	});
});
