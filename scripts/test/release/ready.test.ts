import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readChangesets } from '@changesets/read';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { filesToWrite, publishedPackages } from '../../release/owner.ts';

const root = path.join(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const NODES = 'packages/n8n-nodes-instagram-insights';

describe('the repository is ready for a release', () => {
	test('every file names the author and repository of package.json: scripts/release/owner.ts writes them', () => {
		expect([...filesToWrite(root).keys()]).toEqual([]);
	});

	test('every published package has its tarball checked', () => {
		const packages = publishedPackages(root);
		expect(packages.map(({ folder }) => folder).sort()).toEqual([
			'apps/webhook-relay',
			'packages/core',
			NODES,
			'packages/relay-otlp',
			'packages/relay-postgres',
		]);
		for (const { manifest } of packages) {
			expect(manifest.scripts).toMatchObject({
				'check-tarball': expect.stringMatching(/pnpm pack .* publint run --strict .* attw /),
			});
		}
	});

	// A private package beside a published one makes changesets refuse all of them.
	test('every changeset names published packages and says what changes for users', async () => {
		const published = publishedPackages(root).map(({ manifest }) => manifest.name);
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
		const published = steps.findIndex(({ with: inputs }) => inputs?.publish === 'npm run release');
		expect(tested).toBeGreaterThan(-1);
		expect(published).toBeGreaterThan(tested);
	});
});
