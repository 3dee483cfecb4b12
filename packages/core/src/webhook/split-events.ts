import { z } from 'zod/v4';
import { type JsonSpan, locateExactJson } from '../exact-json.ts';
import {
	type InstagramEvent,
	inferMessagingField,
	isEcho,
	isJsonObject,
	type JsonObject,
	SAMPLE_ACCOUNT,
} from './instagram-event.ts';

/** What a webhook body held. */
export type SplitBody =
	/**
	 * At least one event, in the order of the body. `sentAt` is when Meta sent the body by its newest `entry.time`, in ms since
	 * 1970: Meta's late repeats have a new one, a captured body keeps the old one. Null when the body does not say.
	 */
	| { kind: 'events'; events: readonly InstagramEvent[]; sentAt: number | null }
	/** signed by Meta but not an envelope: keep the raw bytes */
	| { kind: 'unreadable'; reason: 'not-json' | 'too-deep' | 'too-many' | 'no-entries' };

/** A value of the body, and its place in the text. */
type Part = { readonly value: unknown; readonly span: JsonSpan | undefined };

/** Deeper nesting is refused. Meta's bodies have about ten levels. */
export const MAX_DEPTH = 100;

/**
 * The most values within the levels that are split: entries, updates and their members. Meta sends up to 1,000
 * updates with some five members each; a body with millions must not hold others up.
 */
export const MAX_PLACES = 20_000;

/** The most values inside the updates: they are parsed and hashed in one go, while everything else waits. */
export const MAX_VALUES = 200_000;

/** The value of a change is five levels deep: body, `entry`, one entry, `changes`, one change. */
const LEVELS = 5;

/**
 * Split a webhook body into single events. The order is kept, nothing is dropped, and an unknown shape becomes an event
 * of the field `unknown`.
 *
 * Pass the text, not a parsed value: `JSON.parse` changes IDs beyond 2^53.
 */
export function splitEvents(body: string): SplitBody {
	const levels = body.trimStart().startsWith('[') ? LEVELS + 1 : LEVELS;
	const whole = locateExactJson(body, { levels, maxDepth: MAX_DEPTH, maxPlaces: MAX_PLACES, maxValues: MAX_VALUES });
	if (!whole.ok) return { kind: 'unreadable', reason: whole.reason };
	const envelopes = Array.isArray(whole.value) ? itemsOf(whole) : [whole];
	const readings = envelopes.map((envelope) => ({ envelope, reading: envelopeSchema.safeParse(envelope.value) }));
	// If any envelope is invalid, treat the whole body as unreadable: half a body must not look like all of it.
	if (readings.length === 0 || readings.some(({ reading }) => !reading.success)) {
		return { kind: 'unreadable', reason: 'no-entries' };
	}
	const events: InstagramEvent[] = [];
	let sentAt: number | null = null;
	for (const { envelope, reading } of readings) {
		for (const entry of itemsOf(memberOf(envelope, 'entry'))) {
			const split = splitEntry(body, reading.data?.object ?? '', entry);
			for (const event of split.events) events.push(event);
			if (split.sentAt !== null) sentAt = Math.max(split.sentAt, sentAt ?? 0);
		}
	}
	return { kind: 'events', events, sentAt };
}

/** Keys of an entry that are not updates: its address, and how a conversation came to this app. */
const ENTRY_KEYS = new Set(['id', 'time', 'uid', 'value', 'hop_context']);

type Origin = Pick<InstagramEvent, 'object' | 'accountId' | 'sample'> & { body: string; sentAt: number | null };

function splitEntry(
	body: string,
	object: string,
	entry: Part,
): { events: readonly InstagramEvent[]; sentAt: number | null } {
	const address = entrySchema.safeParse(entry.value).data;
	const accountId = String(address?.id ?? '');
	const sentAt = toMilliseconds(address?.time);
	const origin: Origin = { body, object, accountId, sample: accountId === SAMPLE_ACCOUNT, sentAt };
	if (!isJsonObject(entry.value)) return { events: [unknownEvent(origin, 'unknown', entry)], sentAt };
	// In the entry's own order of keys, so that the order of the body is the order of the events.
	const events = Object.keys(entry.value).flatMap((key) => splitKey(origin, key, entry));
	return { events: events.length > 0 ? events : [unknownEvent(origin, 'unknown', entry)], sentAt };
}

