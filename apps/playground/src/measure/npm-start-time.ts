import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../folders.ts';
import { freePort } from '../n8n/free-port.ts';

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

/** As a person's shell has it: without the Node and pnpm that this script itself was given. */
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
