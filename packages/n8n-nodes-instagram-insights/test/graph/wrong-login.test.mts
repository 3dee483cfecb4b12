import { describe, expect, test } from 'vitest';
import { wrongLogin } from '../../nodes/graph/wrongLogin';

describe('wrongLogin', () => {
	test('names the login a token belongs to and where it goes', () => {
		const found = wrongLogin('EAA-sandbox-bakery', 'graph.instagram.com');
		expect(found?.message).toBe(
			'The token in the credential begins with EAA: it is one of Facebook Login, not of Instagram Login',
		);
		expect(found?.advice).toContain('a credential of the type "Instagram Insights Facebook Login API"');
		expect(found?.advice).toContain('choose "Facebook Login (Access Token)" there');
	});

	test.each([
		['IGAA-sandbox-bakery', 'graph.instagram.com'],
		['IGQ-sandbox-older', 'graph.instagram.com'],
		['EAA-sandbox-bakery', 'graph.facebook.com'],
	] as const)('has nothing against %s on %s', (token, host) => {
		expect(wrongLogin(token, host)).toBeNull();
	});

	test('lets Meta judge a token of an unknown form', () => {
		expect(wrongLogin('THQ-sandbox', 'graph.instagram.com')).toBeNull();
		expect(wrongLogin('', 'graph.facebook.com')).toBeNull();
	});
});
