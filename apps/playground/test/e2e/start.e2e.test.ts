import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { LOCAL, NODES_PACKAGE, ROOT } from '../../src/folders.ts';
import { freePort, isTaken } from '../../src/n8n/free-port.ts';
import { NODES_PACKAGE_NAME, watchNodes } from '../../src/n8n/install-n8n.ts';
import { createN8nApi } from '../../src/n8n/n8n-api.ts';
import { until } from '../../src/until.ts';
import { type ProcessId, processTree, stillRunning } from './process-tree.ts';

/** The exit code that a shell reports for a program ended by Ctrl-C. */
const CTRL_C = 130;

let state: string;
let ports: number[];
let playground: Playground | undefined;
beforeAll(async () => {
	state = mkdtempSync(path.join(tmpdir(), 'instagram-insights-start-'));
	ports = [await freePort(), await freePort(), await freePort()];
});
afterEach(() => {
	// Ends what a failed test has left, by process ID.
	for (const { pid } of stillRunning(playground?.started ?? [])) {
		try {
			process.kill(pid, 'SIGKILL');
		} catch {
			// It ended together with one of the others.
		}
	}
});
afterAll(() => rmSync(state, { recursive: true, force: true }));

type Playground = {
	/** All processes that it has started so far, and itself. */
	readonly started: ProcessId[];
	output(): string;
	/** Wait until it has printed something. */
	says(words: string): Promise<void>;
	/** Wait until it has started something. */
	runs(command: RegExp): Promise<void>;
	/** Ctrl-C in its terminal: the whole process group gets the signal at once. */
	interrupt(): void;
	/** Its exit code, as a shell reports it. */
	ended(limitMs: number): Promise<number>;
};

const NPM_START = ['npm', 'start', '--'];
/** What `npm start` runs. Without npm, which Ctrl-C also ends, the exit code is the playground's own. */
const BOOTSTRAP = ['node', 'scripts/bootstrap.mjs', 'start'];

function open([program = '', ...args]: readonly string[]): Playground {
	const [n8n = 0, sandbox = 0, relay = 0] = ports;
	const child = spawn(program, [...args, '--port', String(n8n)], {
		cwd: ROOT,
		// A group of its own, as a shell gives each command in a terminal.
		detached: true,
		stdio: ['ignore', 'pipe', 'pipe'],
		env: {
			...fromOutside(),
			SANDBOX_PORT: String(sandbox),
			RELAY_PORT: String(relay),
			PLAYGROUND_STATE: state,
			// As npm run dev sets it.
			N8N_DEV_RELOAD: 'true',
		},
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
	const exit = exitCode(child);
	const started: ProcessId[] = [];
	const look = () => {
		for (const seen of processTree(child.pid ?? 0)) {
			const known = started.findIndex(({ pid, born }) => pid === seen.pid && born === seen.born);
			// Between fork and exec a process still has its parent's command: the latest counts.
			if (known < 0) started.push(seen);
			else started[known] = seen;
		}
	};
	const during = async (what: string, isSo: () => boolean) => {
		await until(what, () => {
			look();
			return isSo() || child.exitCode !== null;
		});
		if (!isSo()) throw new Error(`the playground ended before ${what}:\n${output}`);
	};
	return {
		started,
		output: () => output,
		says: (words) => during(`the words "${words}"`, () => output.includes(words)),
		runs: (command) => during(`a process ${command}`, () => started.some((one) => command.test(one.command))),
		interrupt() {
			look();
			process.kill(-(child.pid ?? 0), 'SIGINT');
		},
		async ended(limitMs) {
			let code: number | undefined;
			void exit.then((given) => {
				code = given;
			});
			return await until('the end of the playground', () => code, limitMs);
		},
	};
}

/** The environment without the project's own Node and pnpm. */
function fromOutside(): NodeJS.ProcessEnv {
	const isInside = (folder: string) => folder.startsWith(LOCAL) || folder.includes('node_modules');
	const outside = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => !isInside(folder));
	const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|pnpm_|vite|node_env$)/i.test(name));
	return { ...Object.fromEntries(kept), PATH: outside.join(path.delimiter) };
}

