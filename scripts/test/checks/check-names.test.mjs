import { describe, expect, test } from 'vitest';
import { isDrawer } from '../../checks/check-names.mjs';

describe('isDrawer', () => {
	test.each(['packages/core/src/utils.ts', 'apps/x/lib', 'a/helpers.test.ts', 'shared', 'Misc/', 'common.mjs'])(
		'finds %s',
		(file) => {
			expect(isDrawer(file.replace(/\/$/, ''))).toBe(true);
		},
	);

	test.each(['packages/core/src/query', 'library.ts', 'a/shared-memory.ts', 'utility-bill.ts'])(
		'lets %s be',
		(file) => {
			expect(isDrawer(file)).toBe(false);
		},
	);
});
