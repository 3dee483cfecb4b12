import { until } from '../until.ts';

/** The owner every playground and test instance gets: on loopback, with fake data. */
export const OWNER = { email: 'owner@playground.test', password: 'Playground-2026' } as const;

export type N8nNode = {
	readonly id: string;
	readonly name: string;
	readonly type: string;
	readonly typeVersion: number;
	readonly position: readonly [number, number];
	readonly parameters: Readonly<Record<string, unknown>>;
	readonly credentials?: Readonly<Record<string, { readonly id: string; readonly name: string }>>;
	readonly webhookId?: string;
	readonly onError?: string;
};

export type N8nWorkflow = {
	readonly name: string;
	readonly nodes: readonly N8nNode[];
	readonly connections: Readonly<Record<string, unknown>>;
	readonly settings?: Readonly<Record<string, unknown>>;
};

export type StoredWorkflow = N8nWorkflow & { readonly id: string; readonly versionId: string };

export type ExecutionItem = {
	readonly json: Record<string, unknown>;
	readonly pairedItem?: unknown;
	readonly error?: unknown;
};

export type Execution = {
	readonly id: string;
	readonly status: string;
	readonly mode: string;
	/** The items of a node's last run, on its first output. */
	items(node: string): ExecutionItem[];
	/** The error that ended the run, if one did. */
	readonly error: Record<string, unknown> | undefined;
	/** n8n's own data of the run. */
	readonly data: Record<string, unknown>;
};

export type N8nApi = ReturnType<typeof createN8nApi>;

/** The result of signing in: the editor's cookie, and a key for the public API. */
export type N8nSession = { readonly cookie: string; readonly apiKey: string };

/**
 * n8n's own REST interface, as its editor uses it, with what the playground and the tests need of it.
 *
 * @param session of another one; n8n allows five logins a minute
 */
