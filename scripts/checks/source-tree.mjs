import { readdirSync } from 'node:fs';
import path from 'node:path';

/** What tools make, and what the machine keeps: not ours to judge. */
const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.turbo', '.local']);

/**
 * Every file and folder of the repository, as relative paths with slashes; what tools made is left out.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function sourceTree(root) {
	/** @param {string} folder @returns {string[]} */
	const walk = (folder) =>
		readdirSync(path.join(root, folder), { withFileTypes: true })
			.filter(({ name }) => !LEFT_OUT.has(name))
			.flatMap((entry) => {
				const relative = folder === '' ? entry.name : `${folder}/${entry.name}`;
				return entry.isDirectory() ? [relative, ...walk(relative)] : [relative];
			});
	return walk('');
}
