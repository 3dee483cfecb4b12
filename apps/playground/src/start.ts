import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startSandbox } from '@instagram-insights/graph-sandbox';
import { SetupError } from '../../../scripts/install/install.mjs';
import { readExampleWorkflows, showRun } from './example-workflows.ts';
import { fillN8n, SHOWN_ACCOUNT } from './fill-n8n.ts';
import { ROOT, stateFolder } from './folders.ts';
import { prepareImage } from './n8n/container.ts';
import { isTaken } from './n8n/free-port.ts';
import { buildNodes, installN8n, placeNodes, watchNodes } from './n8n/install-n8n.ts';
import { createN8nApi, N8nRefusal, OWNER } from './n8n/n8n-api.ts';
import { startN8n } from './n8n/start-n8n.ts';
import { claimPlayground } from './running-playground.ts';
import { RELAY_ADMIN_TOKEN, startRelay } from './start-relay.ts';
import { until } from './until.ts';

const TRIGGER_TYPE = 'n8n-nodes-instagram-insights.instagramInsightsTrigger';

/** How often something happens on the sandbox's Instagram. */
const EVENT_EVERY_MS = 60_000;

type StartOptions = {
	readonly port: number;
	readonly sandboxPort: number;
	readonly relayPort: number;
	readonly reset: boolean;
	/** Container image of n8n to use instead of the pinned one. */
	readonly image?: string;
	/** While it runs: build the nodes and run tests again when sources change. */
	readonly watch?: true;
};

const START_HELP = `npm start                 the playground: sandbox, n8n, example workflows
npm start -- --port 5680  n8n on another port (default 5678)
npm start -- --reset      delete the playground's workflows, credentials and runs, and start over
npm start -- --image docker.io/n8nio/n8n:latest
                          n8n from a container image, with Docker or Podman
npm run dev               the same; each change rebuilds the nodes in n8n and runs the tests it concerns

SANDBOX_PORT=8789 npm start   the sandbox on another port (default 8788)
RELAY_PORT=8786 npm start     the webhook relay on another port (default 8787)`;

/** Ends what was started, newest first. */
const stops: (() => Promise<unknown>)[] = [];
/** Whether the end has begun. Above the start, which a signal may interrupt. */
let ended = false;

if (import.meta.main) {
	try {
		const options = readStartOptions(process.argv.slice(2), process.env);
		if (options === 'help') console.log(START_HELP);
		else await start(options);
	} catch (error) {
		ended = true;
		await stopAll();
		if (!(error instanceof SetupError)) throw error;
		console.error(error.message);
		process.exitCode = 1;
	}
}

/** @throws {SetupError} an argument that is not understood, in one sentence */
export function readStartOptions(argv: readonly string[], env: NodeJS.ProcessEnv): StartOptions | 'help' {
	let values: {
		port?: string | undefined;
		image?: string | undefined;
		reset?: boolean | undefined;
		watch?: boolean | undefined;
		help?: boolean | undefined;
	};
	try {
		({ values } = parseArgs({
			args: [...argv],
			options: {
				port: { type: 'string' },
				image: { type: 'string' },
				reset: { type: 'boolean' },
				watch: { type: 'boolean' },
				help: { type: 'boolean', short: 'h' },
			},
		}));
	} catch (error) {
		throw new SetupError(
			`${error instanceof Error ? error.message.split('.')[0] : error}. Known options:\n${START_HELP}`,
		);
	}
	if (values.help === true) return 'help';
	if (values.image !== undefined && !/^[\w][\w./:@-]*$/.test(values.image)) {
		throw new SetupError(`--image takes an image such as docker.io/n8nio/n8n:latest, not "${values.image}".`);
	}
	const port = readPort(values.port ?? '5678', '--port');
	const sandboxPort = readPort(env.SANDBOX_PORT ?? '8788', 'SANDBOX_PORT');
	const relayPort = readPort(env.RELAY_PORT ?? '8787', 'RELAY_PORT');
	if (new Set([port, sandboxPort, relayPort]).size < 3) {
		throw new SetupError(
			`--port ${port}, SANDBOX_PORT ${sandboxPort} and RELAY_PORT ${relayPort} must be three different ports.`,
		);
	}
	return {
		port,
		sandboxPort,
		relayPort,
		reset: values.reset === true,
		...(values.image !== undefined && { image: values.image }),
		...(values.watch === true && { watch: true }),
	};
}

