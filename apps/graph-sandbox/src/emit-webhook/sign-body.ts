import { createHmac } from 'node:crypto';

/** JSON as Meta writes it: ASCII only, with `\u00e9` in lower-case hex and `\/`. */
export function escapedJson(body: object): string {
	return JSON.stringify(body)
		.replaceAll('/', '\\/')
		.replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export type SignatureKind = 'good' | 'forged' | 'missing' | 'sha1';

/** The signature headers over the very bytes that are sent. `sha1` sends only the old kind; `forged` uses another secret. */
export function signatureHeaders(kind: SignatureKind, secret: string, bytes: string): Readonly<Record<string, string>> {
	switch (kind) {
		case 'good':
			return { 'x-hub-signature-256': `sha256=${hmac('sha256', secret, bytes)}` };
		case 'forged':
			return { 'x-hub-signature-256': `sha256=${hmac('sha256', `not-${secret}`, bytes)}` };
		case 'sha1':
			return { 'x-hub-signature': `sha1=${hmac('sha1', secret, bytes)}` };
		case 'missing':
			return {};
		default:
			return kind satisfies never;
	}
}

function hmac(algorithm: 'sha256' | 'sha1', secret: string, bytes: string): string {
	return createHmac(algorithm, secret).update(bytes, 'utf8').digest('hex');
}
