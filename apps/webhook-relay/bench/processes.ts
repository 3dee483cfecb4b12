import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { LoadJob, LoadResult } from './load.ts';

/** The young generation as the package's own start script sets it. */
const NODE_OPTIONS = ['--max-semi-space-size=8', '--disable-warning=ExperimentalWarning'];
const FROM_SOURCES = '--conditions=@instagram-insights/source';
const running = new Set<ChildProcess>();

export type Server = { readonly url: string; readonly port: number; readonly pid: number; stop(): Promise<void> };

function start(
	file: string,
	args: readonly string[],
	environment: Readonly<Record<string, string>> = {},
): ChildProcess {
	const path = fileURLToPath(new URL(file, import.meta.url));
	const child = spawn(
		process.execPath,
		[...NODE_OPTIONS, ...(file.endsWith('.ts') ? [FROM_SOURCES] : []), path, ...args],
		{
			env: { PATH: process.env.PATH, ...environment },
			stdio: ['ignore', 'pipe', 'inherit'],
		},
	);
	running.add(child);
	child.once('exit', () => running.delete(child));
	child.stdout?.setEncoding('utf8');
	return child;
}

/** Start a server and wait until it says where it listens. */
export async function startServer(
	file: string,
	args: readonly string[] = [],
	environment: Readonly<Record<string, string>> = {},
): Promise<Server> {
	const child = start(file, args, environment);
	let text = '';
	// A plain loop would close the pipe at its end, and logging would fail from then on.
	for await (const chunk of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
		text += chunk;
		if (/"listening"/.test(text)) break;
	}
	child.stdout?.resume();
	const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(text) ?? [];
	if (url === undefined) throw new Error(`${file} did not start: ${text}`);
	return {
		url,
		port: Number(new URL(url).port),
		pid: child.pid ?? 0,
		async stop() {
			const gone = once(child, 'exit');
			child.kill('SIGTERM');
			await gone;
		},
	};
}

/** A process that computes and never waits. */
export function keepCoreBusy(): { stop(): Promise<void> } {
	const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
	running.add(child);
	return {
		async stop() {
			running.delete(child);
			const gone = once(child, 'exit');
			child.kill('SIGKILL');
			await gone;
		},
	};
}

/** Run the load to its end. */
export async function load(job: LoadJob): Promise<LoadResult> {
	const child = start('load.ts', [JSON.stringify(job)]);
	let text = '';
	child.stdout?.on('data', (chunk) => {
		text += chunk;
	});
	await once(child, 'close');
	return JSON.parse(text);
}

/** Resident memory of a process in MB. */
export function memoryOf(pid: number): number {
	const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
	return Number(kilobytes) / 1024;
}

/** End what is still there, by process id. */
export function stopAll(): void {
	for (const child of running) child.kill('SIGKILL');
}
