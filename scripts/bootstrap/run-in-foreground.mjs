import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { onNpmGone } from './on-npm-gone.mjs';

/** @type {readonly NodeJS.Signals[]} */
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Run a command as if it had been typed here, pass signals on, and wait until it has ended by itself.
 *
 * @param {readonly string[]} command program and arguments
 * @param {NodeJS.ProcessEnv} env
 * @param {{ ownsTerminal: boolean }} options `ownsTerminal`: the terminal itself sends the command Ctrl-C, so it is not sent twice
 * @returns {Promise<number>} its exit code; 128 + the signal's number when a signal ended it
 */
export function runInForeground([program = '', ...args], env, { ownsTerminal }) {
	return new Promise((resolve) => {
		// The channel tells our own commands when this process dies without a word, so that nothing is left running.
		const stdio = ownsTerminal ? 'inherit' : /** @type {const} */ (['inherit', 'inherit', 'inherit', 'ipc']);
		const child = spawn(program, args, {
			env,
			stdio: /** @type {import('node:child_process').StdioOptions} */ (stdio),
		});
		for (const signal of PASSED_ON) {
			process.on(signal, () => {
				const sentByTerminal = ownsTerminal && signal === 'SIGINT' && process.stdin.isTTY;
				if (!sentByTerminal) child.kill(signal);
			});
		}
		onNpmGone(() => child.kill('SIGTERM'));
		child.once('error', (error) => {
			console.error(`${program} could not be started: ${error.message}`);
			resolve(127);
		});
		child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
	});
}
