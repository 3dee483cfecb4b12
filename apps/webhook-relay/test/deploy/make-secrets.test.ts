import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readWebhookSecret } from '@instagram-insights/core/webhook';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/cli/config.ts';
import { makeSecrets } from './deploy-folder.ts';

const APP_SECRETS = 'instagram:fake-ig,facebook:fake-fb';

describe('make-secrets.sh', () => {
	test('makes secrets that the relay accepts', () => {
		const { secrets, status } = makeSecrets(`${APP_SECRETS}\n`);
		expect(status).toBe(0);
		const { appSecrets, adminToken, verifyToken } = readConfig({
			META_APP_SECRETS_FILE: join(secrets, 'meta_app_secrets'),
			META_VERIFY_TOKEN_FILE: join(secrets, 'meta_verify_token'),
			RELAY_ADMIN_TOKEN_FILE: join(secrets, 'relay_admin_token'),
		});
		expect(appSecrets.map(({ name }) => name)).toEqual(['instagram', 'facebook']);
		expect(adminToken).toHaveLength(64);
		expect(verifyToken).not.toBe(adminToken);
		expect(readWebhookSecret(readFileSync(join(secrets, 'n8n_webhook_secret'), 'utf8'))).toMatchObject({ ok: true });
	});

	test('closes the folder to other users, and keeps existing secrets', () => {
		const { folder, secrets } = makeSecrets(`${APP_SECRETS}\n`);
		expect(statSync(secrets).mode & 0o777).toBe(0o700);
		const contents = () => readdirSync(secrets).map((name) => readFileSync(join(secrets, name), 'utf8'));
		const before = contents();
		expect(makeSecrets('', folder)).toMatchObject({ status: 0, said: '' });
		expect(contents()).toEqual(before);
	});

	test('makes no empty app secrets', () => {
		const { secrets, status } = makeSecrets('');
		expect(status).not.toBe(0);
		expect(readdirSync(secrets)).not.toContain('meta_app_secrets');
	});
});
