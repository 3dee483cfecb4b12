import { type Sandbox, type SandboxOptions, startSandbox } from '@instagram-insights/graph-sandbox';
import { inject } from 'vitest';
import {
	createN8nApi,
	type Execution,
	type ExecutionItem,
	type N8nApi,
	type N8nNode,
	type N8nWorkflow,
	type StoredWorkflow,
} from '../../src/n8n/n8n-api.ts';

export const INSIGHTS_NODE = 'n8n-nodes-instagram-insights.instagramInsights';

/** The credential of each host. */
export const LOGINS = {
	instagramLogin: { type: 'instagramInsightsApi', url: 'instagramUrl', token: 'instagram', prefix: 'IGAA' },
	facebookLogin: { type: 'instagramInsightsFacebookApi', url: 'facebookUrl', token: 'facebook', prefix: 'EAA' },
} as const;

export type Login = keyof typeof LOGINS;
export const BOTH_LOGINS: Login[] = ['instagramLogin', 'facebookLogin'];

export type Bench = {
	readonly n8n: N8nApi;
	readonly sandbox: Sandbox;
	/** Run the action node once behind a manual trigger, with a token of an account of the sandbox or the given token. */
	runNode(login: Login, parameters: Record<string, unknown>, options?: RunOptions): Promise<Execution>;
	/** The workflow `runNode` would run, to be run more than once. */
	workflow(login: Login, parameters: Record<string, unknown>, options?: RunOptions): Promise<StoredWorkflow>;
	/** The node's output. A failed run fails the test with its message. */
	rows(login: Login, parameters: Record<string, unknown>, options?: RunOptions): Promise<Record<string, unknown>[]>;
	/** Create a credential for a host, with the account's own token unless another is given. */
	credential(login: Login, account?: string, token?: string): Promise<{ id: string; name: string }>;
	/** The first two columns of each row of an account. */
	owner(account?: string): { account_id: string; username: string };
	/** Paths of the requests to the sandbox, except those that renew tokens. */
	asked(): string[];
	close(): Promise<void>;
};

export type RunOptions = {
	readonly account?: string;
	/** A whole token, or a suffix of the account's own: `-expired`. */
	readonly token?: string;
	/** A credential created elsewhere. */
	readonly credential?: { readonly id: string; readonly name: string };
	readonly onError?: 'continueRegularOutput' | 'continueErrorOutput';
	/** The node's input; one empty item by default. */
	readonly items?: readonly Record<string, unknown>[];
	/** The workflow's time zone. */
	readonly timezone?: string;
};

/** Name of the action node in the workflows of `runNode`. */
export const NODE_NAME = 'Instagram Insights';
export const START_NAME = 'Start';

/** A sandbox for one test file and a session with the shared n8n. Close it at the end of the file. */
export async function openBench(options: SandboxOptions = {}): Promise<Bench> {
	const sandbox = await startSandbox(options);
	const n8n = createN8nApi(inject('n8nUrl'), inject('n8nSession'));
	const made = new Map<string, Promise<{ id: string; name: string }>>();

	function credential(login: Login, account = 'bakery', token = '') {
		const { type, url, token: host } = LOGINS[login];
		const accessToken =
			token === '' || /^[-+]/.test(token) ? `${sandbox.world.account(account).tokens[host]}${token}` : token;
		const known = made.get(`${type} ${accessToken}`);
		if (known !== undefined) return known;
		const data = { accessToken, baseUrl: sandbox[url] };
		const fresh = n8n.createCredential(`${login} ${made.size + 1}`, type, data);
		made.set(`${type} ${accessToken}`, fresh);
		return fresh;
	}

	const bench: Bench = {
		n8n,
		sandbox,
		credential,
		async workflow(login, parameters, { account, token, credential: given, onError, items, timezone } = {}) {
			const { id, name } = given ?? (await credential(login, account, token));
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
			return n8n.createWorkflow(behindManualTrigger(node, { items, timezone }));
		},
		runNode: async (login, parameters, options) =>
			n8n.run(await bench.workflow(login, parameters, options), START_NAME),
		async rows(login, parameters, options) {
			const run = await bench.runNode(login, parameters, options);
			if (run.error !== undefined) throw new Error(`${run.error.message} ${run.error.description}`);
			return run.items(NODE_NAME).map(({ json }) => json);
		},
		owner(account = 'bakery') {
			const { id, username } = sandbox.world.account(account);
			return { account_id: id, username };
		},
		asked: () =>
			sandbox
				.requests()
				.map(({ path }) => path)
				.filter((path) => path !== '/refresh_access_token'),
		close: () => sandbox.stop(),
	};
	return bench;
}

/** A workflow that starts by hand and passes `items` to the node. */
export function behindManualTrigger(
	node: N8nNode,
	{ items, timezone }: { items?: RunOptions['items'] | undefined; timezone?: string | undefined } = {},
): N8nWorkflow {
	const start: N8nNode = {
		id: 'start',
		name: START_NAME,
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const workflow = {
		name: `test ${crypto.randomUUID().slice(0, 8)}`,
		settings: { executionOrder: 'v1', ...(timezone !== undefined && { timezone }) },
		nodes: [start, node],
		connections: { [START_NAME]: { main: [[{ node: node.name, type: 'main', index: 0 }]] } },
		// Pinned data replaces the output of the node before.
		...(items !== undefined && { pinData: { [START_NAME]: items.map((json) => ({ json })) } }),
	};
	return workflow;
}

type TaskData = {
	readonly data?: { readonly main?: readonly (readonly ExecutionItem[] | null)[] };
	readonly hints?: readonly { readonly message: string }[];
};

/** Result of the node's last run: items by output, and the hints of the output panel. */
export function traceOf(run: Execution, node = NODE_NAME): { outputs: ExecutionItem[][]; hints: string[] } {
	const { runData = {} } = (run.data.resultData ?? {}) as { runData?: Record<string, TaskData[]> };
	const task = runData[node]?.at(-1);
	return {
		outputs: (task?.data?.main ?? []).map((items) => [...(items ?? [])]),
		hints: (task?.hints ?? []).map(({ message }) => message),
	};
}

/** The text that the editor shows for a failed run: what happened, and what to do. */
export function errorText({ error }: Execution): string {
	return `${error?.message ?? 'no error'}\n${error?.description ?? 'no description'}`;
}

/** A resource locator that holds an id. */
export const byId = (id: string) => ({ __rl: true, mode: 'id', value: id });
