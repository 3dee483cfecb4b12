import { describe, expect, test } from 'vitest';
import { matchesFilter } from '../../../nodes/InstagramInsightsTrigger/receive/parameters';

describe('matchesFilter', () => {
	test('lets every field through when all are chosen', () => {
		const filter = { fields: ['*'], accounts: [] };
		expect(matchesFilter({ field: 'of tomorrow', accountId: '1', sample: false }, filter)).toBe(true);
	});

	test('lets only the chosen fields through otherwise', () => {
		const filter = { fields: ['comments'], accounts: [] };
		expect(matchesFilter({ field: 'comments', accountId: '1', sample: false }, filter)).toBe(true);
		expect(matchesFilter({ field: 'messages', accountId: '1', sample: false }, filter)).toBe(false);
	});

	test('asks for both, field and account', () => {
		const filter = { fields: ['comments'], accounts: ['1'] };
		expect(matchesFilter({ field: 'messages', accountId: '1', sample: false }, filter)).toBe(false);
		expect(matchesFilter({ field: 'comments', accountId: '2', sample: false }, filter)).toBe(false);
		expect(matchesFilter({ field: 'comments', accountId: '1', sample: false }, filter)).toBe(true);
	});
});
