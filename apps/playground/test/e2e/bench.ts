import { type Sandbox, type SandboxOptions, startSandbox } from '@instagram-insights/graph-sandbox';
import { inject } from 'vitest';
import { createN8nApi, type Execution, type N8nApi, type N8nNode, type N8nWorkflow } from '../../src/n8n/n8n-api.ts';

export const INSIGHTS_NODE = 'n8n-nodes-instagram-insights.instagramInsights';

/** The credential of each host, and the node parameter that asks for it. */
export const LOGINS = {
	instagramLogin: { type: 'instagramInsightsApi', url: 'instagramUrl', token: 'instagram' },
	facebookLogin: { type: 'instagramInsightsFacebookApi', url: 'facebookUrl', token: 'facebook' },
} as const;

export type Login = keyof typeof LOGINS;

export type Bench = {
	readonly n8n: N8nApi;
	readonly sandbox: Sandbox;
	/** Run the action node once behind a manual trigger, with a token of the sandbox's account (or the token given). */
	runNode(login: Login, parameters: Record<string, unknown>, options?: RunOptions): Promise<Execution>;
	/** Make a credential for a host; the account's own token unless another is given. */
	credential(login: Login, account?: string, token?: string): Promise<{ id: string; name: string }>;
	close(): Promise<void>;
};

export type RunOptions = { readonly account?: string; readonly token?: string; readonly onError?: string };

/** Name of the action node in the workflows of `runNode`. */
export const NODE_NAME = 'Instagram Insights';

/** A sandbox of one's own and a session with the shared n8n. Close it with the file. */
export async function openBench(options: SandboxOptions = {}): Promise<Bench> {
	const sandbox = await startSandbox(options);
	const n8n = createN8nApi(inject('n8nUrl'));
	await n8n.logIn();
	const made = new Map<string, Promise<{ id: string; name: string }>>();

	function credential(
		login: Login,
		account = 'bakery',
		token = sandbox.world.account(account).tokens[LOGINS[login].token],
	) {
		const { type, url } = LOGINS[login];
		const known = made.get(`${type} ${token}`);
		if (known !== undefined) return known;
		const fresh = n8n.createCredential(`${login} ${made.size + 1}`, type, {
			accessToken: token,
			baseUrl: sandbox[url],
		});
		made.set(`${type} ${token}`, fresh);
		return fresh;
	}

	return {
		n8n,
		sandbox,
		credential,
		async runNode(login, parameters, { account, token, onError } = {}) {
			const { id, name } = await credential(login, account, token);
			const node: N8nNode = {
				id: 'insights',
				name: NODE_NAME,
				type: INSIGHTS_NODE,
				typeVersion: 1,
				position: [200, 0],
				parameters: { authentication: login, ...parameters },
				credentials: { [LOGINS[login].type]: { id, name } },
				...(onError !== undefined && { onError }),
			};
			const workflow = await n8n.createWorkflow(behindManualTrigger(node));
			return n8n.run(workflow, 'Start');
		},
		close: () => sandbox.stop(),
	};
}

export function behindManualTrigger(node: N8nNode): N8nWorkflow {
	const start: N8nNode = {
		id: 'start',
		name: 'Start',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	return {
		name: `test ${crypto.randomUUID().slice(0, 8)}`,
		settings: { executionOrder: 'v1' },
		nodes: [start, node],
		connections: { Start: { main: [[{ node: node.name, type: 'main', index: 0 }]] } },
	};
}
