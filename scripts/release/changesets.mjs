import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/** @typedef {{ file: string, bumps: Record<string, string>, summary: string }} Changeset */

/**
 * The changes that no release holds yet.
 *
 * @param {string} root the repository
 * @returns {Changeset[]} by file name
 */
export function readChangesets(root) {
	const folder = path.join(root, '.changeset');
	return readdirSync(folder)
		.filter((name) => name.endsWith('.md') && name !== 'README.md')
		.sort()
		.map((name) => {
			const [, head = '', ...rest] = readFileSync(path.join(folder, name), 'utf8').split(/^---$/m);
			return { file: `.changeset/${name}`, bumps: parse(head) ?? {}, summary: rest.join('---').trim() };
		});
}

/**
 * Changesets that stop a release. A private package beside a published one makes changesets refuse all of them.
 *
 * @param {readonly Changeset[]} changesets
 * @param {readonly string[]} published names of the packages that go to npm
 * @returns {string[]} one line for each fault
 */
export function checkChangesets(changesets, published) {
	return changesets.flatMap(({ file, bumps, summary }) => [
		...Object.keys(bumps)
			.filter((name) => !published.includes(name))
			.map((name) => `${file}: remove "${name}", which is not published`),
		...(Object.keys(bumps).length === 0 ? [`${file}: name the packages that change`] : []),
		...(summary === '' ? [`${file}: say what changes for users`] : []),
	]);
}

/**
 * What users of a package read about its next release.
 *
 * @param {readonly Changeset[]} changesets
 * @param {string} name of the package
 * @returns {string} Markdown; empty when nothing changes
 */
export function releaseNotes(changesets, name) {
	return changesets
		.filter(({ bumps }) => name in bumps)
		.map(({ summary }) => summary)
		.join('\n\n');
}
