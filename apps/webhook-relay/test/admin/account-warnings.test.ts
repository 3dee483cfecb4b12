import { describe, expect, test } from 'vitest';
import { findWarnings } from '../../src/admin/account-warnings.ts';

const HOUR = 3_600_000;
const NOW = 1000 * HOUR;
const row = (accountId: string, field: string, events = 1, lastReceivedAt = NOW) => ({
	accountId,
	field,
	events,
	lastReceivedAt,
});
const options = { now: NOW, silenceMs: 24 * HOUR };

describe('findWarnings', () => {
	test('warns of an account all of whose fields are silent', () => {
		const rows = [row('a', 'comments', 1, NOW - 25 * HOUR), row('a', 'messages', 1, NOW - 30 * HOUR)];
		expect(findWarnings(rows, options)).toEqual([{ kind: 'silent', accountId: 'a', lastReceivedAt: NOW - 25 * HOUR }]);
	});

	test('does not warn while one field still speaks', () => {
		expect(findWarnings([row('a', 'comments', 1, NOW - 99 * HOUR), row('a', 'messages')], options)).toEqual([]);
	});

	test('does not warn of silence when told not to', () => {
		expect(findWarnings([row('a', 'comments', 1, 0)], { ...options, silenceMs: 0 })).toEqual([]);
	});

	test.each(['0', ''])('does not warn of the account %j, which is nobody', (accountId) => {
		expect(findWarnings([row(accountId, 'comments', 1, 0)], options)).toEqual([]);
	});

	test('warns when most messages come as standby', () => {
		expect(findWarnings([row('a', 'standby', 9), row('a', 'messages', 1)], options)).toEqual([
			{ kind: 'standby', accountId: 'a', share: 0.9 },
		]);
	});

	test.each([
		['only a few', [row('a', 'standby', 4)]],
		['not most', [row('a', 'standby', 5), row('a', 'messages', 5)]],
		['no messages', [row('a', 'comments', 99)]],
	])('does not warn of standby when there are %s', (_name, rows) => {
		expect(findWarnings(rows, options)).toEqual([]);
	});
});
