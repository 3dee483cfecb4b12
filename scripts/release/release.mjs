// `npm run release`: what the release workflow runs, and with --dry-run everything of it but the publishing.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readChangesets, releaseNotes } from './changesets.mjs';
import { publishedPackages } from './published-packages.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const NODES = 'n8n-nodes-instagram-insights';

const given = process.argv.slice(2);
const isDryRun = given[0] === '--dry-run';
if (given.length > Number(isDryRun)) fail(`Unknown argument "${given.at(-1)}": the only one is --dry-run.`);
if (!isDryRun && process.env.GITHUB_ACTIONS !== 'true') {
	fail(
		'Packages are published by GitHub Actions, which signs their provenance. Try npm run release -- --dry-run here.',
	);
}

run('Build', ['pnpm', 'exec', 'turbo', 'run', 'build', '--output-logs=errors-only']);
run('Pack and check', ['node', 'scripts/release/check-release.mjs']);
run("n8n's linter", ['pnpm', '--filter', NODES, 'run', 'lint']);
run("n8n's scanner", ['pnpm', '--filter', NODES, 'run', 'scan']);
if (isDryRun) {
	run('Plan', ['pnpm', 'exec', 'changeset', 'status']);
	writeNotes();
} else {
	// Skips what npm already has.
	const options = ['--access', 'public', '--provenance', '--no-git-checks'];
	run('Publish', ['pnpm', '--recursive', 'publish', ...options]);
	run('Tag', ['pnpm', 'exec', 'changeset', 'git-tag']);
	run('Push the tags', ['git', 'push', '--tags']);
}

/** The notes of every package whose changesets wait, in .local/release/notes. */
function writeNotes() {
	const folder = path.join(root, '.local/release/notes');
	mkdirSync(folder, { recursive: true });
	const changesets = readChangesets(root);
	for (const { manifest } of publishedPackages(root)) {
		const notes = releaseNotes(changesets, manifest.name);
		if (notes === '') continue;
		const file = path.join(folder, `${manifest.name.replace(/^@.*\//, '')}.md`);
		writeFileSync(file, `# ${manifest.name}\n\n${notes}\n`);
		console.log(`Wrote ${path.relative(root, file)}`);
	}
	console.log('\nReady to release: nothing was published. What only the owner can do: docs/releasing.md');
}

/**
 * @param {string} what
 * @param {readonly string[]} command
 */
function run(what, [program = '', ...args]) {
	console.log(`\n${what}`);
	try {
		execFileSync(program, args, { cwd: root, stdio: 'inherit' });
	} catch {
		fail(`${what} failed: see above. Nothing after it was done.`);
	}
}

/**
 * @param {string} why
 * @returns {never}
 */
function fail(why) {
	console.error(why);
	process.exit(1);
}
