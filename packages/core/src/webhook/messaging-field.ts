import { WEBHOOK_FIELDS, type WebhookFieldRow } from '../catalog/webhook-field.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';

/** Items of `messaging[]` do not name their field; the key that carries the content tells it. First match wins. */
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
