import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sourceTree } from './source-tree.mjs';

const TEXT = /\.(?:[cm]?[jt]s|md|html|css|sql|json|ya?ml)$/;
/** The vocabulary itself, quotes of other people's words, and what tools write. */
const LEFT_OUT =
	/^docs\/(?:words\.md|research\/)|(?:^|\/)(?:CHANGELOG\.md|pnpm-lock\.yaml)$|test\/fixtures\/|check-words\.test\.mjs$/;

/**
 * Where a text uses a phrase that docs/words.md rules out.
 *
 * @param {string} root
 * @returns {string[]} one line for each place
 */
export function checkWords(root) {
	const find = phraseFinder(readFileSync(path.join(root, 'docs/words.md'), 'utf8'));
	return sourceTree(root)
		.filter((file) => TEXT.test(file) && !LEFT_OUT.test(file))
		.flatMap((file) => find(readFileSync(path.join(root, file), 'utf8')).map((found) => `${file}:${found}`));
}

/**
 * @param {string} page docs/words.md: the rows of its table "Not | But | Fine"
 * @returns {(text: string) => string[]} `line: phrase` for each phrase that stands in the text
 */
export function phraseFinder(page) {
	const rows = page.slice(page.indexOf('| Not | But | Fine |')).split('\n').slice(2);
	const column = (/** @type {number} */ index) =>
		rows.flatMap((row) => [...(row.split('|')[index] ?? '').matchAll(/`([^`]+)`/g)].map(([, phrase]) => phrase));
	const anyOf = (/** @type {(string | undefined)[]} */ phrases) =>
		`\\b(?:${phrases.map((phrase) => phrase?.replaceAll(' ', '\\s+').replaceAll('…', '\\w+')).join('|')})\\b`;
	const pattern = new RegExp(`(${anyOf(column(3))})|${anyOf(column(1))}`, 'gi');
	return (text) =>
		[...text.matchAll(pattern)]
			.filter(([, fine]) => fine === undefined)
			.map(
				({ 0: phrase, index }) =>
					`${text.slice(0, index).split('\n').length}: "${phrase.replaceAll(/\s+/g, ' ')}" (docs/words.md)`,
			);
}
