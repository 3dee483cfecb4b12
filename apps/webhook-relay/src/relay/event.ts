// What comes from Meta, what a subscriber is, and what goes out to it.
import { hash, randomBytes } from 'node:crypto';
import {
	canonicalJson,
	eventKey,
	type InstagramEvent,
	type StandardWebhookMessage,
	signStandardWebhook,
	splitEvents,
} from '@instagram-insights/core/webhook';
import { type RetrySchedule, type RoutingRule, UNREADABLE_FIELD } from './rules.ts';

/** One verified POST of Meta: the bytes as they came, and what proved them. */
export type Receipt = {
	/** ms since 1970, our clock */
	readonly receivedAt: number;
	/** The raw body, one byte per character (latin1): a small Buffer would keep the 8 kB pool it was cut from while it waits. */
	readonly body: string;
	/** The header that was verified, as it came: `sha256=…` (or `sha1=…` where allowed). */
	readonly signature: string;
	/** The name of the app secret that matched. */
	readonly secretName: string;
};

/** A receipt that a store tries to append and takes back, to know whether it could. */
export function probeReceipt(): Receipt {
	const value = { id: randomBytes(8).toString('hex') };
	const body = { object: 'instagram', entry: [{ id: 'probe', time: 0, changes: [{ field: 'comments', value }] }] };
	return { receivedAt: 0, body: JSON.stringify(body), signature: '', secretName: '' };
}

/** An event of a receipt, ready to be stored. A `sample` comes from Meta's Test button and carries the account `0`. */
export type ReadEvent = Pick<InstagramEvent, 'object' | 'accountId' | 'field' | 'occurredAt' | 'sample'> & {
	readonly origin: InstagramEvent['origin'] | 'unreadable';
	/** Meta's own JSON text */
	readonly value: string;
	/** a hash of core's `eventKey`; null: never a duplicate (samples, empty or non-object values, unreadable bodies) */
	readonly key: string | null;
	/** a hash too: the same key with another one is a change of the same thing */
	readonly contentHash: string;
};

/** The events of a receipt, in order. A signed body that is not an envelope is one event of the field `unreadable`, with the text as its value. */
export function readReceipt(receipt: Receipt): readonly ReadEvent[] {
	const text = Buffer.from(receipt.body, 'latin1').toString('utf8');
	const split = splitEvents(text);
	if (split.kind === 'events') return split.events.map(readEvent);
	const unknown = { object: 'instagram', accountId: '', occurredAt: null, sample: false, key: null, contentHash: '' };
	return [{ ...unknown, field: UNREADABLE_FIELD, origin: 'unreadable', value: JSON.stringify(text) }];
}

function readEvent(event: InstagramEvent): ReadEvent {
	const { accountId, field, origin, occurredAt, sample, valueText: value } = event;
	// This URL is Instagram's: what names no object came from there.
	const object = event.object === '' ? 'instagram' : event.object;
	const { key, contentHash } = eventKey(event);
	const names = { key: key === null ? null : shortHash(key), contentHash: contentHash.slice(0, HASH_LENGTH) };
	return { object, accountId, field, origin, occurredAt, sample, value, ...names };
}

/** 16 letters of base64url are 96 bits: enough to distinguish events, in a third of the space. */
const HASH_LENGTH = 16;
function shortHash(text: string): string {
	return hash('sha256', text, 'base64url').slice(0, HASH_LENGTH);
}

/**
 * Makes event ids such as `evt_0199ab1c2d3e00000042f3a9c1d2e4b5`: milliseconds, a counter, chance. They grow with time,
 * so an index on them is written at its end only; the random part keeps the ids of two stores apart.
 */
export function eventIds(entropy: Buffer = randomBytes(6)): (nowMs: number) => string {
	const instance = entropy.toString('hex').slice(0, 12);
	let [lastMs, counter] = [0, 0];
	return (nowMs) => {
		// A clock set back must not make an id twice: stay at the latest time and count on.
		[lastMs, counter] = nowMs > lastMs ? [nowMs, 0] : [lastMs, counter + 1];
		return `evt_${lastMs.toString(16).padStart(12, '0')}${counter.toString(16).padStart(8, '0')}${instance}`;
	};
}

