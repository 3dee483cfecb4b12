import { describe, expect, test } from 'vitest';
import { refreshDue } from '../../src/client/tokens.ts';

const issuedAt = new Date('2026-09-01T12:00:00Z');
const expiresAt = new Date('2026-10-31T12:00:00Z');
const at = (now: string) => refreshDue({ issuedAt, expiresAt }, new Date(now));

describe('refreshDue', () => {
	test('waits until the token is 24 hours old', () => {
		expect(at('2026-09-02T11:59:59Z')).toEqual({ state: 'too-young', from: new Date('2026-09-02T12:00:00Z') });
	});

	test('does not refresh a token in the first half of its life', () => {
		expect(at('2026-09-02T12:00:00Z')).toEqual({ state: 'fresh', from: new Date('2026-10-01T12:00:00Z') });
	});

	test('is due in the last 30 days', () => {
		expect(at('2026-10-01T12:00:00Z')).toEqual({ state: 'due', until: expiresAt });
		expect(at('2026-10-31T11:59:59Z')).toEqual({ state: 'due', until: expiresAt });
	});

	test('is too late once the token has expired', () => {
		expect(at('2026-10-31T12:00:00Z')).toEqual({ state: 'expired', since: expiresAt });
	});

	test('does nothing for a token that does not expire', () => {
		expect(refreshDue({ issuedAt, expiresAt: null }, new Date('2036-01-01'))).toEqual({ state: 'endless' });
	});

	test('is due earlier if requested', () => {
		expect(refreshDue({ issuedAt, expiresAt }, new Date('2026-09-10T12:00:00Z'), 55).state).toBe('due');
	});
});
