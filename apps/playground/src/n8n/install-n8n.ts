import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hashFiles } from '../../../../scripts/install/hash-files.mjs';
import { pnpmInstall } from '../../../../scripts/install/pnpm-install.mjs';
import { withLock } from '../../../../scripts/install/with-lock.mjs';
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
	const marker = path.join(N8N_FOLDER, 'installed.hash');
	const wanted = hashFiles(FILES.map((name) => path.join(PINNED, name)));
	const isThere = () => existsSync(marker) && readFileSync(marker, 'utf8') === wanted;
	if (!isThere()) {
		mkdirSync(N8N_FOLDER, { recursive: true });
		await withLock(`${N8N_FOLDER}.lock`, async () => {
			if (isThere()) return;
			for (const name of FILES) copyFileSync(path.join(PINNED, name), path.join(N8N_FOLDER, name));
			await pnpmInstall('Installing n8n (about 2 GB, once)', N8N_FOLDER, { env: process.env, limitMinutes: 25 });
			writeFileSync(marker, wanted);
		});
	}
	return path.join(N8N_FOLDER, 'node_modules/n8n/bin/n8n');
}
