import { describe, expect, test } from 'vitest';
import { readAnswer } from '../../src/graph/read-answer.ts';
import { DebugTokenAnswer, TokenAnswer } from '../../src/graph/token-answer.ts';
import { answer } from './answers.ts';

const what = 'account';

describe('TokenAnswer', () => {
	test.each([
		['code-exchange-flat', '17841401714833791'],
		['code-exchange-wrapped', '17841400000000001'],
	])('reads %s with its permissions as a list', (file, appScopedId) => {
		expect(readAnswer(answer(`tokens/${file}.json`), TokenAnswer, { what }).data).toEqual({
			accessToken: 'IGAA-fixture-short',
			expiresInSeconds: null,
			appScopedId,
			permissions: ['instagram_business_basic', 'instagram_business_manage_insights'],
		});
	});

	test('reads the life of a long-lived token', () => {
		expect(readAnswer(answer('tokens/long-lived.json'), TokenAnswer, { what }).data).toEqual({
			accessToken: 'IGAA-fixture-long',
			expiresInSeconds: 5183944,
			appScopedId: null,
			permissions: null,
		});
	});

	test('reads a token without an expiry date', () => {
		expect(readAnswer(answer('tokens/page-token.json'), TokenAnswer, { what }).data.expiresInSeconds).toBeNull();
	});

	test('shows no token if the answer has another shape', () => {
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
