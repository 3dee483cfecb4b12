// `npm run release -- --dry-run`: everything of a release but the publishing, which .github/workflows/release.yml does.
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
const packed = path.join(root, '.local/release');

type Manifest = { readonly name: string; readonly private?: boolean; readonly [field: string]: unknown };

/** The packages that go to npm; `folder` is relative to the repository, with slashes. */
export function publishedPackages(): { folder: string; manifest: Manifest }[] {
	return globSync('{packages,apps}/*/package.json', { cwd: root })
		.map((file) => ({
			folder: path.posix.dirname(file),
			manifest: JSON.parse(readFileSync(path.join(root, file), 'utf8')),
		}))
		.filter(({ manifest }) => manifest.private !== true);
}

if (import.meta.main) {
	if (process.argv.slice(2).join(' ') !== '--dry-run') {
		fail(
			'Packages are published by GitHub Actions, which signs their provenance. Try npm run release -- --dry-run here.',
		);
	}
	run('Build', 'pnpm exec turbo run build --output-logs=errors-only');
	run('Check the packages', 'pnpm exec turbo run check-tarball lint scan --output-logs=errors-only');
	run('Check owner, workflow and changesets', 'pnpm exec vitest run --project scripts release/ready');
	rmSync(packed, { recursive: true, force: true });
	for (const { folder } of publishedPackages())
		run(`Pack ${folder}`, `pnpm --dir ${folder} pack --pack-destination ../../.local/release`);
	run('Plan', 'pnpm exec changeset status');
	await writeNotes();
	console.log('\nReady to release: nothing was published. What only the owner can do: docs/releasing.md');
}

/** The notes of every package whose changesets wait, in .local/release/notes. */
async function writeNotes(): Promise<void> {
	const { readChangesets } = await import('@changesets/read');
	const folder = path.join(packed, 'notes');
	mkdirSync(folder, { recursive: true });
	const changesets = await readChangesets(root);
	for (const { manifest } of publishedPackages()) {
		const own = changesets.filter(({ releases }) => releases.some(({ name }) => name === manifest.name));
		if (own.length === 0) continue;
		const file = path.join(folder, `${manifest.name.replace(/^@.*\//, '')}.md`);
		writeFileSync(file, `# ${manifest.name}\n\n${own.map(({ summary }) => summary).join('\n\n')}\n`);
		console.log(`Wrote ${path.relative(root, file)}`);
	}
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
