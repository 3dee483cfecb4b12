import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

const LOOK_EVERY_MS = 1_000;

/**
 * Run a command as if it had been typed here, pass signals on, and wait until it has ended by itself.
 *
 * @param {readonly string[]} command program and arguments
 * @param {NodeJS.ProcessEnv} env
 * @param {{ ownsTerminal: boolean }} options `ownsTerminal`: the terminal itself sends the command Ctrl-C, so it is not sent twice
 * @returns {Promise<number>} its exit code; 128 + the signal's number when a signal ended it
 */
export async function runInForeground([program = '', ...args], env, { ownsTerminal }) {
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
