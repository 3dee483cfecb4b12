// Author and repository stand once, in the root's package.json. Write them everywhere else:
// npm run tool -- node scripts/release/owner.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sourceTree } from '../checks/source-tree.mjs';
import { publishedPackages, readManifest } from './published-packages.mjs';

/** Files that may link to the repository. */
const TEXT = /\.(?:md|ts|mts|json|yml)$/;
/** A link to a file of this repository: of another one nobody links to these folders on main. */
const LINK = /(?<=https:\/\/github\.com\/)[\w.-]+\/[\w.-]+(?=\/(?:blob|tree)\/main\/(?:packages|apps|docs)\b)/g;
/** The release workflow runs in this repository only, not in forks. */
const WORKFLOW_GUARD = /(?<=github\.repository == ')[^']*(?=')/g;

/**
 * Files that name another author or repository than the root's package.json.
 *
 * @param {string} root the repository
 * @returns {Map<string, string>} what each must hold, by relative path
 * @throws {Error} the root's package.json lacks the author or the repository
 */
export function filesToWrite(root) {
	const { author, repository } = readManifest(root);
	const url = /** @type {{ url?: string } | undefined} */ (repository)?.url ?? '';
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
	const wrong = sourceTree(root)
		.filter((file) => TEXT.test(file))
		.flatMap((file) => {
			const text = readFileSync(path.join(root, file), 'utf8');
			const wanted = manifests.get(file) ?? text.replace(LINK, slug).replace(WORKFLOW_GUARD, slug);
			return wanted === text ? [] : [/** @type {const} */ ([file, wanted])];
		});
	return new Map(wrong);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const root = fileURLToPath(new URL('../..', import.meta.url));
	for (const [file, text] of filesToWrite(root)) {
		writeFileSync(path.join(root, file), text);
		console.log(`Wrote ${file}`);
	}
}
