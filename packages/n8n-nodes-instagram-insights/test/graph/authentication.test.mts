import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { ICredentialType } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';
import { AUTHENTICATIONS, wrongLogin } from '../../nodes/graph/authentication';

const CREDENTIALS = path.join(import.meta.dirname, '../../credentials');

test('each way to sign in names its credential as n8n does', async () => {
	const names = new Map<string, string>();
	for (const file of readdirSync(CREDENTIALS).filter((name) => name.endsWith('.credentials.ts'))) {
		const module = (await import(path.join(CREDENTIALS, file))) as Record<string, new () => ICredentialType>;
		// n8n takes the class that has the name of the file.
		const Credential = module[file.replace('.credentials.ts', '')] ?? expect.fail(file);
		const { name, displayName } = new Credential();
		names.set(name, displayName);
	}
	for (const { credentialType, credentialName } of Object.values(AUTHENTICATIONS)) {
		expect(credentialName).toBe(names.get(credentialType));
	}
});

describe('wrongLogin', () => {
	test('names the login a token belongs to and where it goes', () => {
		const found = wrongLogin('EAA-sandbox-bakery', 'graph.instagram.com');
		expect(found?.message).toBe(
			'The token in the credential begins with EAA: it comes from Facebook Login, not from Instagram Login',
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
