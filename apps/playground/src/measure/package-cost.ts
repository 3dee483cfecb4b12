import { execFileSync, spawn } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../folders.ts';
import { freePort } from '../n8n/free-port.ts';
import { NODES_PACKAGE_NAME, placeNodes } from '../n8n/install-n8n.ts';
import { startN8n } from '../n8n/start-n8n.ts';

type BundleSize = { readonly file: string; readonly bytes: number; readonly gzipBytes: number };

/** Size of each built node and credential file, as published and as the registry sends it. */
export function bundleSizes(packageFolder: string): BundleSize[] {
	return globSync('dist/**/*.{node,credentials}.js', { cwd: packageFolder })
		.sort()
		.map((file) => {
			const full = path.join(packageFolder, file);
			return { file, bytes: statSync(full).size, gzipBytes: gzipSync(readFileSync(full)).length };
		});
}

const LOAD_TIMES = 15;

/**
 * How long n8n needs to load all files of the installed package: each run is a fresh process on n8n's own module path, in which
 * what n8n has loaded anyway (n8n-workflow, zod) is loaded before the clock starts.
 *
 * @returns the median of several runs, in milliseconds
 */
export function packageLoadMs(program: string, userFolder: string): number {
	const installed = path.join(userFolder, '.n8n/nodes/node_modules', NODES_PACKAGE_NAME);
	const files = globSync('dist/**/*.{node,credentials}.js', { cwd: installed }).map((file) =>
		path.join(installed, file),
	);
	const modules = path.join(realpathSync(program), '../../..');
	const script = `
		require('n8n-workflow'); require('zod/v4');
		const startedAt = performance.now();
		for (const file of ${JSON.stringify(files)}) require(file);
		console.log(performance.now() - startedAt);`;
	const env = { ...process.env, NODE_PATH: [path.join(modules, 'n8n/node_modules'), modules].join(path.delimiter) };
	const runs = Array.from({ length: LOAD_TIMES }, () =>
		Number(execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8' })),
	);
	return median(runs);
}

const START_TIMES = 5;

export type N8nStart = {
	/** until its editor answers */
	readonly ms: number;
	/** processor time of n8n's main process until then: other programs on the machine hardly change it */
	readonly processorMs: number;
	/** resident memory of n8n's main process just then */
	readonly megabytes: number;
};

/**
 * What n8n's start costs with the package installed and without, in turns on one migrated database.
 *
 * @returns medians; `added` are those of the differences within each pair
 */
export async function n8nStarts(program: string): Promise<{ with: N8nStart; without: N8nStart; added: N8nStart }> {
	const userFolder = mkdtempSync(path.join(tmpdir(), 'instagram-insights-measure-'));
	const installed = path.join(userFolder, '.n8n/nodes/node_modules', NODES_PACKAGE_NAME);
	const start = async (): Promise<N8nStart> => {
		const startedAt = performance.now();
		const n8n = await startN8n({ program, userFolder, port: await freePort() });
		const ms = performance.now() - startedAt;
		const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${n8n.pid}/status`, 'utf8')) ?? [];
		const processorMs = processorTimeMs(n8n.pid);
		await n8n.stop();
		return { ms, processorMs, megabytes: Number(kilobytes) / 1024 };
	};
	try {
		await start(); // Migrates the database.
		const runs: { with: N8nStart; without: N8nStart }[] = [];
		for (let round = 0; round < START_TIMES; round++) {
			rmSync(installed, { recursive: true, force: true });
			const without = await start();
			await placeNodes(userFolder);
			runs.push({ with: await start(), without });
		}
		const middle = (of: (run: (typeof runs)[number], part: keyof N8nStart) => number): N8nStart => ({
			ms: median(runs.map((run) => of(run, 'ms'))),
			processorMs: median(runs.map((run) => of(run, 'processorMs'))),
			megabytes: median(runs.map((run) => of(run, 'megabytes'))),
		});
		return {
			with: middle((run, part) => run.with[part]),
			without: middle((run, part) => run.without[part]),
			added: middle((run, part) => run.with[part] - run.without[part]),
		};
	} finally {
		rmSync(userFolder, { recursive: true, force: true });
	}
}

/** Linux counts in hundredths of a second: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, fields 14 and 15. */
function processorTimeMs(pid: number): number {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[11]) + Number(fields[12])) * 10;
}

/** The middle one of some numbers; of an even count, the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
	const sorted = [...numbers].sort((a, b) => a - b);
	const half = Math.floor(sorted.length / 2);
	const [low = Number.NaN, high = Number.NaN] =
		sorted.length % 2 === 1 ? [sorted[half], sorted[half]] : sorted.slice(half - 1);
	return (low + high) / 2;
}

const LIMIT_MS = 20 * 60_000;

/**
 * Clone the repository as committed and time `npm start` in it until it says that n8n is ready.
 *
 * @param folder is created; holds the clone, and an npm cache and a pnpm store of its own, both empty at first
 * @returns seconds of the first start (everything is fetched and compiled) and of two more
 */
export async function npmStartSeconds(folder: string): Promise<number[]> {
	const clone = path.join(folder, 'clone');
	mkdirSync(folder, { recursive: true });
	execFileSync('git', ['clone', '--quiet', ROOT, clone]);
	const env = {
		...withoutTools(process.env),
		XDG_DATA_HOME: path.join(folder, 'data'),
		XDG_CACHE_HOME: path.join(folder, 'cache'),
		npm_config_cache: path.join(folder, 'npm'),
		SANDBOX_PORT: String(await freePort()),
		RELAY_PORT: String(await freePort()),
	};
	const seconds: number[] = [];
	for (let start = 0; start < 3; start++) seconds.push(await oneStart(clone, env));
	return seconds;
}

/** As in a user's shell: without the Node and pnpm that this script itself was given. */
function withoutTools(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const own = Object.entries(env).filter(([name]) => !name.toLowerCase().startsWith('npm_') && name !== 'CI');
	const folders = (env.PATH ?? '').split(path.delimiter).filter((one) => !one.startsWith(path.join(ROOT, '.local')));
	return { ...Object.fromEntries(own), PATH: folders.join(path.delimiter) };
}

async function oneStart(cwd: string, env: NodeJS.ProcessEnv): Promise<number> {
	const port = await freePort();
	const startedAt = performance.now();
	const child = spawn('npm', ['start', '--', '--port', String(port)], {
		cwd,
		env,
		detached: true,
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const ended = new Promise<never>((_, reject) => {
		child.once('exit', (code) => reject(new Error(`npm start ended with code ${code}`)));
	});
	ended.catch(() => {});
	const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGINT'), LIMIT_MS);
	const ready = new Promise<number>((resolve) => {
		let text = '';
		child.stdout.on('data', (chunk) => {
			text += chunk;
			if (text.includes('n8n is ready after')) resolve((performance.now() - startedAt) / 1000);
		});
	});
	try {
		return await Promise.race([ready, ended]);
	} finally {
		clearTimeout(timer);
		if (child.exitCode === null) {
			process.kill(-(child.pid ?? 0), 'SIGINT');
			await ended.catch(() => {});
		}
	}
}