function exitCode(child: ChildProcess): Promise<number> {
	return new Promise((resolve) => {
		child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
	});
}

/** Interrupt it, and check that no process is left. */
async function endsWithCtrlC(running: Playground): Promise<void> {
	running.interrupt();
	expect(await running.ended(60_000)).toBe(CTRL_C);
	expect(running.output()).toContain('Ending n8n and the sandbox ...');
	// At once: an n8n that was left running ends some seconds later by itself, because nobody reads its log.
	const isOver = () => stillRunning(running.started).length === 0;
	await until('the end of all it started', isOver, 1_000).catch(() => undefined);
	expect(stillRunning(running.started)).toEqual([]);
	expect(await Promise.all(ports.map(isTaken))).toEqual([false, false, false]);
	expect(existsSync(path.join(state, 'running.json'))).toBe(false);
}

/** A change of a node's source, in a copy of the package, is built and loaded by the running n8n, as `npm run dev` does it. */
async function changesReachN8n(): Promise<void> {
	const copy = path.join(state, 'nodes-package');
	const left = /\/(?:dist|test|node_modules|\.turbo)$/;
	cpSync(NODES_PACKAGE, copy, { recursive: true, filter: (source) => !left.test(source) });
	symlinkSync(path.join(NODES_PACKAGE, 'node_modules'), path.join(copy, 'node_modules'));
	writeFileSync(path.join(copy, 'tsconfig.json'), '{}');
	const node = path.join(copy, 'nodes/InstagramInsightsTrigger/InstagramInsightsTrigger.node.ts');
	const text = readFileSync(node, 'utf8');
	const [, displayName = ''] = /displayName: '([^']+)'/.exec(text) ?? [];
	const n8n = createN8nApi(`http://127.0.0.1:${ports[0]}`);
	await n8n.logIn();
	const nodeInfos = [{ name: `${NODES_PACKAGE_NAME}.instagramInsightsTrigger`, version: 1 }];
	const shown = async () =>
		(await n8n.rest<{ displayName: string }[]>('POST', '/node-types', { nodeInfos }))[0]?.displayName;
	const stop = watchNodes(path.join(state, 'n8n'), copy);
	try {
		const built = path.join(state, 'n8n/.n8n/nodes/node_modules', NODES_PACKAGE_NAME, 'dist/nodes');
		const file = path.join(built, 'InstagramInsightsTrigger/InstagramInsightsTrigger.node.js');
		const before = statSync(file).mtimeMs;
		await until('the first build', () => statSync(file).mtimeMs > before);
		const changed = `${displayName} (changed)`;
		// While n8n loads the first build, it does not know the node.
		await until('the node as it is', async () => (await shown()) === displayName);
		const startedAt = performance.now();
		writeFileSync(node, text.replace(displayName, changed));
		await until('the change in n8n', async () => (await shown()) === changed);
		console.log(`A change of a node was in n8n after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
	} finally {
		await stop();
	}
}

describe('Ctrl-C in npm start', () => {
	test('ends it while the nodes are built', async () => {
		playground = open(BOOTSTRAP);
		await playground.says('Building and packing the nodes');
		await playground.runs(/turbo/);
		await endsWithCtrlC(playground);
	});

	test('ends it and n8n while n8n starts', async () => {
		playground = open(BOOTSTRAP);
		await playground.runs(/n8n start$/);
		await endsWithCtrlC(playground);
	});

	test('ends n8n, its task runner, the sandbox and the relay once all are running, after two interrupted starts', async () => {
		playground = open(NPM_START);
		await playground.says('Ctrl-C ends everything');
		await playground.runs(/task-runner/);
		for (const part of [/n8n start$/, /webhook-relay\/src\/main\.ts start$/]) {
			expect(stillRunning(playground.started).map(({ command }) => command)).toContainEqual(
				expect.stringMatching(part),
			);
		}
		expect(await Promise.all(ports.map(isTaken))).toEqual([true, true, true]);
		await changesReachN8n();
		await endsWithCtrlC(playground);
	});
});
