import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkLength } from '../../checks/check-length.mjs';

/** @type {string} */
let root;
beforeEach(() => {
	root = mkdtempSync(path.join(tmpdir(), 'check-length-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** @param {string} file @param {number} lines */
function write(file, lines) {
	mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
	writeFileSync(path.join(root, file), 'x;\n'.repeat(lines));
}

describe('checkLength', () => {
	test('allows 300 lines and names the file with 301', () => {
		write('packages/core/src/long.ts', 300);
		write('packages/core/src/longer.ts', 301);
		expect(checkLength(root)).toEqual([expect.stringMatching(/^packages\/core\/src\/longer\.ts: 301 lines/)]);
	});

	test('looks neither at tests nor at what tools made', () => {
		write('packages/core/test/cases.test.ts', 900);
		write('packages/core/dist/index.js', 900);
		write('packages/core/node_modules/a/index.js', 900);
		expect(checkLength(root)).toEqual([]);
	});
});