function splitKey(origin: Origin, key: string, entry: Part): InstagramEvent[] {
	const content = memberOf(entry, key);
	switch (key) {
		case 'changes':
			return listOf(content).map((change) => changeEvent(origin, change));
		case 'messaging':
			return listOf(content).map((item) => messagingEvent(origin, item, 'messaging'));
		case 'standby':
			return listOf(content).map((item) => messagingEvent(origin, item, 'standby'));
		case 'field':
			return typeof content.value === 'string' && content.value !== ''
				? [{ ...namedEvent(origin, content.value, memberOf(entry, 'value')), origin: 'flat' }]
				: [];
		case 'changed_fields':
			return listOf(content).map((field) =>
				typeof field.value === 'string'
					? { ...fieldEvent(origin, field.value, NOTHING), origin: 'changed-fields' as const }
					: unknownEvent(origin, 'unknown', field),
			);
		default:
			// A list of objects under an undocumented key is most likely a new kind of update.
			return !ENTRY_KEYS.has(key) && isListOfObjects(content.value)
				? itemsOf(content).map((item) => unknownEvent(origin, key, item))
				: [];
	}
}

function changeEvent(origin: Origin, change: Part): InstagramEvent {
	const reading = changeSchema.safeParse(change.value);
	if (!reading.success) return unknownEvent(origin, 'unknown', change);
	return { ...namedEvent(origin, reading.data.field, memberOf(change, 'value')), origin: 'changes' };
}

function messagingEvent(origin: Origin, item: Part, from: 'messaging' | 'standby'): InstagramEvent {
	if (!isJsonObject(item.value)) return unknownEvent(origin, 'unknown', item);
	const field = from === 'standby' ? 'standby' : inferMessagingField(item.value);
	return { ...fieldEvent(origin, field, item), origin: from };
}

/** An event whose field Meta names. An echo counts as one in any field: Facebook Login has no field of its own for it. */
function namedEvent(origin: Origin, field: string, part: Part) {
	const echo = field === 'messages' && isJsonObject(part.value) && isEcho(part.value.message);
	return fieldEvent(origin, echo ? 'message_echoes' : field, part);
}

function fieldEvent({ body, sentAt, ...origin }: Origin, field: string, { value, span }: Part) {
	const timestamp = messagingSchema.safeParse(value).data?.timestamp;
	const valueText = span === undefined ? 'null' : body.slice(span.start, span.end);
	return { ...origin, field, value: value ?? null, valueText, occurredAt: toMilliseconds(timestamp) ?? sentAt };
}

function unknownEvent(origin: Origin, field: string, part: Part): InstagramEvent {
	return { ...fieldEvent(origin, field, part), origin: 'unknown' };
}

const NOTHING: Part = { value: undefined, span: undefined };

/** Of repeated names the last counts, as in `JSON.parse`. */
function memberOf({ value, span }: Part, name: string): Part {
	if (!isJsonObject(value) || !Object.hasOwn(value, name)) return NOTHING;
	return { value: value[name], span: span?.inner[span.names.lastIndexOf(name)] };
}

function itemsOf({ value, span }: Part): readonly Part[] {
	return Array.isArray(value) ? value.map((item, index) => ({ value: item, span: span?.inner[index] })) : [];
}

function listOf(content: Part): readonly Part[] {
	if (Array.isArray(content.value)) return itemsOf(content);
	return content.value === undefined || content.value === null ? [] : [content];
}

function isListOfObjects(content: unknown): content is readonly JsonObject[] {
	return Array.isArray(content) && content.length > 0 && content.every(isJsonObject);
}

/**
 * Schemas of Meta's webhook bodies. Only what is used is named, everything may be missing, and unknown keys stay:
 * `splitEvents` keeps what does not fit a schema as its own event and never refuses it.
 */
const id = z.union([z.string(), z.number()]).nullish();
const time = z.union([z.number(), z.string()]).nullish();

/** `{ object, entry: [ … ] }`. Documentation prints an array around it; deliveries do not have one. */
const envelopeSchema = z.object({ object: z.string().nullish(), entry: z.array(z.unknown()).min(1) });

/** One account's share of a body. `time` is when the notification was *sent*, in seconds or milliseconds. */
const entrySchema = z.object({ id, time });

/** `changes[]`: the Graph fields, and messaging fields in the dashboard's tests. */
const changeSchema = z.object({ field: z.string().min(1), value: z.unknown() });

/** `messaging[]` and `standby[]`; `timestamp` is in milliseconds, or a text of seconds in the dashboard's tests. */
const messagingSchema = z.object({ timestamp: time });

/**
 * Meta's times come in seconds (`changes`) or milliseconds (`messaging`), as numbers or texts.
 * 1e11 seconds is the year 5138 and 1e11 milliseconds is 1973, so the size shows which it is.
 */
const FIRST_MILLISECONDS = 1e11;

/** The latest time a JavaScript date can hold, in milliseconds. */
const LAST_DATE = 8.64e15;

/** @returns milliseconds since 1970 (UTC), or null for anything else */
export function toMilliseconds(time: unknown): number | null {
	const number = typeof time === 'string' && /^\d{1,16}$/.test(time) ? Number(time) : time;
	if (typeof number !== 'number' || !(number > 0)) return null;
	const milliseconds = Math.round(number >= FIRST_MILLISECONDS ? number : number * 1000);
	return milliseconds <= LAST_DATE ? milliseconds : null;
}
