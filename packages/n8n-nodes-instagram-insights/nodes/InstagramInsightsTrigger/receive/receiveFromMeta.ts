import {
	eventKey,
	type InstagramEvent,
	type NamedSecret,
	type SignatureRefusal,
	splitEvents,
	verifySignature,
} from '@instagram-insights/core/internal';
import { seenId } from './seenEvents';
import type { Reception, TriggerEvent } from './triggerEvent';

export type MetaRequest = {
	/** The bytes as they came. */
	readonly body: Uint8Array;
	/** `X-Hub-Signature-256` */
	readonly signature: string | undefined;
	readonly secrets: readonly NamedSecret[];
};

const REASONS: Readonly<Record<SignatureRefusal, string>> = {
	'missing-header': 'it carries no signature of Meta (X-Hub-Signature-256)',
	'malformed-header': 'its signature is not of the form Meta sends',
	'sha1-not-allowed': 'it carries the old SHA-1 signature only',
	mismatch:
		'its signature fits none of the secrets of the credential. Events of Instagram Login are signed with the Instagram App Secret, those of Facebook Login with the App Secret.',
	'no-secret': 'the credential holds neither an App Secret nor an Instagram App Secret',
};

/** Check a request for Meta's signature and split it into its events, in their order. */
export function receiveFromMeta({ body, signature, secrets }: MetaRequest): Reception {
	const verdict = verifySignature({ body, signature256: signature, secrets });
	if (!verdict.valid) return { kind: 'refused', status: 401, reason: REASONS[verdict.reason] };
	const text = Buffer.from(body).toString('utf8');
	const split = splitEvents(text);
	if (split.kind === 'unreadable') {
		// Meta signed it, so it is kept: an answer other than 200 would only bring it back.
		return { kind: 'received', events: [unreadable(text)] };
	}
	return { kind: 'received', events: split.events.map(toTriggerEvent) };
}

function toTriggerEvent(event: InstagramEvent): TriggerEvent {
	const { object, accountId, field, origin, value, occurredAt, sample } = event;
	const { key, contentHash } = eventKey(event);
	// Key and content: the same key with another content is another event.
	const eventId = key === null ? null : seenId(`${key} ${contentHash}`);
	return {
		object,
		accountId,
		field,
		value,
		occurredAt: occurredAt === null ? null : new Date(occurredAt).toISOString(),
		eventId,
		repeatId: eventId,
		sample,
		replay: false,
		details: { origin },
	};
}

function unreadable(body: string): TriggerEvent {
	const unknown = { object: '', accountId: '', field: 'unknown', occurredAt: null, eventId: null, repeatId: null };
	return { ...unknown, value: { body }, sample: false, replay: false, details: {} };
}
