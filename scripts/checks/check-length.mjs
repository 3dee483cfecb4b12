import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sourceTree } from './source-tree.mjs';

const MAX_LINES = 300;

/** Code of the packages, apps and scripts. Tests may list as many cases as there are. */
const SOURCE = /^(?:packages|apps|scripts)\/(?!.*\/(?:test|bench)\/).*\.(?:ts|mts|mjs|cjs|js)$/;

/**
 * Sources that hold more than one idea, going by their length.
 *
 * @param {string} root
 * @returns {string[]} one line for each
 */
export function checkLength(root) {
	return sourceTree(root)
		.filter((file) => SOURCE.test(file))
		.map((file) => ({ file, lines: readFileSync(path.join(root, file), 'utf8').split('\n').length - 1 }))
		.filter(({ lines }) => lines > MAX_LINES)
		.map(({ file, lines }) => `${file}: ${lines} lines; look for the second idea (the most is ${MAX_LINES})`);
}
