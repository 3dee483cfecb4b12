import { spawn } from 'node:child_process';

const KILL_AFTER_MS = 15_000;
const PLAIN_EVERY_MS = 15_000;
const TERMINAL_EVERY_MS = 500;

/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** @typedef {{ child: import('node:child_process').ChildProcess, label: string, words: string, startedAt: number }} Run */

/** @type {Set<Run>} */
const running = new Set();
/** @type {NodeJS.Timeout | undefined} */
let timer;
let isInterrupted = false;

/**
 * Run a long command without a terminal: its output is kept, and one line shows how far it and those beside it are. A signal ends
 * all of them, and then this process.
 *
 * The command and what it starts are a process group of their own, so that all of it can be ended.
 *
 * @param {string} label
 * @param {readonly string[]} command program and arguments
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, limitMinutes: number, read?: (line: string) => string | undefined,
 *   words?: { good: string, bad: string } }} options `read` turns an output line into a few words for the progress line; `words`
 *   end that line
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>} `code` is 0 when it succeeded
 */
export function runWithProgress(label, [program = '', ...args], options) {
	const { cwd, env, limitMinutes, read = () => undefined, words = { good: 'done', bad: 'failed' } } = options;
	return new Promise((resolve) => {
		const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
		const run = begin({ child, label, words: '', startedAt: Date.now() });
		let output = '';
		let rest = '';
		let timedOut = false;
		const limit = setTimeout(() => {
			timedOut = true;
			endGroup(child);
		}, limitMinutes * 60_000);
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding('utf8').on('data', (chunk) => {
				output += chunk;
				const lines = (rest + chunk).split('\n');
				rest = lines.pop() ?? '';
				for (const line of lines) run.words = read(line) ?? run.words;
			});
		}
		const end = (/** @type {number} */ code, why = '') => {
			clearTimeout(limit);
			finish(run, isInterrupted ? 'stopped' : code === 0 ? words.good : words.bad);
			resolve({ code, output: output + why, timedOut });
		};
		child.once('error', (error) => end(127, error.message));
		child.once('close', (code) => end(code ?? 1));
	});
}

/** @param {Run} run */
function begin(run) {
	if (running.size === 0) {
		for (const signal of SIGNALS) process.on(signal, interrupt);
		timer = setInterval(() => show([...running]), process.stdout.isTTY ? TERMINAL_EVERY_MS : PLAIN_EVERY_MS);
	}
	running.add(run);
	if (!process.stdout.isTTY) process.stdout.write(`${run.label} ...\n`);
	return run;
}

/**
 * @param {Run} run
 * @param {string} words
 */
function finish(run, words) {
	if (!running.delete(run)) return;
	run.words = words;
	show([run]);
	if (process.stdout.isTTY) process.stdout.write('\n');
	if (running.size > 0) return;
	clearInterval(timer);
	for (const signal of SIGNALS) process.off(signal, interrupt);
	if (isInterrupted) process.exit(130);
}

/** @param {readonly Run[]} runs on a terminal in place of what was shown before */
function show(runs) {
	const { isTTY, columns } = process.stdout;
	const parts = runs.map(({ label, words, startedAt }) => {
		return `${label}${words && `: ${words}`} (${Math.round((Date.now() - startedAt) / 1000)} s)`;
	});
	if (isTTY) process.stdout.write(`\r\x1b[K${parts.join(', ').slice(0, (columns || 80) - 1)}`);
	else process.stdout.write(`${parts.join(', ')}\n`);
}

function interrupt() {
	isInterrupted = true;
	console.log('\nEnding what was started ...');
	for (const { child } of running) endGroup(child);
}

/**
 * Ask the group to end, and kill it when it does not.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
function endGroup(child) {
	send('SIGTERM');
	setTimeout(() => send('SIGKILL'), KILL_AFTER_MS).unref();

	/** @param {NodeJS.Signals} signal */
	function send(signal) {
		try {
			if (child.pid !== undefined) process.kill(-child.pid, signal);
		} catch {
			child.kill(signal);
		}
	}
}
