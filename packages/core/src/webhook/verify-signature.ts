import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * An app secret with the name it has in logs. An app with both logins signs with two: the *Instagram app secret* for
 * Instagram Login and the *Facebook app secret* for Facebook Login, and Meta's pages do not say which is in use.
 */
export type NamedSecret = { readonly name: string; readonly secret: string };

/** Why a signature was not accepted. Stable codes: logs, metrics and the doctor use them. */
export type SignatureRefusal =
	/** neither signature header is there */
	| 'missing-header'
	/** the header is not `sha256=` and 64 hexadecimal digits */
	| 'malformed-header'
	/** well formed, but no configured secret matches */
	| 'mismatch'
	/** only the legacy `X-Hub-Signature` came, and SHA-1 was not allowed */
	| 'sha1-not-allowed'
	/** no secret is configured */
	| 'no-secret';

/** Whether the signature holds: by which secret, or why not. */
export type SignatureVerdict =
	| { valid: true; secretName: string; algorithm: 'sha256' | 'sha1' }
	| { valid: false; reason: SignatureRefusal };

/** A webhook that claims to be Meta's, and the app secrets it may be signed with. */
export type SignatureQuestion = {
	/** The bytes as received. A body that was parsed and serialized again has other bytes. */
	readonly body: Uint8Array;
	/** `X-Hub-Signature-256` */
	readonly signature256: string | undefined;
	/** `X-Hub-Signature`, used only with `allowSha1` and without `signature256` */
	readonly signature1?: string | undefined;
	readonly secrets: readonly NamedSecret[];
	/** Accept Meta's legacy SHA-1 header. @default false */
	readonly allowSha1?: boolean;
};

/**
 * Check that Meta signed a body with one of your app secrets.
 *
 * Meta signs the raw bytes, whose non-ASCII letters and slashes are already escaped (`\u00e9`, `\/`): hash the bytes as received,
 * never a re-serialized copy. Digests are compared in constant time.
 *
 * @returns the name of the secret that matched, or a reason code; never text from the request
 */
export function verifySignature(question: SignatureQuestion): SignatureVerdict {
	const { body, signature256, signature1, secrets, allowSha1 = false } = question;
	if (secrets.length === 0) return { valid: false, reason: 'no-secret' };
	if (signature256 !== undefined) return compare(body, signature256, secrets, 'sha256');
	if (signature1 === undefined) return { valid: false, reason: 'missing-header' };
	if (!allowSha1) return { valid: false, reason: 'sha1-not-allowed' };
	return compare(body, signature1, secrets, 'sha1');
}

const HEADER_FORM = { sha256: /^sha256=[0-9a-f]{64}$/i, sha1: /^sha1=[0-9a-f]{40}$/i } as const;

function compare(
	body: Uint8Array,
	header: string,
	secrets: readonly NamedSecret[],
	algorithm: 'sha256' | 'sha1',
): SignatureVerdict {
	if (!HEADER_FORM[algorithm].test(header)) return { valid: false, reason: 'malformed-header' };
	const given = Buffer.from(header.slice(algorithm.length + 1), 'hex');
	for (const { name, secret } of secrets) {
		// An empty key is a key anyone has.
		if (secret === '') continue;
		const expected = createHmac(algorithm, secret).update(body).digest();
		if (timingSafeEqual(given, expected)) return { valid: true, secretName: name, algorithm };
	}
	return { valid: false, reason: 'mismatch' };
}

/**
 * Whether two texts are equal, in a time that reveals neither where they differ nor how long the expected one is.
 *
 * Both are hashed first, because `timingSafeEqual` needs equal lengths and an early refusal would reveal the length.
 */
export function equalInConstantTime(given: string, expected: string): boolean {
	return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Uint8Array {
	return createHash('sha256').update(text, 'utf8').digest();
}
