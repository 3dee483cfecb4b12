import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Sandbox } from '@instagram-insights/graph-sandbox';
import { type ExampleWorkflow, withCredentials } from './example-workflows.ts';
import { type N8nApi, N8nRefusal, type StoredWorkflow } from './n8n/n8n-api.ts';
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
			data: { accessToken: tokens.instagram, changesBaseUrl: true, baseUrl: sandbox.instagramUrl },
		},
		{
			type: 'instagramInsightsFacebookApi',
			name: 'Facebook Login (sandbox)',
			data: { accessToken: tokens.facebook, changesBaseUrl: true, baseUrl: sandbox.facebookUrl },
		},
		{
			type: 'instagramInsightsWebhookApi',
			name: 'Webhook relay (sandbox)',
			data: { eventsFrom: 'relay', relaySecret: RELAY_SECRET, changesBaseUrl: true, baseUrl: sandbox.facebookUrl },
		},
	] as const;
}

/**
 * Put the sandbox's credentials and the example workflows into n8n. Of what is there from an earlier start, credentials that
 * point at the sandbox are brought up to date, and workflows are left as their user edited them.
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
	for (const wanted of sandboxCredentials(sandbox)) {
		credentials.set(wanted.type, await placeCredential(n8n, wanted, state.credentials[wanted.type]));
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

type WantedCredential = ReturnType<typeof sandboxCredentials>[number];

/** @returns the credential's id */
async function placeCredential(n8n: N8nApi, { type, name, data }: WantedCredential, known?: string): Promise<string> {
	const there = known === undefined ? undefined : await readIfThere(n8n, known);
	if (there === undefined) return (await n8n.createCredential(name, type, data)).id;
	// A restarted sandbox does not know the tokens of its last run, so its credentials get their first ones back.
	if (isSandboxUrl(there.data.baseUrl)) await n8n.updateCredential(there.id, name, type, data);
	return there.id;
}

async function readIfThere(n8n: N8nApi, id: string) {
	try {
		return await n8n.readCredential(id);
	} catch (error) {
		if (error instanceof N8nRefusal && [403, 404].includes(error.status)) return undefined;
		throw error;
	}
}

/** Whether a credential still points at a sandbox; one that points elsewhere holds its user's own token. */
export function isSandboxUrl(baseUrl: unknown): boolean {
	return /^http:\/\/127\.0\.0\.1:\d+\/graph\.(?:instagram|facebook)\.com$/.test(String(baseUrl));
}

/** What the playground put into n8n, so that a second start updates it instead of adding it again. */
type PlaygroundState = {
	/** Credential type → id. */
	readonly credentials: Readonly<Record<string, string>>;
	/** Example's key → workflow id. */
	readonly workflows: Readonly<Record<string, string>>;
};

function readState(folder: string): PlaygroundState {
	const file = path.join(folder, 'state.json');
	if (!existsSync(file)) return { credentials: {}, workflows: {} };
	return JSON.parse(readFileSync(file, 'utf8')) as PlaygroundState;
}

function writeState(folder: string, state: PlaygroundState): void {
	mkdirSync(folder, { recursive: true });
	writeFileSync(path.join(folder, 'state.json'), `${JSON.stringify(state, null, '\t')}\n`);
}
