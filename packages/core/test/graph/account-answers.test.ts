import { describe, expect, test } from 'vitest';
import { AccountsAnswer, reachableAccounts } from '../../src/graph/accounts-answer.ts';
import { BatchAnswer } from '../../src/graph/batch-answer.ts';
import { accountIdOf, ProfileAnswer } from '../../src/graph/profile-answer.ts';
import { readAnswer } from '../../src/graph/read-answer.ts';
import { DebugTokenAnswer, TokenAnswer } from '../../src/graph/token-answer.ts';
import { answer } from './answers.ts';

const what = 'account';

describe('ProfileAnswer', () => {
	test.each(['me-flat', 'me-wrapped'])('reads %s', (file) => {
		const { data } = readAnswer(answer(`profile/${file}.json`), ProfileAnswer, { what });
		expect(data).toMatchObject({ user_id: '17841400000000001', username: 'fixture.bakery' });
	});

	test('keeps every field under its own name', () => {
		const { data } = readAnswer(answer('profile/me-flat.json'), ProfileAnswer, { what });
		expect(data).toMatchObject({ account_type: 'BUSINESS', followers_count: 5120, id: '25800000000000009' });
	});

	test('keeps every digit of an id sent as a number', () => {
		const { data } = readAnswer(answer('profile/me-numeric-id.json'), ProfileAnswer, { what });
		expect(data.user_id).toBe('17841401714833791');
	});

	test('refuses an answer without any id', () => {
		const read = () => readAnswer({ status: 200, headers: {}, text: '{"username":"x"}' }, ProfileAnswer, { what });
		expect(read).toThrow('neither id nor user_id');
	});
});

describe('accountIdOf', () => {
	test('is the professional account, not the id the app sees', () => {
		expect(accountIdOf({ id: '258', user_id: '1784' })).toBe('1784');
		expect(accountIdOf({ id: '1784' })).toBe('1784');
	});
});

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

	test('is empty when the token reaches none', () => {
		expect(
			reachableAccounts(readAnswer(answer('accounts/none-reachable.json'), AccountsAnswer, { what }).data),
		).toEqual([]);
	});
});

describe('TokenAnswer', () => {
	test.each([
		['code-exchange-flat', '17841401714833791'],
		['code-exchange-wrapped', '17841400000000001'],
	])('reads %s with its permissions as a list', (file, accountId) => {
		expect(readAnswer(answer(`tokens/${file}.json`), TokenAnswer, { what }).data).toEqual({
			accessToken: 'IGAA-fixture-short',
			expiresInSeconds: null,
			accountId,
			permissions: ['instagram_business_basic', 'instagram_business_manage_insights'],
		});
	});

	test('reads how long a long-lived token lives', () => {
		expect(readAnswer(answer('tokens/long-lived.json'), TokenAnswer, { what }).data).toEqual({
			accessToken: 'IGAA-fixture-long',
			expiresInSeconds: 5183944,
			accountId: null,
			permissions: null,
		});
	});

	test('reads a token that does not say when it ends', () => {
		expect(readAnswer(answer('tokens/page-token.json'), TokenAnswer, { what }).data.expiresInSeconds).toBeNull();
	});

	test('shows no token when the answer has another shape', () => {
		const text = '{"access_token":["IGAA-fixture-token"]}';
		const read = () => readAnswer({ status: 200, headers: {}, text }, TokenAnswer, { what });
		expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining('IGAA') }));
	});
});

describe('DebugTokenAnswer', () => {
	test('reads instants as dates', () => {
		const { data } = readAnswer(answer('tokens/debug-token.json'), DebugTokenAnswer, { what });
		expect(data.data).toMatchObject({
			isValid: true,
			type: 'USER',
			userId: '10150000000000001',
			scopes: ['instagram_basic', 'instagram_manage_insights'],
			expiresAt: new Date('2027-01-15T08:00:00Z'),
		});
	});

	test('reads 0 as never', () => {
		const { data } = readAnswer(answer('tokens/debug-token-never-expires.json'), DebugTokenAnswer, { what });
		expect(data.data).toMatchObject({ expiresAt: null, dataAccessExpiresAt: null, type: 'SYSTEM_USER' });
	});
});

describe('BatchAnswer', () => {
	test('is one response a request, in order, with null for what ran out of time', () => {
		const { data } = readAnswer(answer('batch/mixed.json'), BatchAnswer, { what });
		expect(data.map((item) => item?.status)).toEqual([200, 400, undefined]);
		expect(data[0]?.headers).toHaveProperty('x-app-usage');
		expect(data[1]?.text).toContain('Not enough viewers');
		expect(data[2]).toBeNull();
	});
});
