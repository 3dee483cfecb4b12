import { execFile } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { installOnce } from '../../../../scripts/install/install.mjs';
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
	await installOnce('Installing n8n (about 2 GB, once)', N8N_FOLDER, {
		marker: path.join(N8N_FOLDER, 'installed.hash'),
		files: FILES.map((name) => path.join(PINNED, name)),
		env: process.env,
		limitMinutes: 25,
		prepare() {
			for (const name of FILES) copyFileSync(path.join(PINNED, name), path.join(N8N_FOLDER, name));
		},
	});
	return path.join(N8N_FOLDER, 'node_modules/n8n/bin/n8n');
}

const run = promisify(execFile);

/** The package's name, and so the first half of its node types. */
export const NODES_PACKAGE_NAME = 'n8n-nodes-instagram-insights';

/** Editors write a file in several steps. */
const QUIET_MS = 100;

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
 * Build the nodes again whenever their sources or core's change, and put the result where a running n8n loads it anew
 * (`N8N_DEV_RELOAD=true`).
 *
 * @param userFolder as given to `placeNodes`
 * @returns stops it
 */
export function watchNodes(userFolder: string): () => Promise<void> {
	const target = path.join(userFolder, '.n8n/nodes/node_modules', NODES_PACKAGE_NAME, 'dist');
	const ownFolders = ['nodes', 'credentials', 'icons'].map((name) => path.join(NODES_PACKAGE, name));
	const tsdown = path.join(NODES_PACKAGE, 'node_modules/.bin/tsdown');
	let waiting: NodeJS.Timeout | undefined;
	let work = Promise.resolve();
	const rebuild = async () => {
		const startedAt = Date.now();
		try {
			await runOrTell('building the nodes', tsdown, [], NODES_PACKAGE);
			cpSync(path.join(NODES_PACKAGE, 'dist'), target, { recursive: true });
			console.log(`The nodes are rebuilt and in n8n (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
		} catch (error) {
			console.error(`The nodes in n8n stay as they were: ${error instanceof Error ? error.message : error}`);
		}
	};
	const watchers = [...ownFolders, path.join(ROOT, 'packages/core/src')].map((folder) =>
		watch(folder, { recursive: true }, () => {
			clearTimeout(waiting);
			waiting = setTimeout(() => {
				work = work.then(rebuild);
			}, QUIET_MS);
		}),
	);
	return async () => {
		for (const watcher of watchers) watcher.close();
		clearTimeout(waiting);
		await work;
	};
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
