import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerGraph, type GraphSetting, refused } from './answer/answer-graph.ts';
import { readBatch } from './answer/batch.ts';
import type { NestedRule } from './answer/call.ts';
import type { Answer } from './answer/graph-error.ts';
import { PAGE_BUDGET } from './answer/paging.ts';
import { loginPage } from './answer/sign-in.ts';
import { createUsage } from './answer/usage.ts';
import { createEmitter, type Emitter } from './emit-webhook/emitter.ts';
import {
	type ChosenScenario,
	createScenarioBook,
	type ScenarioBook,
	type ScenarioRule,
	UnknownScenario,
} from './scenario/scenario-book.ts';
import { answerAdmin } from './serve/admin.ts';
import { type RawRequest, readRequest, statusSeen, writeAnswer } from './serve/http.ts';
import { type Counts, createRequestLog, type LoggedRequest } from './serve/request-log.ts';
import { isHostName } from './world/host.ts';
import { createSubscriptionStore } from './world/subscription-store.ts';
import { createCodeStore } from './world/token-registry.ts';
import { createWorld, type World, type WorldOptions } from './world/world.ts';

export type SandboxOptions = {
	/** 0, the default, takes any free port. */
	readonly port?: number;
	readonly world?: WorldOptions;
	/** The clock of everything the sandbox says; the real one by default. */
	readonly now?: () => Date;
	/** Waited before every answer of a Meta host; default 0. */
	readonly latencyMs?: number;
	/** Other seeds give other numbers; default `sandbox`. */
	readonly seed?: string;
	/** What each host does with `insights.metric(…)` inside another edge; `true` is `allowed`, `false` is `refused`. */
	readonly nested?: { readonly instagram?: boolean | NestedRule; readonly facebook?: boolean | NestedRule };
	/** Calls an account may make in 24 hours, per app; default 40,000. */
	readonly callBudget?: number;
	/** Work a page of media may ask for before the answer asks to reduce the data; default 5,000, as paging.ts counts it. */
	readonly pageBudget?: number;
};

export type Sandbox = Pick<Emitter, 'emit' | 'emitEvery'> & {
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
	/** Make later requests meet a scenario. */
	setScenario(rule: ScenarioRule): void;
	clearScenarios(): void;
	stop(): Promise<void>;
};

/** Start the sandbox on loopback. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const world = createWorld(options.world ?? {}, options.seed ?? 'sandbox', options.now ?? (() => new Date()));
	const log = createRequestLog();
	const usage = createUsage(world, options.callBudget ?? 40_000);
	const scenarios = createScenarioBook();
	const subscriptions = createSubscriptionStore();
	const emitter = createEmitter(world, subscriptions);
	const server = createServer();
	const port = await listen(server, options.port ?? 0);
	const url = `http://127.0.0.1:${port}`;
	let traces = 0;
	const meta: MetaSetting = {
		world,
		origin: url,
		nested: {
			'graph.instagram.com': nestedRule(options.nested?.instagram),
			'graph.facebook.com': nestedRule(options.nested?.facebook),
		},
		pageBudget: options.pageBudget ?? PAGE_BUDGET,
		usage,
		codes: createCodeStore(),
		subscriptions,
		scenarios,
		traceId: () => `Asandbox${String(++traces).padStart(6, '0')}`,
	};
	const admin = { world, log, scenarios, emitter, resetUsage: usage.reset };

	async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const raw = await readRequest(request);
		if (raw.host === '__sandbox') {
			await writeAnswer(response, await answerAdmin(admin, raw), null);
			return;
		}
		await serveMeta(raw, response);
	}

	async function serveMeta(raw: RawRequest, response: ServerResponse): Promise<void> {
		const done = log.begin();
		if (options.latencyMs !== undefined && options.latencyMs > 0) await sleep(options.latencyMs);
		const met = await answerMetaHost(meta, raw).catch((error: unknown) => failure(error));
		done(logEntry(meta, raw, met, statusSeen(met.answer, met.scenario)));
		await writeAnswer(response, met.answer, met.scenario);
	}

	server.on('request', (request: IncomingMessage, response: ServerResponse) => {
		serve(request, response).catch((error: unknown) => {
			if (!response.headersSent) response.writeHead(error instanceof RangeError ? 413 : 500);
			response.end(`${error instanceof Error ? error.message : String(error)}\n`);
		});
	});

	return {
		url,
		port,
		instagramUrl: `${url}/graph.instagram.com`,
		facebookUrl: `${url}/graph.facebook.com`,
		world,
		requests: log.requests,
		resetRequests: log.reset,
		counts: log.counts,
		setScenario: scenarios.add,
		clearScenarios: scenarios.clear,
		emit: emitter.emit,
		emitEvery: emitter.emitEvery,
		stop() {
			emitter.stopTimers();
			return new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			});
		},
	};
}

/** A fault of the sandbox, or an unknown scenario: it never looks like an answer of Meta. */
function failure(error: unknown): { readonly answer: { status: number; body: unknown }; readonly scenario: null } {
	const status = error instanceof UnknownScenario ? 400 : 500;
	return {
		answer: { status, body: { sandbox_error: error instanceof Error ? error.message : String(error) } },
		scenario: null,
	};
}

