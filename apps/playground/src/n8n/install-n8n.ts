import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { installOnce } from '../../../../scripts/install/install.mjs';
import { N8N_FOLDER, ROOT } from '../folders.ts';

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
