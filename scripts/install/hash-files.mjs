import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * One fingerprint of several files' contents and of the Node major that would use them: native modules belong to one major.
 *
 * @param {readonly string[]} files absolute paths, in a stable order
 * @returns {string} hexadecimal
 */
export function hashFiles(files) {
	const hash = createHash('sha256').update(process.versions.modules);
	for (const file of files) hash.update(readFileSync(file)).update('\0');
	return hash.digest('hex');
}