function listen(server: Server, port: number): Promise<number> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
	});
}

function nestedRule(option: boolean | NestedRule | undefined): NestedRule {
	if (option === undefined || option === true) return 'allowed';
	return option === false ? 'refused' : option;
}

type MetaSetting = GraphSetting & { readonly scenarios: ScenarioBook };

/** The answer of one of Meta's hosts to a request, and the scenario that applied. */
type MetaAnswer = { readonly answer: Answer; readonly scenario: ChosenScenario | null };

/** @throws {UnknownScenario} the header or the token asks for one that does not exist */
async function answerMetaHost(setting: MetaSetting, raw: RawRequest): Promise<MetaAnswer> {
	const scenario = chooseScenario(setting, raw);
	const kind = scenario?.scenario.kind === 'change' ? scenario.scenario.change : null;
	if (!isHostName(raw.host)) {
		const answer = loginPage(setting.world, setting.codes, raw, kind === 'wrapped');
		return { answer: answer ?? nothingHere(setting.origin), scenario };
	}
	if (scenario?.scenario.kind === 'refuse') {
		const row = scenario.scenario.row(scenario.argument, raw.params);
		if (row !== null)
			return { answer: refused(setting, { ...raw, host: raw.host }, row, scenario.scenario.headers), scenario };
	}
	const answer = await answerGraph(setting, { ...raw, host: raw.host }, kind);
	return { answer: kind === 'string-codes' ? withTextCode(answer) : answer, scenario };
}

/** What the log keeps of a request. */
function logEntry(setting: MetaSetting, raw: RawRequest, met: MetaAnswer, status: number): LoggedRequest {
	const { world } = setting;
	const token = raw.accessToken === undefined ? undefined : world.tokens.find(raw.accessToken);
	const batch = raw.path.length === 0 && raw.params.batch !== undefined ? (readBatch(raw.params.batch) ?? []) : [];
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
		metaCalls: isHostName(raw.host) ? Math.max(1, batch.length) : 0,
		scenario: met.scenario?.name ?? null,
		status,
		errorCode: codeOf(met.answer),
		batch: batch.map((item) => item.relativeUrl),
	};
}

function chooseScenario(setting: MetaSetting, raw: RawRequest): ChosenScenario | null {
	const token = raw.accessToken === undefined ? undefined : setting.world.tokens.find(raw.accessToken);
	const ofToken =
		token === undefined || token.scenario === null ? null : { token: token.value, scenario: token.scenario };
	return setting.scenarios.choose({
		host: raw.host,
		account: token?.accounts[0] ?? null,
		path: `/${raw.path.join('/')}`,
		header: raw.headers['x-sandbox-scenario'],
		ofToken,
	});
}

function codeOf(answer: Answer): number | null {
	if (typeof answer.body !== 'object' || answer.body === null || !('error' in answer.body)) return null;
	const { error } = answer.body as { readonly error: { readonly code?: unknown } };
	return error.code === undefined ? null : Number(error.code);
}

function withTextCode(answer: Answer): Answer {
	if (codeOf(answer) === null) return answer;
	const { error } = answer.body as { readonly error: { readonly code: number } };
	return { ...answer, body: { error: { ...error, code: String(error.code) } } };
}

function nothingHere(origin: string): Answer {
	return {
		status: 404,
		headers: { 'content-type': 'text/plain; charset=utf-8' },
		body: `Nothing here. The Graph hosts are ${origin}/graph.instagram.com and ${origin}/graph.facebook.com\n`,
	};
}
