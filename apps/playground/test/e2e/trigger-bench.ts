import { createHmac, randomUUID } from 'node:crypto';
import { APPS, type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import { inject } from 'vitest';
import { createN8nApi, type Execution, type N8nApi, type StoredWorkflow } from '../../src/n8n/n8n-api.ts';
import { RELAY_SECRET } from '../../src/start-relay.ts';
import { until } from '../../src/until.ts';

export const TRIGGER_NODE = 'n8n-nodes-instagram-insights.instagramInsightsTrigger';
export const TRIGGER_NAME = 'Instagram Insights Trigger';

export const VERIFY_TOKEN = 'end to end';

export type TriggerWorkflow = {
	readonly workflow: StoredWorkflow;
	/** n8n's production URL of the trigger. */
	readonly url: string;
	readonly testUrl: string;
	/** Publish it and wait until its URL answers. */
	publish(): Promise<void>;
	unpublish(): Promise<void>;
	/** The ended runs so far, oldest first. */
	runs(): Promise<Execution[]>;
	/** Wait until this many runs have ended. */
	untilRuns(count: number): Promise<Execution[]>;
};

export type TriggerBench = {
	readonly n8n: N8nApi;
	readonly sandbox: Sandbox;
	/** The trigger's webhook credential, as a node refers to it. */
	readonly webhookCredential: { readonly id: string; readonly name: string };
	/** A workflow that consists of the trigger. */
	workflow(parameters: Record<string, unknown>): Promise<TriggerWorkflow>;
	/** The callback URL of the Facebook app in the sandbox; undefined when there is none. */
	registeredCallback(): Promise<string | undefined>;
	/** Register a callback URL for the Facebook app, with the handshake. */
	registerCallback(url: string, verifyToken: string): Promise<void>;
	close(): Promise<void>;
};

/** A sandbox for one test file, a session with an n8n, and credentials for the trigger. */
export async function openTriggerBench(n8nUrl: string): Promise<TriggerBench> {
	const sandbox = await startSandbox();
	// n8n allows five logins a minute.
	const isShared = n8nUrl === inject('n8nUrl');
	const n8n = createN8nApi(n8nUrl, isShared ? inject('n8nSession') : undefined);
	if (!isShared) await n8n.logIn();
	const webhook = await n8n.createCredential(`webhook ${randomUUID().slice(0, 8)}`, 'instagramInsightsWebhookApi', {
		eventsFrom: 'several',
		appId: APPS.facebook.id,
		appSecret: APPS.facebook.secret,
		instagramAppSecret: APPS.instagram.secret,
		verifyToken: VERIFY_TOKEN,
		relaySecret: RELAY_SECRET,
		changesBaseUrl: true,
		baseUrl: sandbox.facebookUrl,
	});
	const facebook = await n8n.createCredential(`account ${randomUUID().slice(0, 8)}`, 'instagramInsightsFacebookApi', {
		accessToken: sandbox.world.account('bakery').tokens.facebook,
		appSecret: '',
		baseUrl: sandbox.facebookUrl,
	});
	const published: StoredWorkflow[] = [];
	const appToken = { authorization: `Bearer ${APPS.facebook.id}|${APPS.facebook.secret}` };
	const subscriptions = `${sandbox.facebookUrl}/v25.0/${APPS.facebook.id}/subscriptions`;

	return {
		n8n,
		sandbox,
		webhookCredential: { id: webhook.id, name: webhook.name },
		async workflow(parameters) {
			const webhookId = randomUUID();
			const workflow = await n8n.createWorkflow({
				name: `trigger ${webhookId.slice(0, 8)}`,
				settings: { executionOrder: 'v1' },
				nodes: [
					{
						id: 'trigger',
						name: TRIGGER_NAME,
						type: TRIGGER_NODE,
						typeVersion: 1,
						position: [0, 0],
						webhookId,
						parameters,
						credentials: {
							instagramInsightsWebhookApi: { id: webhook.id, name: webhook.name },
							instagramInsightsFacebookApi: { id: facebook.id, name: facebook.name },
						},
					},
				],
				connections: {},
			});
			const url = `${n8nUrl}/webhook/${webhookId}/webhook`;
			const runs = async () => {
				const ids = await n8n.executionIds(workflow.id);
				return await Promise.all(ids.reverse().map((id) => n8n.execution(id)));
			};
			return {
				workflow,
				url,
				testUrl: `${n8nUrl}/webhook-test/${webhookId}/webhook`,
				async publish() {
					await n8n.activate(workflow);
					published.push(workflow);
					await untilRegistered(url);
				},
				unpublish: async () => {
					await n8n.deactivate(workflow.id);
					await until('the end of the URL', async () => (await fetch(url)).status === 404);
				},
				runs,
				untilRuns: (count) =>
					until(`${count} runs`, async () => {
						const ended = await runs();
						return ended.length >= count ? ended : undefined;
					}),
			};
		},
		async registeredCallback() {
			const answer = await fetch(subscriptions, { headers: appToken });
			const { data } = (await answer.json()) as { data: { callback_url: string }[] };
			return data[0]?.callback_url;
		},
		async registerCallback(url, verifyToken) {
			const fields = 'comments,mentions,story_insights,messages';
			const body = new URLSearchParams({ object: 'instagram', callback_url: url, verify_token: verifyToken, fields });
			const answer = await fetch(subscriptions, { method: 'POST', headers: appToken, body });
			if (!answer.ok) throw new Error(await answer.text());
		},
		async close() {
			for (const { id } of published) await n8n.deactivate(id).catch(() => undefined);
			await sandbox.stop();
		},
	};
}

/**
 * Wait until n8n knows the URL of a published trigger: it registers after it has answered, one method after the other. A POST
 * without a signature starts nothing.
 */
export async function untilRegistered(url: string): Promise<void> {
	await until('the URL of the trigger', async () => {
		const answers = [await fetch(url), await fetch(url, { method: 'POST' })];
		return answers.every(({ status }) => status !== 404);
	});
}

/** Post a body as Meta does. */
export async function postAsMeta(
	url: string,
	payload: unknown,
	secret: string = APPS.facebook.secret,
): Promise<{ status: number; text: string }> {
	const body = JSON.stringify(payload).replaceAll('/', '\\/');
	const signature = createHmac('sha256', secret).update(body).digest('hex');
	const headers = { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` };
	const response = await fetch(url, { method: 'POST', headers, body });
	return { status: response.status, text: await response.text() };
}

/** Post a delivery as the relay does. */
export async function postAsRelay(
	url: string,
	{
		id = `evt_${randomUUID()}`,
		secret = RELAY_SECRET,
		ageSeconds = 0,
		field = 'comments',
		value = { id: '1' } as unknown,
		marks = {} as { readonly sample?: true; readonly replay?: true },
	},
): Promise<number> {
	const about = { object: 'instagram', account_id: '17841400000000001', field, value };
	const data = { ...about, event_id: id, received_at: new Date().toISOString(), ...marks };
	const body = JSON.stringify({ type: `instagram.${field}`, timestamp: new Date().toISOString(), data });
	const timestamp = String(Math.floor(Date.now() / 1000) - ageSeconds);
	const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
	const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
	const headers = {
		'content-type': 'application/json',
		'webhook-id': id,
		'webhook-timestamp': timestamp,
		'webhook-signature': `v1,${signature}`,
	};
	return (await fetch(url, { method: 'POST', headers, body })).status;
}
