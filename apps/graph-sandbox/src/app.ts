import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerGraph, type GraphSetting } from './answer/answer-graph.ts';
import type { NestedRule } from './answer/call.ts';
import type { Answer } from './answer/graph-error.ts';
import { type RawRequest, readRequest } from './serve/raw-request.ts';
import { type Counts, createRequestLog, type LoggedRequest } from './serve/request-log.ts';
import { isHostName } from './world/host.ts';
import { createWorld, type World, type WorldOptions } from './world/world.ts';

export type SandboxOptions = {
	/** 0, the default, takes any free port. */
	readonly port?: number;
	readonly world?: WorldOptions;
	/** The clock of everything the sandbox says; the real one by default. */
	readonly now?: () => Date;
	/** Waited before every answer; default 0. */
	readonly latencyMs?: number;
	/** Other seeds give other numbers. */
	readonly seed?: string;
	/** What each host does with `insights.metric(…)` inside another edge; `true` is `allowed`, `false` is `refused`. */
	readonly nested?: { readonly instagram?: boolean | NestedRule; readonly facebook?: boolean | NestedRule };
};

export type Sandbox = {
	/** `http://127.0.0.1:8788` */
	readonly url: string;
	readonly port: number;
	/** What a credential's `baseUrl` is set to: the version follows. */
	readonly instagramUrl: string;
	readonly facebookUrl: string;
	readonly world: World;
	/** Every request since the start or the last reset, oldest first; the admin endpoints are left out. */
	requests(): readonly LoggedRequest[];
	resetRequests(): void;
	counts(): Counts;
	stop(): Promise<void>;
};

/** Start the sandbox on loopback. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const now = options.now ?? (() => new Date());
	const world = createWorld(options.world ?? {}, options.seed ?? 'sandbox', now);
	const log = createRequestLog();
	const server = createServer();
	const port = await listen(server, options.port ?? 0);
	const url = `http://127.0.0.1:${port}`;
	let traces = 0;
	const setting: GraphSetting = {
		world,
		origin: url,
		nested: {
			'graph.instagram.com': nestedRule(options.nested?.instagram),
			'graph.facebook.com': nestedRule(options.nested?.facebook),
		},
		traceId: () => `Asandbox${String(++traces).padStart(6, '0')}`,
	};
	server.on('request', (request: IncomingMessage, response: ServerResponse) => {
		void serve(request, response);
	});

	async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const done = log.begin();
		const raw = await readRequest(request);
		if (options.latencyMs !== undefined && options.latencyMs > 0) await sleep(options.latencyMs);
		const answer = isHostName(raw.host)
			? answerGraph(setting, { ...raw, host: raw.host })
			: {
					status: 404,
					body: `Nothing here. The hosts live under ${url}/graph.instagram.com and ${url}/graph.facebook.com\n`,
				};
		done(logEntry(world, raw, answer));
		write(response, answer);
	}

	return {
		url,
		port,
		instagramUrl: `${url}/graph.instagram.com`,
		facebookUrl: `${url}/graph.facebook.com`,
		world,
		requests: log.requests,
		resetRequests: log.reset,
		counts: log.counts,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
	});
}

function nestedRule(option: boolean | NestedRule | undefined): NestedRule {
	if (option === undefined || option === true) return 'allowed';
	return option === false ? 'refused' : option;
}

function write(response: ServerResponse, answer: Answer): void {
	const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
	response.writeHead(answer.status, { 'content-type': 'application/json; charset=UTF-8', ...answer.headers });
	response.end(text);
}

function logEntry(world: World, raw: RawRequest, answer: Answer): LoggedRequest {
	const token = raw.accessToken === undefined ? undefined : world.tokens.find(raw.accessToken);
	const error = (answer.body as { error?: { code?: number } } | null)?.error;
	return {
		at: world.now().toISOString(),
		method: raw.method,
		host: raw.host,
		version: raw.version,
		path: `/${raw.path.join('/')}`,
		query: raw.params,
		token: raw.accessToken === undefined ? 'none' : (token?.value ?? 'unknown'),
		tokenFrom: raw.tokenFrom,
		account: token?.accounts.length === 1 ? (token.accounts[0] ?? null) : null,
		metaCalls: isHostName(raw.host) ? 1 : 0,
		scenario: null,
		status: answer.status,
		errorCode: error?.code ?? null,
		batch: [],
	};
}
