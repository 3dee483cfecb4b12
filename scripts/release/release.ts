// `npm run release`: what the release workflow runs, and with --dry-run everything of it but the publishing.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { publishedPackages } from './owner.ts';

const root = path.join(import.meta.dirname, '../..');
const packed = path.join(root, '.local/release');

const given = process.argv.slice(2);
const isDryRun = given[0] === '--dry-run';
if (given.length > Number(isDryRun)) fail(`Unknown argument "${given.at(-1)}": the only one is --dry-run.`);
if (!isDryRun && process.env.GITHUB_ACTIONS !== 'true') {
	fail(
		'Packages are published by GitHub Actions, which signs their provenance. Try npm run release -- --dry-run here.',
	);
}

run('Build', 'pnpm exec turbo run build --output-logs=errors-only');
run('Check the packages', 'pnpm exec turbo run check-tarball lint scan --output-logs=errors-only');
run('Check owner, workflow and changesets', 'pnpm exec vitest run --project scripts release/ready');
if (isDryRun) {
	rmSync(packed, { recursive: true, force: true });
	for (const { folder } of publishedPackages(root))
		run(`Pack ${folder}`, `pnpm --dir ${folder} pack --pack-destination ../../.local/release`);
	run('Plan', 'pnpm exec changeset status');
	await writeNotes();
} else {
	// Skips what npm already has.
	run('Publish', 'pnpm --recursive publish --access public --provenance --no-git-checks');
	run('Tag', 'pnpm exec changeset git-tag');
	run('Push the tags', 'git push --tags');
}

/** The notes of every package whose changesets wait, in .local/release/notes. */
async function writeNotes(): Promise<void> {
	const { readChangesets } = await import('@changesets/read');
	const folder = path.join(packed, 'notes');
	mkdirSync(folder, { recursive: true });
	const changesets = await readChangesets(root);
	for (const { manifest } of publishedPackages(root)) {
		const own = changesets.filter(({ releases }) => releases.some(({ name }) => name === manifest.name));
		if (own.length === 0) continue;
		const file = path.join(folder, `${manifest.name.replace(/^@.*\//, '')}.md`);
		writeFileSync(file, `# ${manifest.name}\n\n${own.map(({ summary }) => summary).join('\n\n')}\n`);
		console.log(`Wrote ${path.relative(root, file)}`);
	}
	console.log('\nReady to release: nothing was published. What only the owner can do: docs/releasing.md');
}

function run(what: string, command: string): void {
	console.log(`\n${what}`);
	const [program = '', ...args] = command.split(' ');
	try {
		execFileSync(program, args, { cwd: root, stdio: 'inherit' });
	} catch {
		fail(`${what} failed: see above. Nothing after it was done.`);
	}
}

function fail(why: string): never {
	console.error(why);
	process.exit(1);
}
