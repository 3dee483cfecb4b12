import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Sandbox, startSandbox } from '@instagram-insights/graph-sandbox';
import { freePort } from '../n8n/free-port.ts';
import { placeNodes } from '../n8n/install-n8n.ts';
import { createN8nApi, type N8nApi, type N8nNode, type N8nWorkflow } from '../n8n/n8n-api.ts';
import { startN8n } from '../n8n/start-n8n.ts';
import { median } from './package-cost.ts';

const TIMES = 3;
const MEDIA = 1000;
const METRICS = ['reach', 'views', 'likes', 'comments', 'saved', 'shares', 'total_interactions', 'reposts'];

export type Compared = {
	/** what the sandbox waits before each answer */
	readonly latencyMs: number;
	readonly node: { readonly ms: number; readonly requests: number };
	readonly httpRequest: { readonly ms: number; readonly requests: number };
};

/**
 * 1,000 media with their common metrics in a real n8n: by the package's node, and by n8n's HTTP Request node that lists the
 * media and then asks for each one's insights. The same sandbox, in turns.
 *
 * @returns medians of the executions' own times
 */
export async function thousandMedia(program: string): Promise<Compared[]> {
	const userFolder = mkdtempSync(path.join(tmpdir(), 'instagram-insights-measure-'));
	await placeNodes(userFolder);
	const n8n = await startN8n({ program, userFolder, port: await freePort() });
	try {
		const api = createN8nApi(n8n.url);
		await api.logIn();
		return [await compare(api, 0), await compare(api, 100)];
	} finally {
		await n8n.stop();
		rmSync(userFolder, { recursive: true, force: true });
	}
}

async function compare(api: N8nApi, latencyMs: number): Promise<Compared> {
	const sandbox = await startSandbox({ latencyMs, world: { media: MEDIA, adShare: 0, beforeConversionShare: 0 } });
	try {
		const { instagram } = sandbox.world.account('large').tokens;
		const data = { accessToken: instagram, baseUrl: sandbox.instagramUrl };
		const { id, name } = await api.createCredential(`measure ${latencyMs}`, 'instagramInsightsApi', data);
		const credentials = { instagramInsightsApi: { id, name } };
		const runs: { node: Run; http: Run }[] = [];
		for (let time = 0; time < TIMES; time += 1) {
			const node = await run(api, sandbox, byNode(credentials));
			const http = await run(api, sandbox, byHttpRequest(sandbox, credentials));
			runs.push({ node, http });
		}
		const middle = (of: 'node' | 'http') => ({
			ms: median(runs.map((one) => one[of].ms)),
			requests: median(runs.map((one) => one[of].requests)),
		});
		return { latencyMs, node: middle('node'), httpRequest: middle('http') };
	} finally {
		await sandbox.stop();
	}
}

type Run = { readonly ms: number; readonly requests: number };

async function run(api: N8nApi, sandbox: Sandbox, workflow: N8nWorkflow): Promise<Run> {
	sandbox.resetRequests();
	const execution = await api.run(await api.createWorkflow(workflow), 'Start', 600_000);
	const last = workflow.nodes.at(-1)?.name ?? '';
	const items = execution.items(last).length;
	if (execution.error !== undefined || items !== MEDIA) {
		throw new Error(`${last}: ${items} items, ${execution.error?.message ?? 'no error'}`);
	}
	const path = `/api/v1/executions/${execution.id}`;
	const { startedAt, stoppedAt } = await api.call<{ startedAt: string; stoppedAt: string }>('GET', path);
	return { ms: Date.parse(stoppedAt) - Date.parse(startedAt), requests: sandbox.counts().httpRequests };
}

function chain(name: string, nodes: readonly N8nNode[]): N8nWorkflow {
	const pairs = nodes
		.slice(1)
		.map((node, index) => [nodes[index]?.name, { main: [[{ node: node.name, type: 'main', index: 0 }]] }]);
	return { name, settings: { executionOrder: 'v1' }, nodes, connections: Object.fromEntries(pairs) };
}

const START: N8nNode = {
	id: 'start',
	name: 'Start',
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

type Credentials = NonNullable<N8nNode['credentials']>;

function byNode(credentials: Credentials): N8nWorkflow {
	const node: N8nNode = {
		id: 'node',
		name: 'Instagram Insights',
		type: 'n8n-nodes-instagram-insights.instagramInsights',
		typeVersion: 1,
		position: [200, 0],
		parameters: { resource: 'media', operation: 'getMany', returnAll: true, metrics: METRICS },
		credentials,
	};
	return chain('by the node', [START, node]);
}

/** As people build it today: the list page by page, one item per post, one request per post. */
function byHttpRequest(sandbox: Sandbox, credentials: Credentials): N8nWorkflow {
	const request = (id: string, url: string, options: object): N8nNode => ({
		id,
		name: id,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		position: [200, 0],
		parameters: {
			url,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'instagramInsightsApi',
			options,
		},
		credentials,
	});
	const split: N8nNode = {
		id: 'Split',
		name: 'Split',
		type: 'n8n-nodes-base.splitOut',
		typeVersion: 1,
		position: [400, 0],
		parameters: { fieldToSplitOut: 'data', options: {} },
	};
	const pages = {
		paginationMode: 'responseContainsNextURL',
		nextURL: '={{ $response.body.paging.next }}',
		paginationCompleteWhen: 'other',
		completeExpression: '={{ !$response.body.paging?.next }}',
	};
	return chain('by HTTP Request', [
		START,
		request('List', `${sandbox.instagramUrl}/v25.0/me/media?fields=id&limit=100`, {
			pagination: { pagination: pages },
		}),
		split,
		request('Each', `=${sandbox.instagramUrl}/v25.0/{{ $json.id }}/insights?metric=${METRICS.join()}`, {
			batching: { batch: { batchSize: 1, batchInterval: 0 } },
		}),
	]);
}
