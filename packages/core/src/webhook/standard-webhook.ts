import { createHmac } from 'node:crypto';
import { equalInConstantTime } from './verify-signature.ts';

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
	/** `v1,<base64>`, one for each secret, separated by spaces */
	'webhook-signature': string;
};

/**
 * Sign an outgoing webhook by Standard Webhooks 1.0 (symmetric, `v1`).
 *
 * The specification's own library is not used: it does not rotate secrets when signing, and hashes in plain
 * JavaScript. The relay's tests check this file against that library, in both directions.
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
function standardWebhookDigest(key: Uint8Array, id: string, timestamp: string, body: string | Uint8Array): string {
	return createHmac('sha256', key).update(`${id}.${timestamp}.`, 'utf8').update(body).digest('base64');
}

/** A webhook that claims a Standard Webhooks signature, and what to check it with. */
type StandardWebhookQuestion = {
	/** The request's headers with lower-case names, as Node gives them. A repeated header counts as malformed. */
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	/** The bytes as received, not a re-serialized copy. */
	readonly body: string | Uint8Array;
	/** Every secret that may have signed; several during a rotation. */
	readonly secrets: readonly string[];
	readonly now: Date;
	/** How far the timestamp may be from `now`, in either direction. @default 300 */
	readonly toleranceSeconds?: number;
};

/** Whether the signature holds and is fresh: whose and when, or why not. */
export type StandardWebhookVerdict =
	| { valid: true; id: string; sentAt: Date; secretIndex: number }
	| {
			valid: false;
			reason: 'missing-header' | 'malformed-header' | 'malformed-secret' | 'mismatch';
	  }
	/** The signature holds, but the time does not: `ageSeconds` ago by the local clock, negative for the future. */
	| { valid: false; reason: 'too-old' | 'too-new'; ageSeconds: number };

/**
 * Check that a request is signed by Standard Webhooks 1.0 (`v1`) with one of the secrets, and recent.
 *
 * The time stops replays. It is checked last: a wrong time with a valid signature means that one of two clocks is wrong,
 * or that someone repeats a captured request; without the secret this is not revealed. Signatures of other versions
 * (`v1a`) are ignored.
 */
export function verifyStandardWebhook(question: StandardWebhookQuestion): StandardWebhookVerdict {
	const { headers, body, secrets, now, toleranceSeconds = 300 } = question;
	const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(
		(name) => headers[name],
	);
	if (id === undefined || timestamp === undefined || signatures === undefined) return refuse('missing-header');
	if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') {
		return refuse('malformed-header');
	}
	if (id === '' || !/^\d{1,12}$/.test(timestamp)) return refuse('malformed-header');
	const given = signatures
		.split(' ')
		.filter((part) => part.startsWith('v1,'))
		.map((part) => part.slice('v1,'.length));
	if (given.length === 0) return refuse('malformed-header');
	const keys = secrets.map(readWebhookSecret);
	for (const [secretIndex, reading] of keys.entries()) {
		if (!reading.ok) continue;
		const expected = standardWebhookDigest(reading.key, id, timestamp, body);
		if (given.some((signature) => equalInConstantTime(signature, expected))) {
			const ageSeconds = Math.floor(now.getTime() / 1000) - Number(timestamp);
			if (ageSeconds > toleranceSeconds) return { valid: false, reason: 'too-old', ageSeconds };
			if (ageSeconds < -toleranceSeconds) return { valid: false, reason: 'too-new', ageSeconds };
			return { valid: true, id, sentAt: new Date(Number(timestamp) * 1000), secretIndex };
		}
	}
	// Only when nothing matched: one bad secret must not disable a good one.
	return refuse(keys.every((reading) => reading.ok) && keys.length > 0 ? 'mismatch' : 'malformed-secret');
}

function refuse(
	reason: 'missing-header' | 'malformed-header' | 'malformed-secret' | 'mismatch',
): StandardWebhookVerdict {
	return { valid: false, reason };
}

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
