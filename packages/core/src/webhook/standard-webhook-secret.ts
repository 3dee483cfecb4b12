/**
 * A Standard Webhooks signing secret: `whsec_` and the base64 of 24 to 64 random bytes. The prefix may be left out.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export type WebhookSecretReading = { ok: true; key: Uint8Array } | { ok: false; reason: 'not-base64' | 'wrong-length' };

const PREFIX = 'whsec_';
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Read a signing secret. The reason never repeats it. */
export function readWebhookSecret(secret: string): WebhookSecretReading {
	const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
	if (!BASE64.test(encoded)) return { ok: false, reason: 'not-base64' };
	const key = Buffer.from(encoded, 'base64');
	if (key.length < 24 || key.length > 64) return { ok: false, reason: 'wrong-length' };
	return { ok: true, key };
}
