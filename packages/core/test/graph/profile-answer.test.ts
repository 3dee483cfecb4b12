import { describe, expect, test } from 'vitest';
import { accountIdOf, ProfileAnswer } from '../../src/graph/accounts-answer.ts';
import { readAnswer } from '../../src/graph/read-answer.ts';
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

	test('reads the node of the Facebook host, which has one id', () => {
		const { data } = readAnswer(answer('profile/node-facebook.json'), ProfileAnswer, { what });
		expect(data).toMatchObject({ id: '17841400000000001', media_count: 231 });
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
