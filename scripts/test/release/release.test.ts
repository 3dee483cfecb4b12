import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const RELEASE = path.join(import.meta.dirname, '../../release/release.ts');

function release(env: Record<string, string>, ...args: string[]) {
	const { GITHUB_ACTIONS: _, ...outside } = process.env;
	// Without a path it could not start anything, should it try.
	return spawnSync(process.execPath, [RELEASE, ...args], { env: { ...outside, PATH: '', ...env }, encoding: 'utf8' });
}

describe('npm run release', () => {
	test('publishes nothing outside GitHub Actions, and says what to run instead', () => {
		const { status, stdout, stderr } = release({});
		expect(stderr).toMatch(/published by GitHub Actions.*npm run release -- --dry-run/);
		expect([status, stdout]).toEqual([1, '']);
	});

	test.each([[['--dryrun']], [['--dry-run', '--force']]])('refuses %j instead of publishing', (args) => {
		const { status, stdout, stderr } = release({ GITHUB_ACTIONS: 'true' }, ...args);
		expect(stderr).toContain(`Unknown argument "${args.at(-1)}"`);
		expect([status, stdout]).toEqual([1, '']);
	});

	test('ends at the first part that fails', () => {
		const { status, stdout, stderr } = release({}, '--dry-run');
		expect(stderr).toContain('Build failed: see above. Nothing after it was done.');
		expect([status, stdout]).toEqual([1, '\nBuild\n']);
	});
});
