import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../..');

describe('the root commands', () => {
	const main = readFileSync(path.join(ROOT, 'scripts/bootstrap/main.mjs'), 'utf8');
	const files = [...main.matchAll(/path\.join\(root, '([^']+\.(?:ts|mjs))'\)/g)].map(([, file]) => file ?? '');

	test('are two that run a file', () => {
		expect(files).toHaveLength(2);
	});

	test.each(files)('run a file that is there: %s', (file) => {
		expect(existsSync(path.join(ROOT, file))).toBe(true);
	});
});