export function createN8nApi(url: string, session: N8nSession = { cookie: '', apiKey: '' }) {
	let { cookie, apiKey } = session;

	async function call<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
		const headers: Record<string, string> = { 'content-type': 'application/json', cookie, 'browser-id': 'playground' };
		if (path.startsWith('/api/v1/')) headers['x-n8n-api-key'] = apiKey;
		const response = await fetch(`${url}${path}`, {
			method,
			headers,
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const fresh = response.headers.getSetCookie().find((one) => one.startsWith('n8n-auth='));
		if (fresh !== undefined) cookie = fresh.split(';')[0] ?? '';
		const text = await response.text();
		if (!response.ok)
			throw new N8nRefusal(response.status, `${method} ${path}: ${response.status} ${text.slice(0, 400)}`);
		return JSON.parse(text) as T;
	}

	/** Answers of the editor's interface come inside `data`. */
	async function rest<T>(method: string, path: string, body?: unknown): Promise<T> {
		return (await call<{ data: T }>(method, `/rest${path}`, body)).data;
	}

	/** Path of the owner's Data Tables. */
	async function dataTables(): Promise<string> {
		const { id } = await rest<{ id: string }>('GET', '/projects/personal');
		return `/projects/${id}/data-tables`;
	}

	return {
		url,
		call,
		rest,

		/** Log in as the owner, who is created on an instance that has none. */
		async logIn(): Promise<void> {
			const settings = await rest<{ userManagement: { showSetupOnFirstLoad?: boolean } }>('GET', '/settings');
			if (settings.userManagement.showSetupOnFirstLoad === true) {
				await rest('POST', '/owner/setup', { ...OWNER, firstName: 'Play', lastName: 'Ground' });
			} else {
				await rest('POST', '/login', { emailOrLdapLoginId: OWNER.email, password: OWNER.password });
			}
			apiKey = await freshApiKey(rest);
		},

		session: (): N8nSession => ({ cookie, apiKey }),

		/** Names of the loaded node types, `package.node`. */
		async nodeTypes(): Promise<string[]> {
			return (await call<{ name: string }[]>('GET', '/types/nodes.json')).map(({ name }) => name);
		},

		createCredential: (name: string, type: string, data: Readonly<Record<string, unknown>>) =>
			rest<{ id: string; name: string; type: string }>('POST', '/credentials', { name, type, data }),

		updateCredential: (id: string, name: string, type: string, data: Readonly<Record<string, unknown>>) =>
			rest<{ id: string }>('PATCH', `/credentials/${id}`, { name, type, data }),

		/** A credential with its data; n8n leaves secrets blank. */
		readCredential: (id: string) =>
			rest<{ id: string; name: string; type: string; data: Record<string, unknown> }>(
				'GET',
				`/credentials/${id}?includeData=true`,
			),

		/** What *Test credential* says in the editor. */
		testCredential: (credential: { id: string; name: string; type: string; data: Readonly<Record<string, unknown>> }) =>
			rest<{ status: 'OK' | 'Error'; message: string }>('POST', '/credentials/test', { credentials: credential }),

		dataTables,

		/** The rows of a Data Table, oldest first; none while it does not exist. */
		async tableRows(name: string): Promise<Record<string, unknown>[]> {
			const tables = await dataTables();
			const filter = encodeURIComponent(JSON.stringify({ name }));
			const { data } = await rest<{ data: { id: string; name: string }[] }>('GET', `${tables}?filter=${filter}`);
			const id = data.find((table) => table.name === name)?.id;
			if (id === undefined) return [];
			const rows = `${tables}/${id}/rows?take=250&sortBy=id:asc`;
			return (await rest<{ data: Record<string, unknown>[] }>('GET', rows)).data;
		},

		createWorkflow: (workflow: N8nWorkflow) => rest<StoredWorkflow>('POST', '/workflows', workflow),

		/** Undefined when it was deleted. */
		async readWorkflow(id: string): Promise<StoredWorkflow | undefined> {
			try {
				return await rest<StoredWorkflow>('GET', `/workflows/${id}`);
			} catch (error) {
				if (error instanceof N8nRefusal && [403, 404].includes(error.status)) return undefined;
				throw error;
			}
		},

		/** Switch a workflow's triggers on. n8n registers webhooks a moment after it answers. */
		activate: (workflow: StoredWorkflow) =>
			rest('POST', `/workflows/${workflow.id}/activate`, { versionId: workflow.versionId }),

		deactivate: (id: string) => rest('POST', `/workflows/${id}/deactivate`, {}),

		/** Run a workflow from its manual trigger, as *Execute workflow* does, and wait for its end. */
		async run(workflow: StoredWorkflow, trigger: string, limitMs = 120_000): Promise<Execution> {
			const { executionId } = await rest<{ executionId: string }>('POST', `/workflows/${workflow.id}/run`, {
				workflowData: workflow,
				triggerToStartFrom: { name: trigger },
			});
			return this.execution(executionId, limitMs);
		},

		/** The run, once it has ended. */
		execution: (id: string, limitMs = 120_000): Promise<Execution> =>
			until(
				`the end of execution ${id}`,
				async () => {
					const found = await call<RawExecution>('GET', `/api/v1/executions/${id}?includeData=true`);
					return ['new', 'running', 'waiting'].includes(found.status) ? undefined : readExecution(found);
				},
				limitMs,
			),

		/** Ids of a workflow's runs, newest first. */
		async executionIds(workflowId: string): Promise<string[]> {
			const path = `/api/v1/executions?workflowId=${workflowId}&limit=250`;
			return (await call<{ data: { id: string }[] }>('GET', path)).data.map(({ id }) => String(id));
		},
	};
}

/** n8n answered with an error status. */
export class N8nRefusal extends Error {
	readonly status: number;

	constructor(status: number, message: string) {
		super(message);
		this.name = 'N8nRefusal';
		this.status = status;
	}
}

async function freshApiKey(rest: <T>(method: string, path: string, body?: unknown) => Promise<T>): Promise<string> {
	const label = `playground ${Date.now()}`;
	const scopes = ['execution:read', 'execution:list'];
	const { rawApiKey } = await rest<{ rawApiKey: string }>('POST', '/api-keys', { label, expiresAt: null, scopes });
	return rawApiKey;
}

type RawExecution = {
	readonly id: string | number;
	readonly status: string;
	readonly mode: string;
	readonly data?: {
		readonly resultData?: {
			readonly error?: Record<string, unknown>;
			readonly runData?: Record<string, { data?: { main?: (ExecutionItem[] | null)[] } }[]>;
		};
	};
};

function readExecution(raw: RawExecution): Execution {
	const { error, runData = {} } = raw.data?.resultData ?? {};
	return {
		id: String(raw.id),
		status: raw.status,
		mode: raw.mode,
		items: (node) => runData[node]?.at(-1)?.data?.main?.[0] ?? [],
		error,
		data: raw.data ?? {},
	};
}
