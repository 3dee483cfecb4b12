import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installOnce, SetupError } from '../install/install.mjs';
import { withLock } from '../install/with-lock.mjs';
import { bringTools } from './bring-tools.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LOOK_EVERY_MS = 1_000;

/** What each root command runs once Node, pnpm and the dependencies are there. */
const TASKS = {
	start: ['node', '--conditions=@instagram-insights/source', path.join(root, 'apps/playground/src/start.ts')],
	test: ['node', path.join(root, 'scripts/run-tests.ts')],
	release: ['pnpm', '--dir', root, 'run', 'check-release'],
	tool: [],
};

/**
 * Set up what is missing, then hand over to the command.
 *
 * @param {readonly string[]} argv `start`, `test`, `release` or `tool`, then the command's own arguments
 * @returns {Promise<void>} when the command has ended; its exit code is this process's
 */
export async function main([name = '', ...given]) {
	try {
		const task = TASKS[/** @type {keyof typeof TASKS} */ (name)];
		if (!task) throw new SetupError(`Unknown command "${name}": use one of ${Object.keys(TASKS).join(', ')}.`);
		const args = name === 'tool' && given[0] === '--' ? given.slice(1) : given;
		if (name === 'tool' && args.length === 0)
			throw new SetupError('Say which command to run: npm run tool -- pnpm exec vitest run --project core');

		// npm names itself in the environment of the scripts it runs.
		const [, npm = '10'] = /^npm\/(\d+)/.exec(process.env.npm_config_user_agent ?? '') ?? [];
		if (Number(npm) < 10)
			throw new SetupError(`npm ${npm} is too old for this project: run "npm install --global npm@11" and try again.`);
		const env = await withLock(root, async () => {
			const withTools = await bringTools(root);
			await installOnce('Installing the dependencies', root, {
				marker: path.join(root, '.local/workspace.hash'),
				files: [path.join(root, 'pnpm-lock.yaml')],
				env: withTools,
			});
			return withTools;
		});
		// A developer's tool owns the terminal and gets Ctrl-C from it; our own commands get it from us, even without a terminal.
		process.exitCode = await runInForeground([...task, ...args], env, { ownsTerminal: name === 'tool' });
	} catch (error) {
		if (!(error instanceof SetupError)) throw error;
		console.error(error.message);
		process.exitCode = 1;
	}
}

/**
 * Run a command as if it had been typed here, pass signals on, and wait until it has ended by itself.
 *
 * @param {readonly string[]} command program and arguments
 * @param {NodeJS.ProcessEnv} env
 * @param {{ ownsTerminal: boolean }} options `ownsTerminal`: the terminal itself sends the command Ctrl-C, so it is not sent twice
 * @returns {Promise<number>} its exit code; 128 + the signal's number when a signal ended it
 */
async function runInForeground([program = '', ...args], env, { ownsTerminal }) {
	// The channel shows our own commands when this process is killed, so that nothing keeps running.
	const child = spawn(program, args, {
		env,
		stdio: ['inherit', 'inherit', 'inherit', ownsTerminal ? 'ignore' : 'ipc'],
	});
	for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
		const sentByTerminal = ownsTerminal && signal === 'SIGINT' && process.stdin.isTTY;
		process.on(signal, () => sentByTerminal || child.kill(signal));
	}
	// Asked to end, npm and the shell between it and us do so at once, and we get no signal.
	const before = startedBy();
	const timer = setInterval(() => {
		if (startedBy() === before) return;
		clearInterval(timer);
		child.kill('SIGTERM');
	}, LOOK_EVERY_MS).unref();
	try {
		const [code, signal] = await once(child, 'exit');
		return code ?? 128 + constants.signals[/** @type {NodeJS.Signals} */ (signal)];
	} catch (error) {
		console.error(`${program} could not be started: ${error instanceof Error ? error.message : error}`);
		return 127;
	}
}

/** The process that started us, and when it is the shell of an npm script, npm; empty when npm did not start us. */
function startedBy() {
	if (process.env.npm_lifecycle_event === undefined) return '';
	try {
		const status = readFileSync(`/proc/${process.ppid}/status`, 'utf8');
		const [, npm] = /^Name:\t(?:ba|da|z|k|a)?sh$[\s\S]*^PPid:\t(\d+)/m.exec(status) ?? [];
		return `${process.ppid} ${npm}`;
	} catch {
		return `${process.ppid}`; // No Linux.
	}
}
