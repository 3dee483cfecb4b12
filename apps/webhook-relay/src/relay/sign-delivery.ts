import { type StandardWebhookMessage, signStandardWebhook } from '@instagram-insights/core/webhook';
import type { EventPayload } from './event-payload.ts';
import type { Subscriber } from './subscriber.ts';

/** A request, ready to be sent but for its address. */
export type DeliveryRequest = {
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string | Uint8Array;
};

/** Words that n8n's bot filter does not take for a bot; a bare `name/1.0` would be refused with 403. */
export const USER_AGENT = 'instagram-webhook-relay/1 (Standard Webhooks)';

/**
 * The request of one delivery.
 *
 * In mode `event` the body is `{ type, timestamp, data }` of Standard Webhooks. In mode `passthrough` it is Meta's bytes
 * with Meta's signature. `webhook-id` is the event's id in both: it stays the same over retries and replays.
 *
 * @param sentAt the time of this attempt, which is signed
 */
export function signDelivery(delivery: EventPayload, subscriber: Subscriber, sentAt: Date): DeliveryRequest {
	const body = subscriber.mode === 'passthrough' ? (delivery.body ?? new Uint8Array()) : eventBody(delivery);
	const message = { id: delivery.eventId, sentAt, body };
	return {
		body,
		headers: {
			'content-type': 'application/json',
			'user-agent': USER_AGENT,
			...(subscriber.mode === 'passthrough' ? metaSignature(delivery) : {}),
			...subscriber.headers,
			...standardHeaders(message, subscriber.secrets),
		},
	};
}

/** Put together as text: `value` is JSON already, and its ids stay exact by never being parsed. */
function eventBody(delivery: EventPayload): string {
	const { eventId, field, accountId, occurredAt, receivedAt, value } = delivery;
	const text = (part: string) => JSON.stringify(part);
	const receivedText = new Date(receivedAt).toISOString();
	const happenedText = new Date(occurredAt ?? receivedAt).toISOString();
	return (
		`{"type":${text(`instagram.${field}`)},"timestamp":"${happenedText}","data":{` +
		`"account_id":${text(accountId)},"field":${text(field)},"value":${value},` +
		`"event_id":${text(eventId)},"received_at":"${receivedText}"}}`
	);
}

function standardHeaders(message: StandardWebhookMessage, secrets: readonly string[]): Record<string, string> {
	if (secrets.length > 0) return { ...signStandardWebhook(message, secrets) };
	return { 'webhook-id': message.id, 'webhook-timestamp': String(Math.floor(message.sentAt.getTime() / 1000)) };
}

function metaSignature({ signature }: EventPayload): Record<string, string> {
	if (signature === null) return {};
	return { [signature.startsWith('sha1=') ? 'x-hub-signature' : 'x-hub-signature-256']: signature };
}
