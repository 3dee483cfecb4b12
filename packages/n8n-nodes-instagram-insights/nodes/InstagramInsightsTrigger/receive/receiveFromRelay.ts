import { parseExactJson, type StandardWebhookVerdict, verifyStandardWebhook } from '@instagram-insights/core';
import { z } from 'zod/v4';
import { seenId } from './seenEvents';
import type { Reception } from './triggerEvent';

export type RelayRequest = {
	/** The bytes as they came. */
	readonly body: Uint8Array;
	/** Lower-case names. */
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	readonly secrets: readonly string[];
	readonly now: Date;
	readonly toleranceSeconds: number;
};

/** What the relay delivers in its mode `event`. Unknown members stay out, the event's own value is kept whole. */
const deliverySchema = z.object({
	type: z.string(),
	timestamp: z.string().nullish(),
	data: z.object({
		account_id: z.string(),
		field: z.string().min(1),
		value: z.unknown(),
		event_id: z.union([z.string(), z.number()]).nullish(),
		received_at: z.string().nullish(),
	}),
});

type Refusal = Extract<StandardWebhookVerdict, { valid: false }>['reason'];

const REASONS: Readonly<Record<Refusal, string>> = {
	'missing-header': 'it lacks the headers webhook-id, webhook-timestamp and webhook-signature',
	'malformed-header': 'its webhook headers are not of the form of Standard Webhooks',
	'malformed-secret': 'the Relay Secret of the credential is empty, or is not whsec_ and 24 to 64 bytes in base64',
	'too-old': 'it was signed too long ago: it is a replay, or the clock of this machine or of the relay is wrong',
	'too-new': 'it was signed in the future: the clock of this machine or of the relay is wrong',
	mismatch: 'its signature does not fit the Relay Secret of the credential',
};

/** Check a request for the relay's signature and read the one event it brings. */
export function receiveFromRelay(request: RelayRequest): Reception {
	const verdict = verifyStandardWebhook(request);
	if (!verdict.valid) return { kind: 'refused', status: 401, reason: REASONS[verdict.reason] };
	const parsed = parseExactJson(Buffer.from(request.body).toString('utf8'));
	const delivery = deliverySchema.safeParse(parsed.ok ? parsed.value : undefined);
	if (!delivery.success) {
		const reason =
			'its body is not a delivery of the relay in the mode "event". For "passthrough", set Mode to Direct From Meta.';
		return { kind: 'refused', status: 422, reason };
	}
	const { type, timestamp, data } = delivery.data;
	const event = {
		accountId: data.account_id,
		field: data.field,
		value: data.value ?? null,
		occurredAt: timestamp ?? null,
		eventId: String(data.event_id ?? verdict.id),
		repeatId: seenId(verdict.id),
		details: { type, ...(data.received_at ? { receivedAt: data.received_at } : {}) },
	};
	return { kind: 'received', events: [event] };
}
