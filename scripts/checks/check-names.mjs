import { sourceTree } from './source-tree.mjs';

const DRAWERS = /^(?:utils?|helpers?|common|misc|shared|lib)$/i;

/**
 * Folders and files whose name says nothing of their one idea.
 *
 * @param {string} root
 * @returns {string[]} one line for each
 */
export function checkNames(root) {
	return sourceTree(root)
		.filter((file) => isDrawer(file))
		.map((file) => `${file}: name it after its one idea`);
}

/**
 * @param {string} file relative path of a file or folder
 * @returns {boolean}
 */
export function isDrawer(file) {
	const name = file.split('/').at(-1) ?? '';
	return DRAWERS.test(name.split('.')[0] ?? '');
}
