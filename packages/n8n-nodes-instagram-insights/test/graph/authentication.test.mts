import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { ICredentialType } from 'n8n-workflow';
import { expect, test } from 'vitest';
import { AUTHENTICATIONS } from '../../nodes/graph/authentication';

const CREDENTIALS = path.join(import.meta.dirname, '../../credentials');

test('each way to sign in names its credential as n8n shows it', async () => {
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
