import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {{ name: string, version: string, private?: boolean, [field: string]: unknown }} Manifest
 * @typedef {{ folder: string, manifest: Manifest }} Package `folder` is relative to the repository, with slashes
 */

/**
 * The packages that go to npm.
 *
 * @param {string} root the repository
 * @returns {Package[]}
 */
export function publishedPackages(root) {
	return ['packages', 'apps']
		.flatMap((parent) => readdirSync(path.join(root, parent)).map((name) => `${parent}/${name}`))
		.filter((folder) => existsSync(path.join(root, folder, 'package.json')))
		.map((folder) => ({ folder, manifest: readManifest(path.join(root, folder)) }))
		.filter(({ manifest }) => manifest.private !== true);
}

/**
 * @param {string} folder
 * @returns {Manifest}
 */
export function readManifest(folder) {
	return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
}
