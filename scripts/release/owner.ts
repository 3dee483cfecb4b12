// Author and repository stand once, in the root's package.json. Write them everywhere else:
// npm run tool -- node scripts/release/owner.ts
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A link to a file of this repository: a link to these folders on main of another one is unlikely. */
const LINK = /(?<=https:\/\/github\.com\/)[\w.-]+\/[\w.-]+(?=\/(?:blob|tree)\/main\/(?:packages|apps|docs)\b)/g;
/** The release workflow runs in this repository only, not in forks. */
const WORKFLOW_GUARD = /(?<=github\.repository == ')[^']*(?=')/g;

type Manifest = { readonly name: string; readonly private?: boolean; readonly [field: string]: unknown };

/** The packages that go to npm; `folder` is relative to the repository, with slashes. */
export function publishedPackages(root: string): { folder: string; manifest: Manifest }[] {
	return globSync('{packages,apps}/*/package.json', { cwd: root })
		.map((file) => ({
			folder: path.posix.dirname(file),
			manifest: JSON.parse(readFileSync(path.join(root, file), 'utf8')),
		}))
		.filter(({ manifest }) => manifest.private !== true);
}

/**
 * Files that name another author or repository than the root's package.json.
 *
 * @returns what each must hold, by relative path
 * @throws {Error} the root's package.json lacks the author or the repository
 */
export function filesToWrite(root: string): Map<string, string> {
	const { author, repository } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
	const url: string = repository?.url ?? '';
	const [, slug] = url.match(/^git\+https:\/\/github\.com\/([\w.-]+\/[\w.-]+)\.git$/) ?? [];
	if (author === undefined || slug === undefined) {
		throw new Error(
			'package.json needs "author" and "repository": { "type": "git", "url": "git+https://github.com/<owner>/<name>.git" }',
		);
	}
	const manifests = new Map(
		publishedPackages(root).map(({ folder, manifest }) => {
			const homepage = `https://github.com/${slug}/tree/main/${folder}#readme`;
			const owned = { ...manifest, author, homepage, repository: { type: 'git', url, directory: folder } };
			return [`${folder}/package.json`, `${JSON.stringify(owned, null, '\t')}\n`];
		}),
	);
	const exclude = ['**/node_modules', '**/dist', '.git', '.local', '**/.turbo', 'scripts/test'];
	const wrong = globSync(['**/*.{md,ts,mts,json}', '.github/**/*.yml'], { cwd: root, exclude }).flatMap((file) => {
		const text = readFileSync(path.join(root, file), 'utf8');
		const wanted = manifests.get(file) ?? text.replace(LINK, slug).replace(WORKFLOW_GUARD, slug);
		return wanted === text ? [] : [[file, wanted] as const];
	});
	return new Map(wrong);
}

if (import.meta.main) {
	const root = path.join(import.meta.dirname, '../..');
	for (const [file, text] of filesToWrite(root)) {
		writeFileSync(path.join(root, file), text);
		console.log(`Wrote ${file}`);
	}
}
