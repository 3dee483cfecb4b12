import { APPS, type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createN8nApi, type N8nApi } from '../../src/n8n/n8n-api.ts';
import { RELAY_SECRET } from '../../src/start-relay.ts';
import { behindManualTrigger, START_NAME } from './bench.ts';

let sandbox: Sandbox;
let n8n: N8nApi;
beforeAll(async () => {
	sandbox = await startSandbox();
	n8n = createN8nApi(inject('n8nUrl'), inject('n8nSession'));
});
afterAll(() => sandbox.stop());

/** What *Test credential* says about the webhook credential with these fields. */
async function verdict(fields: Record<string, string>): Promise<{ status: string; message: string }> {
	const data = { eventsFrom: 'several', ...fields, changesBaseUrl: true, baseUrl: sandbox.facebookUrl };
	const made = await n8n.createCredential('webhook', 'instagramInsightsWebhookApi', data);
	return await n8n.testCredential({ ...made, data });
}

describe('the test of the webhook credential', () => {
	test('accepts an app with its secret', async () => {
		const { id: appId, secret: appSecret } = APPS.facebook;
		expect(await verdict({ appId, appSecret, verifyToken: 'word' })).toMatchObject({ status: 'OK' });
	});

	test('says that the secret does not belong to the app, without repeating it', async () => {
		const { status, message } = await verdict({
			appId: APPS.facebook.id,
			appSecret: 'not-the-secret',
			verifyToken: 'word',
		});
		expect([status, message]).toEqual(['Error', expect.stringContaining('App ID and App Secret together')]);
		expect(message).not.toContain('not-the-secret');
	});

	test('accepts a relay secret alone', async () => {
		expect(await verdict({ relaySecret: RELAY_SECRET })).toMatchObject({ status: 'OK' });
	});
});

describe('the secrets of the webhook credential', () => {
	test('cannot be sent anywhere by the HTTP Request node', async () => {
		const data = { eventsFrom: 'relay', relaySecret: RELAY_SECRET, changesBaseUrl: true, baseUrl: sandbox.facebookUrl };
		const { id, name } = await n8n.createCredential('webhook', 'instagramInsightsWebhookApi', data);
		const node = {
			id: 'http',
			name: 'HTTP Request',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			position: [200, 0] as [number, number],
			parameters: {
				url: sandbox.facebookUrl,
				authentication: 'predefinedCredentialType',
				nodeCredentialType: 'instagramInsightsWebhookApi',
			},
			credentials: { instagramInsightsWebhookApi: { id, name } },
		};
		const outcome = await n8n
			.createWorkflow(behindManualTrigger(node))
			.then((workflow) => n8n.run(workflow, START_NAME))
			.then(({ error }) => String(error?.message), String);
		expect(outcome).toMatch(/restricted|not (allowed|permitted)|cannot be used/i);
	});
});
