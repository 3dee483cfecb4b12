import type { Sandbox } from '@instagram-insights/graph-sandbox';
import { type ExampleWorkflow, withCredentials } from './example-workflows.ts';
import { type N8nApi, N8nRefusal, type StoredWorkflow } from './n8n/n8n-api.ts';
import { readState, writeState } from './playground-state.ts';
import { RELAY_SECRET } from './start-relay.ts';

/** The account the examples show. */
export const SHOWN_ACCOUNT = 'bakery';

/**
 * One credential for each host, pointed at the sandbox: with a real token only `baseUrl` would differ; and the one the
 * trigger shares with the relay.
 */
export function sandboxCredentials(sandbox: Sandbox, account = SHOWN_ACCOUNT) {
	const { tokens } = sandbox.world.account(account);
	return [
		{
			type: 'instagramInsightsApi',
			name: 'Instagram Login (sandbox)',
			data: { accessToken: tokens.instagram, baseUrl: sandbox.instagramUrl },
		},
		{
			type: 'instagramInsightsFacebookApi',
			name: 'Facebook Login (sandbox)',
			data: { accessToken: tokens.facebook, baseUrl: sandbox.facebookUrl },
		},
		{
			type: 'instagramInsightsWebhookApi',
			name: 'Webhook relay (sandbox)',
			data: { relaySecret: RELAY_SECRET, baseUrl: sandbox.facebookUrl },
		},
	] as const;
}

/**
 * Put the sandbox's credentials and the example workflows into n8n. What is there from an earlier start is brought up to
 * date (credentials) or left as its user edited it (workflows).
 *
 * @returns the example workflows as they stand in n8n, by key
 */
export async function fillN8n(
	n8n: N8nApi,
	sandbox: Sandbox,
	{ stateFolder, examples }: { stateFolder: string; examples: readonly ExampleWorkflow[] },
): Promise<Map<string, StoredWorkflow>> {
	const state = readState(stateFolder);
	const credentials = new Map<string, string>();
	for (const { type, name, data } of sandboxCredentials(sandbox)) {
		const known = state.credentials[type];
		const updated = known !== undefined && (await updateIfThere(n8n, known, { name, type, data }));
		credentials.set(type, updated ? known : (await n8n.createCredential(name, type, data)).id);
	}
	const workflows = new Map<string, StoredWorkflow>();
	for (const { key, workflow } of examples) {
		const known = state.workflows[key];
		const stored = known === undefined ? undefined : await n8n.readWorkflow(known);
		workflows.set(key, stored ?? (await n8n.createWorkflow(withCredentials(workflow, credentials))));
	}
	writeState(stateFolder, {
		credentials: Object.fromEntries(credentials),
		workflows: Object.fromEntries([...workflows].map(([key, { id }]) => [key, id])),
	});
	return workflows;
}

async function updateIfThere(
	n8n: N8nApi,
	id: string,
	{ name, type, data }: { name: string; type: string; data: Readonly<Record<string, unknown>> },
): Promise<boolean> {
	try {
		await n8n.updateCredential(id, name, type, data);
		return true;
	} catch (error) {
		if (error instanceof N8nRefusal && [403, 404].includes(error.status)) return false;
		throw error;
	}
}
