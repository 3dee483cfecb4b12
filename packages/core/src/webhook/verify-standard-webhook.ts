import { equalInConstantTime } from './constant-time.ts';
import { standardWebhookDigest } from './sign-standard-webhook.ts';
import { readWebhookSecret } from './standard-webhook-secret.ts';

/** A webhook that claims to be signed by Standard Webhooks, and what it is judged by. */
export type StandardWebhookQuestion = {
	/** The request's headers with lower-case names, as Node gives them. A repeated header counts as malformed. */
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	/** The bytes as they came, not a re-serialised copy. */
	readonly body: string | Uint8Array;
	/** Every secret that may have signed; several during a rotation. */
	readonly secrets: readonly string[];
	readonly now: Date;
	/** How far the timestamp may lie from `now`, either way. @default 300 */
	readonly toleranceSeconds?: number;
};

/** Whether the signature holds and is fresh: whose and when, or why not. */
export type StandardWebhookVerdict =
	| { valid: true; id: string; sentAt: Date; secretIndex: number }
	| {
			valid: false;
			reason: 'missing-header' | 'malformed-header' | 'malformed-secret' | 'mismatch';
	  }
	/** Truly signed, but not about now: `ageSeconds` ago by the clock here, negative for the future. */
	| { valid: false; reason: 'too-old' | 'too-new'; ageSeconds: number };

/**
 * Is this request signed by Standard Webhooks 1.0 (`v1`) with one of the secrets, and fresh?
 *
 * Freshness stops replays. It is judged last: a wrong time under a true signature means that one of two clocks is wrong,
 * or that somebody repeats what they have seen, and a stranger without the secret learns nothing of either. Signatures of other versions (`v1a`) in the list are passed over.
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
	// Only when nothing matched: one bad secret must not shut out a good one beside it.
	return refuse(keys.every((reading) => reading.ok) && keys.length > 0 ? 'mismatch' : 'malformed-secret');
}

function refuse(
	reason: 'missing-header' | 'malformed-header' | 'malformed-secret' | 'mismatch',
): StandardWebhookVerdict {
	return { valid: false, reason };
}
