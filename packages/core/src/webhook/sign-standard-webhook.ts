import { createHmac } from 'node:crypto';
import { readWebhookSecret } from './standard-webhook-secret.ts';

/** One attempt to deliver a webhook. */
export type StandardWebhookMessage = {
	/** `webhook-id`: the same over all retries, so that a receiver can drop what it has seen. No dots or spaces. */
	readonly id: string;
	/** When this attempt is sent, not when the event happened. */
	readonly sentAt: Date;
	/** The body, byte for byte as it will be sent. */
	readonly body: string | Uint8Array;
};

/** The three headers of Standard Webhooks 1.0. */
export type StandardWebhookHeaders = {
	'webhook-id': string;
	/** whole seconds since 1970 */
	'webhook-timestamp': string;
	/** `v1,<base64>`, one for each secret, parted by spaces */
	'webhook-signature': string;
};

/**
 * Sign an outgoing webhook by Standard Webhooks 1.0 (symmetric, `v1`).
 *
 * The specification's own library is not used: it does not rotate secrets when signing, and hashes in plain
 * JavaScript. The relay's tests hold this file to that library, both ways.
 *
 * @param secrets newest first; several during a rotation, so that receivers with either secret accept
 * @throws {TypeError} no secret, or one that is not `whsec_` + base64 of 24 to 64 bytes; the message does not repeat it
 */
export function signStandardWebhook(
	message: StandardWebhookMessage,
	secrets: readonly string[],
): StandardWebhookHeaders {
	if (secrets.length === 0) throw new TypeError('signStandardWebhook needs at least one secret');
	const timestamp = String(Math.floor(message.sentAt.getTime() / 1000));
	const signatures = secrets.map((secret, index) => {
		const reading = readWebhookSecret(secret);
		if (!reading.ok) {
			throw new TypeError(
				`signing secret ${index + 1} is ${reading.reason}: use whsec_ and the base64 of 24 to 64 bytes`,
			);
		}
		return `v1,${standardWebhookDigest(reading.key, message.id, timestamp, message.body)}`;
	});
	return { 'webhook-id': message.id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}

/** The base64 HMAC-SHA256 of `id.timestamp.body`. */
export function standardWebhookDigest(
	key: Uint8Array,
	id: string,
	timestamp: string,
	body: string | Uint8Array,
): string {
	return createHmac('sha256', key).update(`${id}.${timestamp}.`, 'utf8').update(body).digest('base64');
}
