import { describe, expect, test } from 'vitest';
import { explainInstallFailure, readPnpmLine } from '../../install/install.mjs';

/** @param {string} output */
const explain = (output) => explainInstallFailure('Installing', output);

describe('explainInstallFailure', () => {
	test.each([
		'npm error code ECONNREFUSED\nnpm error syscall connect',
		'npm error code ENOTFOUND',
		'ERR_PNPM_RESOLVING_NPM_RESOLVER_NETWORK_ERROR: error sending request: client error (Connect): dns error',
	])('says in one line that the registry cannot be reached: %s', (output) => {
		expect(explain(output)).toMatch(/^Installing: the npm registry cannot be reached \(.+\); check the network.+$/);
	});

	test('says which compiler tools are missing', () => {
		expect(explain('gyp ERR! find Python\ngyp ERR! find Python You need to install Python')).toMatch(
			/install python3, make and g\+\+/,
		);
	});

	test('says that the disk is full', () => {
		expect(explain('ENOSPC: no space left on device, write')).toMatch(/the disk is full/);
	});

	test('shows the last lines of an unknown failure', () => {
		const output = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`).join('\n');
		expect(explain(output)).toContain('line 40');
		expect(explain(output)).not.toContain('line 15\n');
	});
});

describe('readPnpmLine', () => {
	test('says how many packages are in place', () => {
		expect(readPnpmLine('Progress: resolved 1884, reused 1841, downloaded 0, added 428')).toBe('428 of 1884 packages');
	});

	test('says what is being compiled', () => {
		expect(readPnpmLine('.../node_modules/sqlite3 install$ prebuild-install -r napi')).toMatch(/^building sqlite3/);
	});

	test('ignores other lines', () => {
		expect(readPnpmLine('Packages: +1884')).toBeUndefined();
	});
});