/** A subscriber with its secrets read. Never log it whole. */
export type Subscriber = RoutingRule & {
	readonly url: string;
	/** n8n's test URL: admin/test-events.ts sends a copy of each event there; nothing in relay/ reads it. null: none */
	readonly testUrl: string | null;
	/** Standard Webhooks secrets, newest first; none: deliveries are not signed */
	readonly secrets: readonly string[];
	readonly headers: Readonly<Record<string, string>>;
	readonly success: 'n8n' | 'status';
	readonly timeoutMs: number;
	readonly concurrency: number;
	/** null: no limit */
	readonly ratePerSecond: number | null;
	readonly retry: RetrySchedule;
};

/** A hash of a subscriber's settings, secrets included: it shows a change without showing a secret. */
export function revisionOf(subscriber: Subscriber): string {
	return hash('sha256', canonicalJson(subscriber), 'base64url');
}

/** What a delivery carries. */
export type EventPayload = Pick<ReadEvent, 'object' | 'field' | 'accountId' | 'occurredAt' | 'value' | 'sample'> & {
	readonly eventId: string;
	readonly receivedAt: number;
	/** somebody asked for it again */
	readonly replay: boolean;
	/** Meta's bytes and the header that was verified; null where not asked for */
	readonly body: Uint8Array | null;
	readonly signature: string | null;
};

/** A request, ready to be sent but for its address. */
export type DeliveryRequest = {
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string | Uint8Array;
};

/** n8n's bot filter refuses a bare `name/1.0` with 403. */
export const USER_AGENT = 'instagram-webhook-relay/1 (Standard Webhooks)';

/**
 * The request of one delivery: in mode `event` the body is `{ type, timestamp, data }` of Standard Webhooks, in mode
 * `passthrough` Meta's bytes with Meta's signature. `webhook-id` is the event's id in both, over retries and replays.
 *
 * @param sentAt the time of this attempt, which is signed
 */
export function buildRequest(event: EventPayload, subscriber: Subscriber, sentAt: Date): DeliveryRequest {
	const whole = subscriber.mode === 'passthrough';
	const body = whole ? (event.body ?? new Uint8Array()) : eventBody(event);
	return {
		body,
		headers: {
			'content-type': 'application/json',
			'user-agent': USER_AGENT,
			...(whole && event.signature !== null ? metaSignature(event.signature) : {}),
			...subscriber.headers,
			...standardHeaders({ id: event.eventId, sentAt, body }, subscriber.secrets),
		},
	};
}

/** Put together as text: `value` is Meta's own text and stays it. */
function eventBody(event: EventPayload): string {
	const text = (part: string) => JSON.stringify(part);
	const time = (ms: number) => new Date(ms).toISOString();
	const marks = `${event.sample ? ',"sample":true' : ''}${event.replay ? ',"replay":true' : ''}`;
	return (
		`{"type":${text(`${event.object}.${event.field}`)},"timestamp":"${time(event.occurredAt ?? event.receivedAt)}","data":{` +
		`"object":${text(event.object)},"account_id":${text(event.accountId)},"field":${text(event.field)},` +
		`"value":${event.value},"event_id":${text(event.eventId)},"received_at":"${time(event.receivedAt)}"${marks}}}`
	);
}

function standardHeaders(message: StandardWebhookMessage, secrets: readonly string[]): Record<string, string> {
	if (secrets.length > 0) return { ...signStandardWebhook(message, secrets) };
	return { 'webhook-id': message.id, 'webhook-timestamp': String(Math.floor(message.sentAt.getTime() / 1000)) };
}

function metaSignature(signature: string): Record<string, string> {
	return { [signature.startsWith('sha1=') ? 'x-hub-signature' : 'x-hub-signature-256']: signature };
}
