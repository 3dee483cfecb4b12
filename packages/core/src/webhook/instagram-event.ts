import { WEBHOOK_FIELDS, type WebhookFieldRow } from '../catalog/webhook-field.ts';

/** Where in the body an update was. `unknown` is an undocumented shape, kept as sent. */
export type EventOrigin = 'changes' | 'messaging' | 'standby' | 'flat' | 'changed-fields' | 'unknown';

/** Meta's *Test* button sends its samples under this account. */
export const SAMPLE_ACCOUNT = '0';

/** One update of one account: the unit that is stored once and delivered. */
export type InstagramEvent = {
	/** Meta's `object`: `instagram`, `page`, `whatsapp_business_account` …; empty when the body names none */
	readonly object: string;
	/** Meta's `entry.id`, exact; `0` for a sample of Meta's *Test* button, empty when missing */
	readonly accountId: string;
	/** Meta's field name, or the one inferred from a messaging item; `unknown` for undocumented shapes */
	readonly field: string;
	readonly origin: EventOrigin;
	/** Meta's *Test* button was pressed: always the same sample, and every press counts. */
	readonly sample: boolean;
	/** As Meta sent it; a number that a double cannot hold as its text. Null when Meta sent only the field's name. */
	readonly value: unknown;
	/** The value as the text Meta sent. Pass this on if every digit, escape and repeated key matters. */
	readonly valueText: string;
	/** When it happened by Meta's clock, in ms since 1970; the sending time where Meta gives no other; null when unknown */
	readonly occurredAt: number | null;
};

/** Items of `messaging[]` do not name their field; it follows from the key that holds the content. First match wins. */
const FIELD_OF_KEY = Object.entries<WebhookFieldRow>(WEBHOOK_FIELDS).flatMap(([field, { keys }]) =>
	keys.map((key) => [key, field] as const),
);

/** Keys that say who and when, not what. */
const ADDRESS_KEYS = new Set(['sender', 'recipient', 'timestamp']);

/**
 * The field an item of `messaging[]` belongs to.
 *
 * Echoes of what the account itself sent are `message_echoes`, so that a workflow on `messages` does not answer itself.
 * An unknown item takes Meta's own key as its field (`poll_vote`), or `messaging` when there is none.
 */
export function inferMessagingField(item: JsonObject): string {
	for (const [key, field] of FIELD_OF_KEY) {
		if (item[key] === undefined || item[key] === null) continue;
		return key === 'message' && isEcho(item[key]) ? 'message_echoes' : field;
	}
	return Object.keys(item).find((key) => !ADDRESS_KEYS.has(key)) ?? 'messaging';
}

/** Whether a message is one that the account itself sent. */
export function isEcho(message: unknown): boolean {
	return isJsonObject(message) && message.is_echo === true;
}

/** A parsed JSON object, not an array or null. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
