import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { installOnce } from '../../../../scripts/install/install.mjs';
import { withLock } from '../../../../scripts/install/with-lock.mjs';
import { N8N_FOLDER, NODES_PACKAGE, ROOT } from '../folders.ts';

const PINNED = path.join(ROOT, 'apps/playground/n8n');
const FILES = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'];

/**
 * Install n8n as its own lockfile pins it, unless it is there already. About three minutes the first time (its database
 * driver is compiled), seconds when pnpm has the packages.
 *
 * @returns the program to run with Node
 * @throws {SetupError} one sentence on why it cannot be installed
 */
export async function installN8n(): Promise<string> {
	mkdirSync(N8N_FOLDER, { recursive: true });
	await withLock(N8N_FOLDER, () =>
		installOnce('Installing n8n (about 2 GB, once)', N8N_FOLDER, {
			marker: path.join(N8N_FOLDER, 'installed.hash'),
			files: FILES.map((name) => path.join(PINNED, name)),
			env: process.env,
			prepare() {
				for (const name of FILES) copyFileSync(path.join(PINNED, name), path.join(N8N_FOLDER, name));
			},
		}),
	);
	return path.join(N8N_FOLDER, 'node_modules/n8n/bin/n8n');
}

const run = promisify(execFile);

/** The package's name, and so the first half of its node types. */
export const NODES_PACKAGE_NAME = 'n8n-nodes-instagram-insights';

/** Build the node package (from turbo's cache where nothing changed). */
export async function buildNodes(): Promise<void> {
	await runOrTell('building the node package', 'pnpm', [
		'exec',
		'turbo',
		'run',
		'build',
		`--filter=${NODES_PACKAGE_NAME}`,
		'--output-logs=errors-only',
	]);
}

/**
 * Put the packed tarball of the node package where n8n keeps its community packages, so that the node types carry the
 * package's name, as they do for everyone who installs it.
 *
 * The tarball is unpacked rather than installed through n8n: that would ask n8n's servers about the package.
 *
 * @param userFolder n8n's `N8N_USER_FOLDER`
 */
export async function placeNodes(userFolder: string): Promise<void> {
	const packed = mkdtempSync(path.join(tmpdir(), 'instagram-insights-pack-'));
	try {
		await runOrTell('packing the node package', 'pnpm', ['pack', '--pack-destination', packed], NODES_PACKAGE);
		const tarball = readdirSync(packed).find((name) => name.endsWith('.tgz'));
		if (tarball === undefined) throw new Error('pnpm pack wrote no tarball');
		const target = path.join(userFolder, '.n8n/nodes/node_modules', NODES_PACKAGE_NAME);
		rmSync(target, { recursive: true, force: true });
		mkdirSync(target, { recursive: true });
		const args = ['-xzf', path.join(packed, tarball), '--strip-components=1', '-C', target];
		await runOrTell('unpacking the node package', 'tar', args);
	} finally {
		rmSync(packed, { recursive: true, force: true });
	}
}

/**
 * Build the nodes again whenever their sources or core's change, straight to where a running n8n loads them again
 * (`N8N_DEV_RELOAD=true`). One process keeps what it has read, and builds only the files that a change concerns.
 *
 * @param userFolder as given to `placeNodes`
 * @param sources the node package; what it builds is shown in the terminal
 * @returns stops it
 */
export function watchNodes(userFolder: string, sources = NODES_PACKAGE): () => Promise<unknown> {
	const target = path.join(userFolder, '.n8n/nodes/node_modules', NODES_PACKAGE_NAME, 'dist');
	const tsdown = path.join(sources, 'node_modules/.bin/tsdown');
	const args = ['--watch', '--no-clean', '--out-dir', target];
	const child = spawn(tsdown, args, { cwd: sources, stdio: ['ignore', 'pipe', 'inherit'] });
	const ended = once(child, 'exit');
	const sayEnd = () => console.error('tsdown ended, so changes no longer reach n8n: start npm run dev again.');
	child.once('exit', sayEnd);
	// Only what it has built, not the settings of each file.
	createInterface(child.stdout).on('line', (line) => line.startsWith('✔') && console.log(line));
	return async () => child.off('exit', sayEnd).kill('SIGTERM') && (await ended);
}

async function runOrTell(what: string, program: string, args: readonly string[], cwd = ROOT): Promise<void> {
	try {
		await run(program, [...args], { cwd, maxBuffer: 32 * 1024 * 1024 });
	} catch (error) {
		const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
		throw new Error(`${what} failed:\n${`${stdout}${stderr}`.trim().split('\n').slice(-30).join('\n')}`, {
			cause: error,
		});
	}
}
