import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isDrawer, phraseFinder } from '../../checks/check-words.mjs';

describe('phraseFinder', () => {
	const find = phraseFinder(readFileSync(new URL('../../../docs/words.md', import.meta.url), 'utf8'));

	test.each([
		['"x" is no\nway to sign in', '1: "is no way" (docs/words.md)'],
		['one\n\nOne item a bucket', '3: "One item a bucket" (docs/words.md)'],
		['the user is Told', '1: "Told" (docs/words.md)'],
	])('finds %j', (text, found) => {
		expect(find(text)).toEqual([found]);
	});

	test.each(['there is no account', 'the token is no longer valid', 'one request a day', 'recommended', 'a toldyouso'])(
		'accepts %j',
		(text) => {
			expect(find(text)).toEqual([]);
		},
	);
});

describe('isDrawer', () => {
	test.each([
		'packages/core/src/utils.ts',
		'apps/x/lib/index.ts',
		'a/helpers.test.ts',
		'shared/a.ts',
		'Misc/b.md',
		'common.mjs',
	])('finds %s', (file) => {
		expect(isDrawer(file)).toBe(true);
	});

	test.each(['packages/core/src/query/a.ts', 'library.ts', 'a/shared-memory.ts', 'utility-bill.ts'])(
		'accepts %s',
		(file) => {
			expect(isDrawer(file)).toBe(false);
		},
	);
});
