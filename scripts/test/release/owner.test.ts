import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { filesToWrite } from '../../release/owner.ts';

const AUTHOR = { name: 'Ada', email: 'ada@example.com' };
const REPOSITORY = { type: 'git', url: 'git+https://github.com/ada/insights.git' };

let root: string;
beforeEach(() => {
	root = mkdtempSync(path.join(tmpdir(), 'owner-'));
	mkdirSync(path.join(root, 'apps'));
	write('package.json', { name: 'root', private: true, author: AUTHOR, repository: REPOSITORY });
	write('packages/core/package.json', { name: 'core', author: { name: 'Before' }, license: 'MIT' });
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, content: object | string) {
	mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
	writeFileSync(
		path.join(root, file),
		typeof content === 'string' ? content : `${JSON.stringify(content, null, '\t')}\n`,
	);
}

function apply() {
	for (const [file, text] of filesToWrite(root)) write(file, text);
}

describe('filesToWrite', () => {
	test('gives a published package the author, the repository and its own page', () => {
		expect(JSON.parse(filesToWrite(root).get('packages/core/package.json') ?? '')).toEqual({
			name: 'core',
			license: 'MIT',
			author: AUTHOR,
			homepage: 'https://github.com/ada/insights/tree/main/packages/core#readme',
			repository: { ...REPOSITORY, directory: 'packages/core' },
		});
	});

	test('leaves private packages alone', () => {
		write('apps/sandbox/package.json', { name: 'sandbox', private: true });
		expect(filesToWrite(root).has('apps/sandbox/package.json')).toBe(false);
	});

	test('moves links to its own files, and no others', () => {
		const link = (slug: string) => `https://github.com/${slug}/blob/main/docs/metrics.md`;
		write('README.md', `${link('old/insights')} https://github.com/n8n-io/n8n/blob/master/README.md`);
		expect(filesToWrite(root).get('README.md')).toBe(
			`${link('ada/insights')} https://github.com/n8n-io/n8n/blob/master/README.md`,
		);
	});

	test('lets the release workflow run in the new repository', () => {
		write('.github/workflows/release.yml', "if: github.repository == 'old/insights'\n");
		expect(filesToWrite(root).get('.github/workflows/release.yml')).toBe("if: github.repository == 'ada/insights'\n");
	});

	test('finds nothing to do after it was done', () => {
		apply();
		expect(filesToWrite(root).size).toBe(0);
	});

	test.each([
		{ author: AUTHOR },
		{ repository: REPOSITORY },
		{ author: AUTHOR, repository: { type: 'git', url: 'https://example.com/insights' } },
	])('refuses a root without author or repository: %j', (fields) => {
		write('package.json', { name: 'root', ...fields });
		expect(() => filesToWrite(root)).toThrow('"author" and "repository"');
	});
});
