import {
	eventKey,
	type InstagramEvent,
	type NamedSecret,
	parseExactJson,
	type SignatureRefusal,
	type StandardWebhookVerdict,
	splitEvents,
	verifySignature,
	verifyStandardWebhook,
} from '@instagram-insights/core/internal';
import { z } from 'zod/v4';
import { seenId } from './deliveryMemory';

/** One event on its way into the workflow, from Meta or from the relay. */
export type TriggerEvent = {
	/** Meta's `object`: `instagram`, or another one whose events come to the same URL */
	readonly object: string;
	/** Meta's `entry.id`; `0` in samples of the App Dashboard */
	readonly accountId: string;
	/** Meta's field name; `unknown` for what has no name */
	readonly field: string;
	/** As Meta sent it; a number that JavaScript cannot hold as text */
	readonly value: unknown;
	/** When it happened, ISO 8601 in UTC; null when Meta gives no time */
	readonly occurredAt: string | null;
	/** Identifies the event across repetitions; null: repetitions cannot be recognised */
	readonly eventId: string | null;
	/** Identifies a sender's repetition; null: never treated as a repetition */
	readonly repeatId: string | null;
	/** Meta's Test button sent it */
	readonly sample: boolean;
	/** A replay from the relay, which runs although the event was handed over before */
	readonly replay: boolean;
	/** Further columns of the raw output. */
	readonly details: Readonly<Record<string, string>>;
};

/** Result of reading a request. */
export type Reception =
	/** The signature does not prove the sender, or the body is not a delivery: use nothing of it. */
	| { readonly kind: 'refused'; readonly status: 400 | 401 | 422 | 425; readonly reason: string }
	/** The signature proves the sender: its events, in order. */
	| { readonly kind: 'received'; readonly events: readonly TriggerEvent[] };

export type MetaRequest = {
	/** The bytes as they came. */
	readonly body: Uint8Array;
	/** `X-Hub-Signature-256` */
	readonly signature: string | undefined;
	readonly secrets: readonly NamedSecret[];
};

const SIGNATURE_REASONS: Readonly<Record<SignatureRefusal, string>> = {
	'missing-header': 'it has no signature from Meta (X-Hub-Signature-256)',
	'malformed-header': 'its signature does not have the form that Meta sends',
	'sha1-not-allowed': 'it has only the old SHA-1 signature',
	mismatch:
		'its signature matches none of the secrets in the credential. Meta signs events of Instagram Login with the Instagram App Secret, and events of Facebook Login with the App Secret.',
	'no-secret': 'the credential holds neither an App Secret nor an Instagram App Secret',
};

/** Verify Meta's signature and split the request into its events, in order. */
export function receiveFromMeta({ body, signature, secrets }: MetaRequest): Reception {
	const verdict = verifySignature({ body, signature256: signature, secrets });
	if (!verdict.valid) return { kind: 'refused', status: 401, reason: SIGNATURE_REASONS[verdict.reason] };
	const text = Buffer.from(body).toString('utf8');
	const split = splitEvents(text);
	if (split.kind === 'unreadable') {
		// Meta signed it, so keep it: with any status but 200, Meta would only send it again.
		return { kind: 'received', events: [unreadable(text)] };
	}
	return { kind: 'received', events: split.events.map(toTriggerEvent) };
}

function toTriggerEvent(event: InstagramEvent): TriggerEvent {
	const { object, accountId, field, origin, value, occurredAt, sample } = event;
	const { key, contentHash } = eventKey(event);
	// Key and content: the same key with other content is another event.
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

export type RelayRequest = {
	/** The bytes as they came. */
	readonly body: Uint8Array;
	/** Lower-case names. */
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	readonly secrets: readonly string[];
	readonly now: Date;
	readonly toleranceSeconds: number;
};

/** A delivery of the relay in mode `event`. Unknown members are dropped; the event's value is kept whole. */
const deliverySchema = z.object({
	type: z.string(),
	timestamp: z.string().nullish(),
	data: z.object({
		object: z.string().nullish(),
		account_id: z.string(),
		field: z.string().min(1),
		value: z.unknown(),
		event_id: z.union([z.string(), z.number()]).nullish(),
		received_at: z.string().nullish(),
		sample: z.boolean().nullish().catch(null),
		replay: z.boolean().nullish().catch(null),
	}),
});

type Refusal = Extract<StandardWebhookVerdict, { valid: false }>;

const DELIVERY_REASONS: Readonly<Record<Exclude<Refusal['reason'], 'too-old' | 'too-new'>, string>> = {
	'missing-header': 'it lacks the headers webhook-id, webhook-timestamp and webhook-signature',
	'malformed-header': 'its webhook headers do not follow Standard Webhooks',
	'malformed-secret': 'the Relay Secret of the credential is empty, or is not whsec_ and 24 to 64 bytes in base64',
	mismatch: 'its signature does not match the Relay Secret in the credential',
};

/** Verify the relay's signature and read the one event of the request. */
export function receiveFromRelay(request: RelayRequest): Reception {
	const verdict = verifyStandardWebhook(request);
	if (!verdict.valid) return refuse(verdict, request.toleranceSeconds);
	const parsed = parseExactJson(Buffer.from(request.body).toString('utf8'));
	const delivery = deliverySchema.safeParse(parsed.ok ? parsed.value : undefined);
	if (!delivery.success) {
		const reason =
			'its body is not a delivery of the relay in the mode "event". For "passthrough", set Mode to Direct From Meta.';
		return { kind: 'refused', status: 422, reason };
	}
	const { type, timestamp, data } = delivery.data;
	const event = {
		object: data.object ?? type.slice(0, Math.max(0, type.indexOf('.'))),
		accountId: data.account_id,
		field: data.field,
		value: data.value ?? null,
		occurredAt: timestamp ?? null,
		eventId: String(data.event_id ?? verdict.id),
		repeatId: seenId(verdict.id),
		sample: data.sample === true,
		replay: data.replay === true,
		details: { type, ...(data.received_at ? { received_at: data.received_at } : {}) },
	};
	return { kind: 'received', events: [event] };
}

/** A wrong time has its own status, so that the relay keeps the delivery until the clocks agree. */
function refuse(verdict: Refusal, toleranceSeconds: number): Reception {
	if (!('ageSeconds' in verdict)) return { kind: 'refused', status: 401, reason: DELIVERY_REASONS[verdict.reason] };
	const { ageSeconds } = verdict;
	const when = ageSeconds > 0 ? `${ageSeconds} seconds ago` : `${-ageSeconds} seconds in the future`;
	const reason = `the relay signed it ${when} by the clock of this machine, and at most ${toleranceSeconds} seconds are allowed. Set the clocks of this machine and of the relay right; if they are, somebody is repeating an old delivery`;
	return { kind: 'refused', status: 425, reason };
}
