import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildRelay, removeFolder, startCollectingRelay } from '../../../webhook-relay/bench/bench-relay.ts';
import { load } from '../../../webhook-relay/bench/processes.ts';
import { freePort } from '../n8n/free-port.ts';
import { createN8nApi } from '../n8n/n8n-api.ts';
import { startN8n } from '../n8n/start-n8n.ts';
import { until } from '../until.ts';

export type WebhookRate = { readonly perSecond: number; readonly p99Ms: number };

/**
 * Webhooks answered a second with 32 senders: by the relay, stored and synced, and by n8n's own Webhook node that answers at
 * once.
 */
export async function webhookRates(program: string): Promise<{ relay: WebhookRate; n8n: WebhookRate }> {
	buildRelay();
	const relay = await startCollectingRelay();
	const job = { ports: [relay.port], path: '/webhooks/instagram', connections: 32 };
	await load({ ...job, requests: 5000, tag: 'warm' });
	const ours = await load({ ...job, requests: 20_000, tag: 'rate' });
	await relay.stop();
	removeFolder(relay.folder);

	const userFolder = mkdtempSync(path.join(tmpdir(), 'instagram-insights-measure-'));
	const n8n = await startN8n({ program, userFolder, port: await freePort() });
	try {
		const api = createN8nApi(n8n.url);
		await api.logIn();
		const workflow = await api.createWorkflow({
			name: 'webhook',
			settings: { executionOrder: 'v1' },
			nodes: [
				{
					id: 'webhook',
					name: 'Webhook',
					type: 'n8n-nodes-base.webhook',
					typeVersion: 2,
					position: [0, 0],
					webhookId: crypto.randomUUID(),
					parameters: { httpMethod: 'POST', path: 'measured', responseMode: 'onReceived', options: {} },
				},
			],
			connections: {},
		});
		await api.activate(workflow);
		const url = `${n8n.url}/webhook/measured`;
		await until('the webhook', async () => (await fetch(url, { method: 'POST' })).ok);
		const ports = [Number(new URL(n8n.url).port)];
		const theirs = await load({ ports, path: '/webhook/measured', connections: 32, requests: 400, tag: 'n8n' });
		return { relay: rateOf(ours), n8n: rateOf(theirs) };
	} finally {
		await n8n.stop();
		rmSync(userFolder, { recursive: true, force: true });
	}
}

function rateOf({ ok, other, seconds, p99 }: Awaited<ReturnType<typeof load>>): WebhookRate {
	if (other > 0) throw new Error(`${other} answers were not 200`);
	return { perSecond: ok / seconds, p99Ms: p99 };
}
