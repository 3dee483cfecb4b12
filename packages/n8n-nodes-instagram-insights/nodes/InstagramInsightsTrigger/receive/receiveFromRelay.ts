import { parseExactJson, type StandardWebhookVerdict, verifyStandardWebhook } from '@instagram-insights/core/internal';
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

const REASONS: Readonly<Record<Exclude<Refusal['reason'], 'too-old' | 'too-new'>, string>> = {
	'missing-header': 'it lacks the headers webhook-id, webhook-timestamp and webhook-signature',
	'malformed-header': 'its webhook headers are not of the form of Standard Webhooks',
	'malformed-secret': 'the Relay Secret of the credential is empty, or is not whsec_ and 24 to 64 bytes in base64',
	mismatch: 'its signature does not fit the Relay Secret of the credential',
};

/** Check a request for the relay's signature and read the one event it brings. */
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
		details: { type, ...(data.received_at ? { receivedAt: data.received_at } : {}) },
	};
	return { kind: 'received', events: [event] };
}

/** The time gets a status of its own, so that the relay can name it: it keeps the delivery until the clocks agree. */
function refuse(verdict: Refusal, toleranceSeconds: number): Reception {
	if (!('ageSeconds' in verdict)) return { kind: 'refused', status: 401, reason: REASONS[verdict.reason] };
	const { ageSeconds } = verdict;
	const when = ageSeconds > 0 ? `${ageSeconds} seconds ago` : `${-ageSeconds} seconds in the future`;
	const reason = `the relay signed it ${when} by the clock of this machine, and at most ${toleranceSeconds} seconds are allowed. Set the clocks of this machine and of the relay right; if they are, somebody is repeating an old delivery`;
	return { kind: 'refused', status: 425, reason };
}
