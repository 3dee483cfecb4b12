import { describe, expect, test } from 'vitest';
import { AccountsAnswer, reachableAccounts } from '../../src/graph/accounts-answer.ts';
import { readAnswer } from '../../src/graph/read-answer.ts';
import { answer } from './answers.ts';

const what = 'account';

describe('reachableAccounts', () => {
	test('lists the accounts behind Pages, without their tokens', () => {
		const { data } = readAnswer(answer('accounts/pages.json'), AccountsAnswer, { what });
		expect(reachableAccounts(data)).toEqual([
			{
				id: '17841400000000001',
				username: 'fixture.bakery',
				name: 'Fixture Bakery',
				page: { id: '100000000000001', name: 'Fixture Bakery' },
			},
		]);
		expect(JSON.stringify(data)).not.toContain('EAA');
	});

	test.each([null, 'x', { name: 'No id' }])('lists an account whose portfolio cannot be read: %j', (business) => {
		const body = { data: [{ id: '1', business, instagram_business_account: { id: '2' } }] };
		expect(reachableAccounts(AccountsAnswer.parse(body))).toEqual([{ id: '2', page: { id: '1' } }]);
	});

	test('is empty if the token reaches none', () => {
		expect(
			reachableAccounts(readAnswer(answer('accounts/none-reachable.json'), AccountsAnswer, { what }).data),
		).toEqual([]);
	});
});
