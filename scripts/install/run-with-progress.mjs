import { spawn } from 'node:child_process';

const KILL_AFTER_MS = 15_000;
const SHOW_EVERY_MS = process.stdout.isTTY ? 500 : 15_000;

/** The latest line of each command that runs now. */
const running = new Map();

/**
 * Run a long command without a terminal: its output is kept, and one line shows how far it and those beside it are. A signal ends
 * all of them, and then this process.
 *
 * The command and what it starts are a process group of their own, so that all of it can be ended.
 *
 * @param {string} label
 * @param {readonly string[]} command program and arguments
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, read?: (line: string) => string | undefined,
 *   words?: { good: string, bad: string } }} options `read` turns an output line into a few words for the progress line; `words`
 *   end that line
 * @returns {Promise<{ code: number, output: string }>} `code` is 0 when it succeeded
 */
export function runWithProgress(label, [program = '', ...args], options) {
	const { cwd, env, read = () => undefined, words = { good: 'done', bad: 'failed' } } = options;
	const startedAt = Date.now();
	const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
	let output = '';
	let rest = '';
	let latest = '';
	let isInterrupted = false;
	const line = (/** @type {string} */ state) =>
		`${label}${state && `: ${state}`} (${Math.round((Date.now() - startedAt) / 1000)} s)`;
	const timer = setInterval(() => show(label, line(latest)), SHOW_EVERY_MS);
	const interrupt = () => {
		isInterrupted = true;
		latest = 'ending';
		show(label, line(latest));
		endGroup(child);
	};
	const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
	for (const signal of signals) process.on(signal, interrupt);
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (chunk) => {
			output += chunk;
			const lines = (rest + chunk).split('\n');
			rest = lines.pop() ?? '';
			for (const one of lines) latest = read(one) ?? latest;
		});
	}
	show(label, process.stdout.isTTY ? line('') : `${label} ...`);
	return new Promise((resolve) => {
		const end = (/** @type {number} */ code, why = '') => {
			clearInterval(timer);
			for (const signal of signals) process.off(signal, interrupt);
			running.delete(label);
			show('', line(isInterrupted ? 'stopped' : code === 0 ? words.good : words.bad));
			if (!isInterrupted) resolve({ code, output: output + why });
			else if (running.size === 0) process.exit(130);
		};
		child.once('error', (error) => end(127, error.message));
		child.once('close', (code) => end(code ?? 1));
	});
}

/**
 * @param {string} label of a command that runs; empty for the last line of one that has ended
 * @param {string} line on a terminal in place of what was shown before
 */
function show(label, line) {
	if (label) running.set(label, line);
	if (!process.stdout.isTTY) return void process.stdout.write(`${line}\n`);
	const now = [...running.values()].join(', ').slice(0, (process.stdout.columns || 80) - 1);
	process.stdout.write(`\r\x1b[K${label ? '' : `${line}\n`}${now}`);
}

/**
 * Ask the group to end, and kill it when it does not.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
function endGroup(child) {
	const send = (/** @type {NodeJS.Signals} */ signal) => {
		try {
			process.kill(-(child.pid ?? 0), signal);
		} catch {
			child.kill(signal); // Its group has ended, or there are none on this system.
		}
	};
	send('SIGTERM');
	setTimeout(send, KILL_AFTER_MS, 'SIGKILL').unref();
}
