// The promises about files that no linter makes: names that say something, and one idea a file. Prints what breaks them.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const EMPTY_NAMES = /(^|\/)(utils?|helpers?|common|misc|shared|lib)(\/|\.[a-z.]+$)/;
const SOURCES = /\.(ts|mts|mjs)$/;
const MAX_LINES = 300;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
	.split('\n')
	.filter((file) => file !== '');

const broken = files.flatMap((file) => {
	if (EMPTY_NAMES.test(file)) return [`${file}: a name that says nothing; name it after what it holds`];
	if (!SOURCES.test(file)) return [];
	const lines = readLines(file);
	return lines > MAX_LINES ? [`${file}: ${lines} lines; over ${MAX_LINES} there is a second idea in it`] : [];
});

for (const line of broken) console.log(line);
console.log(broken.length === 0 ? `${files.length} files keep the rules.` : `${broken.length} files break a rule.`);
process.exitCode = broken.length === 0 ? 0 : 1;

/** @param {string} file */
function readLines(file) {
	try {
		return readFileSync(file, 'utf8').split('\n').length;
	} catch {
		return 0; // Deleted, and not yet taken out of the index.
	}
}
