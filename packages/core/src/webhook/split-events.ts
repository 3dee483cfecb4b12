import { changeSchema, entrySchema, envelopeSchema, messagingSchema } from './envelope.ts';
import { toMilliseconds } from './event-time.ts';
import type { InstagramEvent } from './instagram-event.ts';
import { isJsonObject, type JsonObject } from './json-object.ts';
import { inferMessagingField } from './messaging-field.ts';
import { parseExactJson } from './parse-exact-json.ts';

/** What a webhook body held. */
export type SplitBody =
	/** at least one event, in the order of the body */
	| { kind: 'events'; events: readonly InstagramEvent[] }
	/** signed by Meta but not an envelope: keep the raw bytes */
	| { kind: 'unreadable'; reason: 'not-json' | 'too-deep' | 'no-entries' };

/**
 * Split a webhook body into single events. Order is kept, nothing is dropped, and what no rule knows becomes an event
 * of the field `unknown`.
 *
 * Takes the text, not a parsed value: ids beyond 2^53 are already wrong in what `JSON.parse` gives.
 */
export function splitEvents(body: string): SplitBody {
	const parsed = parseExactJson(body);
	if (!parsed.ok) return { kind: 'unreadable', reason: parsed.reason };
	const envelopes = Array.isArray(parsed.value) ? parsed.value : [parsed.value];
	const readings = envelopes.map((envelope) => envelopeSchema.safeParse(envelope));
	// One envelope that is none makes the body unreadable as a whole: half a body must not look like all of it.
	if (readings.length === 0 || !readings.every((reading) => reading.success)) {
		return { kind: 'unreadable', reason: 'no-entries' };
	}
	const events = readings.flatMap(({ data }) => data.entry.flatMap((entry) => splitEntry(data.object ?? '', entry)));
	return { kind: 'events', events };
}

/** Keys of an entry that are no updates: its address, and how a conversation came to this app. */
const ENTRY_KEYS = new Set(['id', 'time', 'uid', 'value', 'hop_context']);

type Origin = Pick<InstagramEvent, 'object' | 'accountId'> & { sentAt: number | null };

function splitEntry(object: string, entry: unknown): InstagramEvent[] {
	const address = entrySchema.safeParse(entry);
	const origin: Origin = {
		object,
		accountId: String(address.data?.id ?? ''),
		sentAt: toMilliseconds(address.data?.time),
	};
	if (!isJsonObject(entry)) return [unknownEvent(origin, 'unknown', entry)];
	// In the entry's own order of keys, so that the order of the body is the order of the events.
	const events = Object.keys(entry).flatMap((key) => splitKey(origin, key, entry));
	return events.length > 0 ? events : [unknownEvent(origin, 'unknown', entry)];
}

function splitKey(origin: Origin, key: string, entry: JsonObject): InstagramEvent[] {
	const content = entry[key];
	switch (key) {
		case 'changes':
			return listOf(content).map((change) => changeEvent(origin, change));
		case 'messaging':
			return listOf(content).map((item) => messagingEvent(origin, item, 'messaging'));
		case 'standby':
			return listOf(content).map((item) => messagingEvent(origin, item, 'standby'));
		case 'field':
			return typeof content === 'string' && content !== ''
				? [{ ...fieldEvent(origin, content, entry.value), origin: 'flat' }]
				: [];
		case 'changed_fields':
			return listOf(content).map((field) =>
				typeof field === 'string'
					? { ...fieldEvent(origin, field, null), origin: 'changed-fields' as const }
					: unknownEvent(origin, 'unknown', field),
			);
		default:
			// A list of objects under a key nobody documented is most likely a new kind of update.
			return !ENTRY_KEYS.has(key) && isListOfObjects(content)
				? content.map((item) => unknownEvent(origin, key, item))
				: [];
	}
}

function changeEvent(origin: Origin, change: unknown): InstagramEvent {
	const reading = changeSchema.safeParse(change);
	if (!reading.success) return unknownEvent(origin, 'unknown', change);
	return { ...fieldEvent(origin, reading.data.field, reading.data.value), origin: 'changes' };
}

function messagingEvent(origin: Origin, item: unknown, from: 'messaging' | 'standby'): InstagramEvent {
	if (!isJsonObject(item)) return unknownEvent(origin, 'unknown', item);
	const field = from === 'standby' ? 'standby' : inferMessagingField(item);
	return { ...fieldEvent(origin, field, item), origin: from };
}

function fieldEvent({ object, accountId, sentAt }: Origin, field: string, value: unknown) {
	const timestamp = messagingSchema.safeParse(value).data?.timestamp;
	return { object, accountId, field, value: value ?? null, occurredAt: toMilliseconds(timestamp) ?? sentAt };
}

function unknownEvent(origin: Origin, field: string, value: unknown): InstagramEvent {
	return { ...fieldEvent(origin, field, value), origin: 'unknown' };
}

function listOf(content: unknown): readonly unknown[] {
	if (Array.isArray(content)) return content;
	return content === undefined || content === null ? [] : [content];
}

function isListOfObjects(content: unknown): content is readonly JsonObject[] {
	return Array.isArray(content) && content.length > 0 && content.every(isJsonObject);
}
