import { spawn } from 'node:child_process';
import { openProgress } from './progress.mjs';

const MERCY_MS = 15_000;

/**
 * Run a long command without a terminal: its output is kept, and one line tells how far it is.
 *
 * The command and what it starts are a process group of their own, so that all of it can be ended.
 *
 * @param {string} label
 * @param {readonly string[]} command program and arguments
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, limitMinutes: number, read?: (line: string) => string | undefined,
 *   giveUp?: (line: string) => boolean, words?: { good: string, bad: string } }} options `read` turns an output line into a few
 *   words for the progress line; `giveUp` says after which line there is no hope; `words` end the progress line
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>} `code` is 0 when it succeeded
 */
export function runWithProgress(label, [program = '', ...args], options) {
	const { cwd, env, limitMinutes, read = () => undefined, giveUp = () => false, words = WORDS } = options;
	return new Promise((resolve) => {
		const progress = openProgress(label);
		let output = '';
		let rest = '';
		let timedOut = false;
		const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
		const limit = setTimeout(() => {
			timedOut = true;
			endGroup(child);
		}, limitMinutes * 60_000);
		const interrupted = () => {
			console.log('\nEnding what was started ...');
			endGroup(child);
			child.once('exit', () => process.exit(130));
		};
		for (const signal of SIGNALS) process.once(signal, interrupted);

		const hear = (/** @type {string} */ chunk) => {
			output += chunk;
			const lines = (rest + chunk).split('\n');
			rest = lines.pop() ?? '';
			for (const line of lines) {
				const reported = read(line);
				if (reported) progress.tell(reported);
				if (giveUp(line)) endGroup(child);
			}
		};
		child.stdout.setEncoding('utf8').on('data', hear);
		child.stderr.setEncoding('utf8').on('data', hear);

		const end = (/** @type {number} */ code) => {
			clearTimeout(limit);
			for (const signal of SIGNALS) process.off(signal, interrupted);
			progress.end(code === 0 ? words.good : words.bad);
			resolve({ code, output, timedOut });
		};
		child.once('error', (error) => {
			output += error.message;
			end(127);
		});
		child.once('close', (code) => end(code ?? 1));
	});
}

const WORDS = { good: 'done', bad: 'failed' };

/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Ask the group to end, and end it for good when it does not.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
function endGroup(child) {
	send('SIGTERM');
	setTimeout(() => send('SIGKILL'), MERCY_MS).unref();

	/** @param {NodeJS.Signals} signal */
	function send(signal) {
		if (child.pid === undefined) return;
		try {
			process.kill(-child.pid, signal);
		} catch {
			child.kill(signal);
		}
	}
}
