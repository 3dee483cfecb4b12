import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const RELEASE = path.join(import.meta.dirname, '../../release/release.ts');

function release(...args: string[]) {
	// Without a path it could not start anything, should it try.
	return spawnSync(process.execPath, [RELEASE, ...args], { env: { ...process.env, PATH: '' }, encoding: 'utf8' });
}

describe('npm run release', () => {
	test.each([[[]], [['--dryrun']], [['--dry-run', '--force']]])(
		'publishes nothing, and says what to run: %j',
		(args) => {
			const { status, stdout, stderr } = release(...args);
			expect(stderr).toMatch(/published by GitHub Actions.*npm run release -- --dry-run/);
			expect([status, stdout]).toEqual([1, '']);
		},
	);

	test('ends at the first part that fails', () => {
		const { status, stdout, stderr } = release('--dry-run');
		expect(stderr).toContain('Build failed: see above. Nothing after it was done.');
		expect([status, stdout]).toEqual([1, '\nBuild\n']);
	});
});
