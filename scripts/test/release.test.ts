import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readChangesets } from '@changesets/read';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const NODES = 'packages/n8n-nodes-instagram-insights';

/** The packages that go to npm. */
const PUBLISHED = globSync('{packages,apps}/*/package.json', { cwd: root })
	.map((file) => ({ folder: path.posix.dirname(file), manifest: JSON.parse(read(file)) }))
	.filter(({ manifest }) => manifest.private !== true);

/** `owner/name` on GitHub, from the root's package.json. */
const { author, repository } = JSON.parse(read('package.json'));
const [, slug = ''] = /^git\+https:\/\/github\.com\/([\w.-]+\/[\w.-]+)\.git$/.exec(repository.url) ?? [];
/** Links to files of this repository, and the guard that lets the release workflow run in it only. */
const OWNED =
	/(?<=https:\/\/github\.com\/)[\w.-]+\/[\w.-]+(?=\/(?:blob|tree)\/main\/(?:packages|apps|docs)\b)|(?<=github\.repository == ')[^']*/g;

describe('the repository is ready for a release', () => {
	test('every published package names the author and repository of package.json', () => {
		for (const { folder, manifest } of PUBLISHED) {
			expect(manifest).toMatchObject({
				author,
				homepage: `https://github.com/${slug}/tree/main/${folder}#readme`,
				repository: { type: 'git', url: repository.url, directory: folder },
			});
		}
	});

	test('every link to a file of this repository, and the release workflow, name the repository of package.json', () => {
		const exclude = ['**/node_modules', '**/dist', '.git', '.local', '**/.turbo', 'scripts/test'];
		const files = globSync(['**/*.{md,ts,mts,json}', '.github/**/*.yml'], { cwd: root, exclude });
		const named = files.flatMap((file) => [...read(file).matchAll(OWNED)].map(([name]) => `${file}: ${name}`));
		expect(named.length).toBeGreaterThan(5);
		expect(named.filter((one) => !one.endsWith(`: ${slug}`))).toEqual([]);
	});

	test('every published package has its tarball checked', () => {
		expect(PUBLISHED.map(({ folder }) => folder).sort()).toEqual([
			'apps/webhook-relay',
			'packages/core',
			NODES,
			'packages/relay-otlp',
			'packages/relay-postgres',
		]);
		for (const { manifest } of PUBLISHED) {
			expect(manifest.scripts).toMatchObject({
				'check-tarball': expect.stringMatching(/pnpm pack .* publint run --strict .* attw /),
			});
		}
	});

	// A private package beside a published one makes changesets refuse all of them.
	test('every changeset names published packages and says what changes for users', async () => {
		const published = PUBLISHED.map(({ manifest }) => manifest.name);
		const changesets = await readChangesets(root);
		const faulty = changesets.filter(
			({ releases, summary }) =>
				summary === '' || releases.length === 0 || !releases.every(({ name }) => published.includes(name)),
		);
		expect(faulty.map(({ id }) => id)).toEqual([]);
	});

	test("the files that docs/releasing.md attaches to n8n's form exist", () => {
		const named = [...read('docs/releasing.md').matchAll(/`([\w-]+\.(json|png))`/g)];
		const files = named
			.filter(([, name]) => name !== 'package.json')
			.map(([, name, kind]) => (kind === 'png' ? `docs/images/${name}` : `${NODES}/examples/${name}`));
		expect(files.length).toBeGreaterThan(5);
		expect(files.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
	});
});

// n8n verifies packages that GitHub Actions published with provenance.
describe('npm run release', () => {
	test('packs every published package, and publishes none', () => {
		const { scripts } = JSON.parse(read('package.json'));
		const filters = [...scripts['pack-packages'].matchAll(/--filter '?([^ ']+)/g)].map(([, filter = '']) => filter);
		const packed = PUBLISHED.filter(({ folder, manifest }) =>
			filters.some(
				(filter) => filter === manifest.name || (filter === './packages/*' && folder.startsWith('packages/')),
			),
		);
		expect(packed).toEqual(PUBLISHED);
		expect(scripts['check-release']).toContain(' pnpm run pack-packages ');
		expect(scripts['check-release']).not.toContain('publish');
	});
});

describe('the release workflow', () => {
	const { on, permissions, jobs } = parse(read('.github/workflows/release.yml'));
	const steps: { run?: string; with?: { publish?: string } }[] = jobs.release.steps;

	test('runs for pushes to main only', () => {
		expect(on).toEqual({ push: { branches: ['main'] } });
		expect(Object.keys(jobs)).toEqual(['release']);
	});

	test('may do what a release needs, and no more', () => {
		expect(permissions).toEqual({ contents: 'read' });
		expect(jobs.release.permissions).toEqual({ contents: 'write', 'pull-requests': 'write', 'id-token': 'write' });
	});

	test('runs on a machine of GitHub, where npm signs provenance', () => {
		expect(jobs.release['runs-on']).toMatch(/^ubuntu-/);
	});

	test('tests everything before it publishes', () => {
		const tested = steps.findIndex(({ run }) => run === 'npm test');
		const published = steps.findIndex(
			({ with: inputs }) => inputs?.publish === 'npm run tool -- pnpm run publish-packages',
		);
		expect(tested).toBeGreaterThan(-1);
		expect(published).toBeGreaterThan(tested);
	});

	test('publishes with provenance, then tags what it published', () => {
		const [publish, tag, push] = JSON.parse(read('package.json')).scripts['publish-packages'].split(' && ');
		expect(publish).toMatch(/^pnpm --recursive publish .*--provenance\b/);
		expect([tag, push]).toEqual(['changeset git-tag', 'git push --tags']);
	});
});