function readPort(text: string, name: string): number {
	const port = Number(text);
	if (text.trim() !== '' && Number.isInteger(port) && port > 0 && port < 65_536) return port;
	throw new SetupError(`${name} takes a port number from 1 to 65535, not "${text}".`);
}

async function start(options: StartOptions): Promise<void> {
	const startedAt = Date.now();
	const tell = (words: string) => console.log(`${words} (${Math.round((Date.now() - startedAt) / 1000)} s)`);
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(signal));
	// The script that started us was killed: nothing may keep running.
	process.once('disconnect', () => void end('SIGHUP'));
	process.channel?.unref();

	const folder = stateFolder(options.image);
	const userFolder = path.join(folder, 'n8n');
	mkdirSync(folder, { recursive: true });
	const claim = await claimPlayground(folder, `http://127.0.0.1:${options.port}`);
	stops.push(async () => claim.release());
	await assertFree(options.port, 'n8n', `npm start -- --port ${options.port + 1}`);
	await assertFree(options.sandboxPort, 'the Graph sandbox', `SANDBOX_PORT=${options.sandboxPort + 1} npm start`);
	await assertFree(options.relayPort, 'the webhook relay', `RELAY_PORT=${options.relayPort - 1} npm start`);
	if (options.reset) forget(folder);

	const program = options.image === undefined ? await installN8n() : await prepareImage(options.image);
	tell('Building and packing the nodes');
	await buildNodes();
	await placeNodes(userFolder);

	tell('Starting the Graph sandbox and n8n');
	const sandbox = await startSandbox({ port: options.sandboxPort });
	stops.unshift(() => sandbox.stop());
	const env: Record<string, string> = options.watch === true ? { N8N_DEV_RELOAD: 'true' } : {};
	const n8n = await startN8n({ program, userFolder, port: options.port, env });
	claim.remember(n8n.pid, typeof program === 'string' ? program : program.ref);
	stops.unshift(() => n8n.stop());
	void n8n.ended.then(() => endBecause('n8n', n8n.logFile));

	tell('Filling n8n with credentials and example workflows');
	const api = createN8nApi(n8n.url);
	await api.logIn().catch(explainLogIn);
	const examples = readExampleWorkflows();
	const workflows = await fillN8n(api, sandbox, { stateFolder: folder, examples });

	tell('Starting the webhook relay');
	const triggered = [...workflows].flatMap(([key, workflow]) =>
		workflow.nodes.flatMap(({ type, webhookId }) => {
			const url = `${n8n.url}/webhook/${webhookId}/webhook`;
			return type === TRIGGER_TYPE && webhookId !== undefined ? [{ key, workflow, url }] : [];
		}),
	);
	const relay = await startRelay({
		port: options.relayPort,
		folder: path.join(folder, 'relay'),
		subscribers: Object.fromEntries(triggered.map(({ key, url }) => [key, url])),
	});
	claim.remember(relay.pid, 'webhook-relay');
	stops.unshift(() => relay.stop());
	void relay.ended.then(() => endBecause('The webhook relay', relay.logFile));
	for (const { workflow, url } of triggered) {
		await api.activate(workflow);
		// Unsigned, so it is refused; before n8n has registered the webhook it is not found. Without it the relay tries again.
		const isThere = async () => (await fetch(url, { method: 'POST' })).status !== 404;
		await until('the webhook', isThere, 10_000).catch(() => undefined);
	}
	await sandbox.emit({ url: relay.callbackUrl, shape: 'comments' });
	sandbox.emitEvery(EVENT_EVERY_MS, { url: relay.callbackUrl, shape: 'comments' });

	tell('Running the example workflows');
	const runs: string[] = [];
	for (const { key, workflow } of examples) {
		const stored = workflows.get(key);
		const trigger = stored?.nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger');
		const node = stored?.nodes.find(({ type }) => type === 'n8n-nodes-instagram-insights.instagramInsights');
		if (stored === undefined || trigger === undefined || node === undefined) continue;
		runs.push(showRun(workflow.name, node.name, await api.run(stored, trigger.name)));
	}
	const { httpRequests } = sandbox.counts();

	console.log(`
What the example workflows read from the sandbox account "${SHOWN_ACCOUNT}", with ${httpRequests} requests to the Graph API:

${runs.join('\n')}

n8n is ready after ${Math.round((Date.now() - startedAt) / 1000)} s:  ${n8n.url}
  sign in with   ${OWNER.email}  /  ${OWNER.password}
  look at        Overview → Workflows: open an example, double-click the Instagram Insights node, then Executions
  try            change its metrics or dates and press Execute step; Credentials shows one for each of Meta's hosts

The webhook relay:      ${relay.url}/dashboard  (admin token: ${RELAY_ADMIN_TOKEN})
  a comment arrives every minute and starts the last workflow; to send another event:
  curl -X POST ${sandbox.url}/__sandbox/emit -H 'content-type: application/json' \\
    -d '{"shape":"story_insights","url":"${relay.callbackUrl}"}'

The stand-in for Meta:  ${sandbox.url}
Ctrl-C ends everything. npm start -- --reset starts over.`);
	if (options.watch === true) {
		stops.unshift(watchNodes(userFolder));
		stops.unshift(watchTests());
	}
}

