import type { Sandbox } from '@instagram-insights/graph-sandbox';
import {
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IHttpRequestOptions,
	type INode,
	type INodeParameters,
	type IPollFunctions,
	NodeHelpers,
	ObservableObject,
} from 'n8n-workflow';
import { vi } from 'vitest';
import { InstagramInsightsPollingTrigger } from '../../nodes/InstagramInsightsPollingTrigger/InstagramInsightsPollingTrigger.node';

export type PollingWorkflow = {
	/** Publish the workflow, or start n8n with it: n8n polls once and then saves what the node remembers. */
	start(): Promise<IDataObject[] | null>;
	/** A poll at its time. n8n saves what the node remembers only along with an execution. */
	poll(): Promise<IDataObject[] | null>;
	/** The step is executed in the editor. */
	test(): Promise<IDataObject[]>;
	/** n8n ends, however, and starts again: only what was saved is left. */
	restart(): Promise<IDataObject[] | null>;
	/** Other settings, as a new version is published. */
	change(parameters: INodeParameters): void;
	/** What the node remembers at the moment. */
	memory(): IDataObject;
	/** From the next poll on, the time of a poll is up when it has sent this many requests; undefined: never. */
	allow(requests: number | undefined): void;
	/** Names of the parameters that were read. */
	readonly asked: ReadonlySet<string>;
	/** Warnings. */
	readonly log: readonly string[];
};

const NODE: INode = {
	id: 'node-1',
	name: 'Instagram Insights Polling Trigger',
	type: 'n8n-nodes-instagram-insights.instagramInsightsPollingTrigger',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** The polling trigger in a workflow, asking the sandbox, with n8n's way of remembering. */
export function pollingWorkflow(
	sandbox: Pick<Sandbox, 'instagramUrl' | 'facebookUrl'>,
	initial: INodeParameters,
	account = 'bakery',
	timeZone = 'Europe/Berlin',
): PollingWorkflow {
	const type = new InstagramInsightsPollingTrigger();
	const credentials: Record<string, ICredentialDataDecryptedObject> = {
		instagramInsightsApi: { accessToken: `IGAA-sandbox-${account}`, baseUrl: sandbox.instagramUrl },
		instagramInsightsFacebookApi: {
			accessToken: `EAA-sandbox-${account}`,
			appSecret: '',
			baseUrl: sandbox.facebookUrl,
		},
	};
	const log: string[] = [];
	const asked = new Set<string>();
	let parameters = initial;
	let allowed: number | undefined;
	let memory = watched('{}');
	let saved = '{}';

	async function run(mode: 'trigger' | 'manual'): Promise<IDataObject[] | null> {
		const { properties } = type.description;
		const complete = NodeHelpers.getNodeParameters(properties, parameters, true, false, NODE, type.description);
		const budget = countedBudget(allowed);
		const context = {
			getNode: () => NODE,
			getTimezone: () => timeZone,
			getMode: () => mode,
			getNodeParameter(name: string, fallback?: unknown) {
				asked.add(name);
				return complete?.[name] ?? fallback;
			},
			getCredentials: async (name: string) => credentials[name],
			getPollBudgetMs: () => BUDGET_MS,
			getWorkflowStaticData: () => memory,
			logger: { warn: (message: string) => log.push(message) },
			helpers: {
				httpRequestWithAuthentication: (name: string, options: IHttpRequestOptions) => {
					if (!budget.admits()) return new Promise(() => {});
					return send(options, String(credentials[name]?.accessToken));
				},
			},
		};
		const outcome = await type.poll.call(context as unknown as IPollFunctions).finally(() => budget.end());
		return outcome === null ? null : (outcome[0] ?? []).map(({ json }) => json);
	}

	const start = async () => {
		const items = await run('trigger');
		saved = JSON.stringify(memory);
		return items;
	};
	return {
		start,
		async poll() {
			const items = await run('trigger');
			if (items !== null) saved = JSON.stringify(memory);
			return items;
		},
		test: async () => (await run('manual')) ?? [],
		restart() {
			memory = watched(saved);
			return start();
		},
		change(next) {
			parameters = next;
		},
		allow(requests) {
			allowed = requests;
		},
		memory: () => JSON.parse(JSON.stringify(memory)),
		asked,
		log,
	};
}

const BUDGET_MS = 300_000;

/** The time of a poll, counted in requests: the one after the last does not answer before the first signal aborts. */
function countedBudget(requests: number | undefined) {
	const ends: { ms: number; controller: AbortController }[] = [];
	const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
		const controller = new AbortController();
		ends.push({ ms, controller });
		return controller.signal;
	});
	let sent = 0;
	return {
		admits(): boolean {
			sent += 1;
			const [first] = ends.toSorted((a, b) => a.ms - b.ms);
			if (requests === undefined || sent <= requests || first === undefined || first.controller.signal.aborted)
				return true;
			first.controller.abort(new DOMException('The time is up', 'TimeoutError'));
			return false;
		},
		end: () => timeout.mockRestore(),
	};
}

/** Static data as n8n hands it out: watched at every depth, which leaves a hidden member in each object. */
function watched(json: string): IDataObject {
	return ObservableObject.create(JSON.parse(json), undefined, { ignoreEmptyOnFirstChild: true });
}

async function send({ method, url, qs, headers }: IHttpRequestOptions, token: string) {
	const target = new URL(url);
	for (const [name, value] of Object.entries(qs ?? {})) target.searchParams.set(name, String(value));
	const response = await fetch(target, {
		method: method ?? 'GET',
		headers: { ...(headers as Record<string, string>), authorization: `Bearer ${token}` },
	});
	return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}
