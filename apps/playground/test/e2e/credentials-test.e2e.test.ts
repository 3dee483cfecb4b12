import { APPS } from '@instagram-insights/graph-sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, openBench } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
	bench = await openBench();
});
afterAll(() => bench.close());
afterEach(() => bench.sandbox.clearScenarios());

/** What *Test credential* says about a credential with these fields. */
async function tested(type: string, data: Record<string, string>): Promise<{ status: string; message: string }> {
	const { id, name } = await bench.n8n.createCredential(`tested ${crypto.randomUUID().slice(0, 8)}`, type, data);
	return bench.n8n.testCredential({ id, name, type, data });
}

const instagram = (accessToken: string, baseUrl = bench.sandbox.instagramUrl) =>
	tested('instagramInsightsApi', { accessToken, baseUrl });
const facebook = (accessToken: string, appSecret = '', baseUrl = bench.sandbox.facebookUrl) =>
	tested('instagramInsightsFacebookApi', { accessToken, appSecret, baseUrl });

const failed = (message: RegExp) => ({ status: 'Error', message: expect.stringMatching(message) as string });

describe('Test credential of Instagram Login', () => {
	test('accepts a good token, even of an account with no posts', async () => {
		expect(await instagram('IGAA-sandbox-bakery')).toMatchObject({ status: 'OK' });
		expect(await instagram('IGAA-sandbox-brand-new')).toMatchObject({ status: 'OK' });
	});

	test('says whether a token belongs to the other login, has expired or lacks a permission', async () => {
		expect(await instagram('EAA-sandbox-bakery')).toMatchObject(
			failed(/not a token of Instagram Login.*Facebook Login API/),
		);
		expect(await instagram('IGAA-sandbox-bakery-expired')).toMatchObject(failed(/expired/));
		expect(await instagram('IGAA-sandbox-bakery-no-insights-permission')).toMatchObject(
			failed(/instagram_business_manage_insights/),
		);
	});

	test('names a removed app, a changed password and a used-up call limit', async () => {
		expect(await instagram('IGAA-sandbox-bakery-app-removed')).toMatchObject(failed(/removed the app/));
		expect(await instagram('IGAA-sandbox-bakery-password-changed')).toMatchObject(failed(/password/));
		expect(await instagram('IGAA-sandbox-bakery-rate-limited')).toMatchObject(failed(/limiting calls/));
	});

	test('reports a wrong base URL', async () => {
		const status = 'Error';
		expect(await instagram('IGAA-sandbox-bakery', `${bench.sandbox.url}/__sandbox`)).toMatchObject({ status });
		expect(await instagram('IGAA-sandbox-bakery', 'http://127.0.0.1:9')).toMatchObject({ status });
	});
});

describe('Test credential of Facebook Login', () => {
	test('accepts tokens of a user, of an agency and of a system user', async () => {
		for (const token of ['EAA-sandbox-bakery', 'EAA-sandbox-agency', 'EAA-sandbox-bakery-system-user']) {
			expect(await facebook(token), token).toMatchObject({ status: 'OK' });
		}
	});

	test('says whether a token belongs to the other login, has expired or lacks a permission', async () => {
		expect(await facebook('IGAA-sandbox-bakery')).toMatchObject(
			failed(/not a token of Facebook Login.*Instagram Insights API/),
		);
		expect(await facebook('EAA-sandbox-bakery-expired')).toMatchObject(failed(/expired/));
		expect(await facebook('EAA-sandbox-bakery-no-insights-permission')).toMatchObject(
			failed(/instagram_manage_insights/),
		);
	});

	test('asks for the app secret if the app requires a proof, and accepts only the right one', async () => {
		expect(await facebook('EAA-sandbox-bakery-app')).toMatchObject(failed(/Enter the App Secret/));
		expect(await facebook('EAA-sandbox-bakery-app', 'another')).toMatchObject(failed(/does not belong to the app/));
		expect(await facebook('EAA-sandbox-bakery-app', APPS.enforcing.secret)).toMatchObject({ status: 'OK' });
	});
});