/** Run the tests of what changed since main, and those of each further change, with less priority than n8n and the build. */
function watchTests(): () => Promise<unknown> {
	const args = ['exec', 'vitest', 'watch', '--changed=main', '--passWithNoTests'];
	const tests = spawn('pnpm', args, { cwd: ROOT, stdio: 'inherit' });
	if (tests.pid !== undefined) setPriority(tests.pid, constants.priority.PRIORITY_LOW);
	const ended = once(tests, 'exit');
	return async () => tests.kill('SIGTERM') && (await ended);
}

/** Delete all state but the note that this playground is running. */
function forget(folder: string): void {
	for (const name of ['n8n', 'relay', 'state.json']) {
		rmSync(path.join(folder, name), { recursive: true, force: true });
	}
}

async function assertFree(port: number, what: string, way: string): Promise<void> {
	if (!(await isTaken(port))) return;
	throw new SetupError(`Port ${port}, wanted for ${what}, is taken: end what uses it, or choose another with: ${way}`);
}

function explainLogIn(error: unknown): never {
	if (!(error instanceof N8nRefusal) || error.status !== 401) throw error;
	throw new SetupError(
		`n8n no longer accepts the playground's user ${OWNER.email}. Set its password back to ${OWNER.password}, or start over with npm start -- --reset`,
	);
}

async function end(signal: NodeJS.Signals): Promise<void> {
	if (ended) return;
	ended = true;
	if (signal !== 'SIGHUP') console.log('\nEnding n8n and the sandbox ...');
	await stopAll();
	process.exit(signal === 'SIGINT' ? 130 : 143);
}

/** A part has ended that the others need: end them too. */
async function endBecause(part: string, logFile: string): Promise<void> {
	if (ended) return;
	ended = true;
	console.error(
		`${part} ended by itself. Its log: ${path.relative(process.cwd(), logFile)}\nStart again with npm start.`,
	);
	await stopAll();
	process.exit(1);
}

async function stopAll(): Promise<void> {
	for (const stop of stops.splice(0)) await stop();
}
