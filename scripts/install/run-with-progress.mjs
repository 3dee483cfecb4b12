import { spawn } from 'node:child_process';
import { openProgress } from './progress.mjs';

/**
 * Run a long command without a terminal: its output is kept, and one line tells how far it is.
 *
 * @param {string} label
 * @param {readonly string[]} command program and arguments
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, limitMinutes: number, read?: (line: string) => string | undefined,
 *   giveUp?: (line: string) => boolean }} options `read` turns an output line into a few words for the progress line; `giveUp` says
 *   after which line there is no hope
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>} `code` is 0 when it succeeded
 */
export function runWithProgress(label, [program = '', ...args], options) {
	const { cwd, env, limitMinutes, read = () => undefined, giveUp = () => false } = options;
	return new Promise((resolve) => {
		const progress = openProgress(label);
		let output = '';
		let rest = '';
		let timedOut = false;
		const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
		const limit = setTimeout(() => {
			timedOut = true;
			child.kill('SIGKILL');
		}, limitMinutes * 60_000);
		const forward = (/** @type {NodeJS.Signals} */ signal) => {
			child.kill(signal);
			process.exit(130);
		};
		process.once('SIGINT', forward);
		process.once('SIGTERM', forward);

		const hear = (/** @type {Buffer} */ chunk) => {
			output += chunk;
			const lines = (rest + chunk).split('\n');
			rest = lines.pop() ?? '';
			for (const line of lines) {
				const words = read(line);
				if (words) progress.tell(words);
				if (giveUp(line)) child.kill('SIGKILL');
			}
		};
		child.stdout.on('data', hear);
		child.stderr.on('data', hear);

		const end = (/** @type {number} */ code) => {
			clearTimeout(limit);
			process.off('SIGINT', forward);
			process.off('SIGTERM', forward);
			progress.end(code === 0 ? 'done' : 'failed');
			resolve({ code, output, timedOut });
		};
		child.once('error', (error) => {
			output += error.message;
			end(127);
		});
		child.once('close', (code) => end(code ?? 1));
	});
}
