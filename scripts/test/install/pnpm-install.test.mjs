import { describe, expect, test } from 'vitest';
import { readPnpmLine, watchForDeadRegistry } from '../../install/pnpm-install.mjs';

describe('readPnpmLine', () => {
	test('tells how many packages are in place', () => {
		expect(readPnpmLine('Progress: resolved 1884, reused 1841, downloaded 0, added 428')).toBe('428 of 1884 packages');
	});

	test('tells what is being compiled', () => {
		expect(readPnpmLine('.../node_modules/sqlite3 install$ prebuild-install -r napi')).toMatch(/^building sqlite3/);
	});

	test('keeps quiet about the rest', () => {
		expect(readPnpmLine('Packages: +1884')).toBeUndefined();
	});
});

describe('watchForDeadRegistry', () => {
	const refused = '[WARN] GET https://registry.example/a error (tcp connect error: Connection refused)';

	test('gives up after refusals for more than 20 seconds', () => {
		let now = 0;
		const giveUp = watchForDeadRegistry(() => now);
		expect(giveUp(refused)).toBe(false);
		now = 20_001;
		expect(giveUp(refused)).toBe(true);
	});

	test('goes on while packages arrive between the refusals', () => {
		let now = 0;
		const giveUp = watchForDeadRegistry(() => now);
		now = 15_000;
		expect(giveUp('Progress: resolved 9, reused 1, downloaded 1, added 2')).toBe(false);
		now = 30_000;
		expect(giveUp(refused)).toBe(false);
	});

	test('does not take the same progress twice for progress', () => {
		let now = 0;
		const giveUp = watchForDeadRegistry(() => now);
		const line = 'Progress: resolved 9, reused 1, downloaded 1, added 2';
		giveUp(line);
		now = 21_000;
		giveUp(line);
		expect(giveUp(refused)).toBe(true);
	});
});
