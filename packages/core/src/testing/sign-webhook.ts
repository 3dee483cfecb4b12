import { createHmac } from 'node:crypto';

/** A webhook ready to be posted to a receiver. */
export type SignedWebhook = {
	/** The bytes to send, escaped as Meta escapes them. */
	body: Uint8Array;
	headers: { 'content-type': string; 'x-hub-signature-256': string; 'x-hub-signature': string };
};

/**
 * A webhook as Meta would send it: for your own tests of a receiver.
 *
 * A value is written as Meta writes it, non-ASCII letters as lower-case `\u00e9` and slashes as `\/`, which is what shows
 * receivers that hash a re-serialised body. A text or bytes are signed as they are.
 *
 * @param payload a value to serialise, or the exact text or bytes
 * @param secret the app secret: the Instagram one for Instagram Login, the Facebook one for Facebook Login
 */
export function signWebhook(payload: unknown, secret: string): SignedWebhook {
	const body = toBytes(payload);
	return {
		body,
		headers: {
			'content-type': 'application/json',
			'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
			'x-hub-signature': `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`,
		},
	};
}

function toBytes(payload: unknown): Uint8Array {
	if (payload instanceof Uint8Array) return payload;
	return Buffer.from(typeof payload === 'string' ? payload : escapeAsMeta(JSON.stringify(payload)), 'utf8');
}

function escapeAsMeta(json: string): string {
	return json
		.replaceAll('/', '\\/')
		.replace(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
