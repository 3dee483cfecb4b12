// The step `words` of `npm test`: no text uses a phrase that docs/words.md rules out, and each name says something.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const TEXT = /\.(?:[cm]?[jt]s|md|html|css|sql|json|ya?ml)$/;
/** The vocabulary itself, quotes of other people's words, and what tools write. */
const LEFT_OUT =
	/^docs\/(?:words\.md|research\/)|(?:^|\/)(?:CHANGELOG\.md|pnpm-lock\.yaml)$|test\/fixtures\/|check-words\.test\.mjs$/;
const DRAWER = /(?:^|\/)(?:utils?|helpers?|common|misc|shared|lib)(?=[./]|$)/i;

if (import.meta.main) {
	const found = checkWords(path.join(import.meta.dirname, '../..'));
	console.log(found.join('\n'));
	process.exitCode = found.length === 0 ? 0 : 1;
}

/**
 * @param {string} root of the repository, a clone made by git
 * @returns {string[]} one line for each place that breaks a rule
 */
export function checkWords(root) {
	const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
	const files = list
		.toString()
		.split('\0')
		.filter((file) => file !== '' && existsSync(path.join(root, file)));
	const read = (/** @type {string} */ file) => readFileSync(path.join(root, file), 'utf8');
	const find = phraseFinder(read('docs/words.md'));
	const texts = files.filter((file) => TEXT.test(file) && !LEFT_OUT.test(file));
	return [
		...files.filter(isDrawer).map((file) => `${file}: name it after its one idea`),
		...texts.flatMap((file) => find(read(file)).map((phrase) => `${file}:${phrase}`)),
	];
}

/** @param {string} file also one in a folder whose name says nothing */
export function isDrawer(file) {
	return DRAWER.test(file);
}

/**
 * @param {string} page docs/words.md: the rows of its table "Not | But | Fine"
 * @returns {(text: string) => string[]} `line: phrase` for each phrase that stands in the text
 */
export function phraseFinder(page) {
	const rows = page.slice(page.indexOf('| Not | But | Fine |')).split('\n').slice(2);
	const anyOf = (/** @type {number} */ column) => {
		const cells = rows.map((row) => row.split('|')[column] ?? '');
		const phrases = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, phrase = '']) => phrase));
		return `\\b(?:${phrases.map((phrase) => phrase.replaceAll(' ', '\\s+').replaceAll('…', '\\w+')).join('|')})\\b`;
	};
	const pattern = new RegExp(`(${anyOf(3)})|${anyOf(1)}`, 'gi');
	return (text) =>
		[...text.matchAll(pattern)]
			.filter(([, fine]) => fine === undefined)
			.map(({ 0: phrase, index }) => {
				return `${text.slice(0, index).split('\n').length}: "${phrase.replaceAll(/\s+/g, ' ')}" (docs/words.md)`;
			});
}
