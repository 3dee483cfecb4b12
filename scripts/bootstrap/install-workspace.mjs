import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { hashFiles } from '../install/hash-files.mjs';
import { pnpmInstall } from '../install/pnpm-install.mjs';
import { withLock } from '../install/with-lock.mjs';

/**
 * Install the workspace's dependencies, if the lockfile or a manifest changed since the last time.
 *
 * @param {string} root the repository
 * @param {NodeJS.ProcessEnv} env with pnpm on the path
 */
export async function installWorkspace(root, env) {
	const marker = path.join(root, '.local/workspace.hash');
	if (isInstalled(root, marker)) return;
	await withLock(path.join(root, '.local/workspace.lock'), async () => {
		if (isInstalled(root, marker)) return;
		await pnpmInstall('Installing the dependencies', root, { env, limitMinutes: 15 });
		writeFileSync(marker, hashFiles(manifests(root)));
	});
}

/**
 * @param {string} root
 * @param {string} marker
 */
function isInstalled(root, marker) {
	return (
		existsSync(path.join(root, 'node_modules/.modules.yaml')) &&
		existsSync(marker) &&
		readFileSync(marker, 'utf8') === hashFiles(manifests(root))
	);
}

/** @param {string} root */
function manifests(root) {
	const packages = ['packages', 'apps'].flatMap((folder) =>
		readdirSync(path.join(root, folder)).map((name) => path.join(root, folder, name, 'package.json')),
	);
	const own = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml'].map((name) => path.join(root, name));
	return [...own, ...packages].filter((file) => existsSync(file));
}
