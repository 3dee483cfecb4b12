import { hash } from 'node:crypto';
import { type EventIdentity, webhookFieldRow } from '../catalog/webhook-field.ts';
import type { InstagramEvent } from './instagram-event.ts';
import { inferMessagingField, isJsonObject } from './instagram-event.ts';

/**
 * What makes an event the same as an earlier one.
 *
 * Two events are duplicates when **both** parts agree. The same key with another content is not a duplicate: deliver it and
 * count it, since a wrong rule below must cost a second delivery, never a lost event.
 */
export type EventKey = {
	/** scope and identity, as a JSON array; null: never call this event a duplicate */
	readonly key: string | null;
	/** SHA-256 of the value's canonical JSON, base64url: the same however Meta writes the value */
	readonly contentHash: string;
};

/**
 * The key of an event over Meta's retries. It does not hold `entry.time`, which is the time of *sending* and may change
 * with each retry, except for a mention in a caption; nor anything of the request: one request has up to 1,000 updates.
 *
 * A sample, and an event whose value is not an object or an empty one, have no identity and get no key.
 */
export function eventKey(event: InstagramEvent): EventKey {
	const contentHash = hash('sha256', canonicalJson(event.value), 'base64url');
	if (!isIdentifiable(event)) return { key: null, contentHash };
	const { object, accountId, field } = event;
	return { key: JSON.stringify([object, accountId, field, ...identify(field, event, contentHash)]), contentHash };
}

function isIdentifiable({ value, sample }: InstagramEvent): boolean {
	return !sample && typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function identify(field: string, event: InstagramEvent, contentHash: string): readonly string[] {
	const identity = webhookFieldRow(field)?.identity ?? 'content';
	if (identity === 'inner') {
		const inner = isJsonObject(event.value) ? inferMessagingField(event.value) : field;
		return inner === field ? [contentHash] : [inner, ...identify(inner, event, contentHash)];
	}
	const parts = RULES[identity](event.value, contentHash, event.occurredAt);
	// A rule whose parts are missing falls back on the content, so a value without its id still has an identity.
	if (parts.some((part) => part === undefined)) return [contentHash];
	return parts.map((part) => shorten(part ?? ''));
}

type Rule = (value: unknown, contentHash: string, occurredAt: number | null) => readonly (string | undefined)[];

const RULES: Readonly<Record<Exclude<EventIdentity, 'inner'>, Rule>> = {
	comment: (value) => [at(value, 'id') ?? at(value, 'comment_id')],
	// IDs only. An edited caption mentions again with the same IDs, so there the time distinguishes the two.
	mention: (value, contentHash, occurredAt) => [
		at(value, 'media_id'),
		at(value, 'comment_id') ?? `caption ${occurredAt ?? ''}`,
		contentHash,
	],
	// A later payload of the same story with other numbers is news.
	story: (value, contentHash) => [at(value, 'media_id'), contentHash],
	message: (value) => [at(value, 'message', 'mid'), messageKind(value)],
	edit: (value) => [at(value, 'message_edit', 'mid'), at(value, 'message_edit', 'num_edit')],
	reaction: (value) => [
		at(value, 'reaction', 'mid'),
		at(value, 'sender', 'id'),
		at(value, 'reaction', 'action'),
		at(value, 'timestamp'),
	],
	seen: (value) => [at(value, 'read', 'mid'), at(value, 'sender', 'id')],
	postback: (value) =>
		at(value, 'postback', 'mid') === undefined
			? [at(value, 'sender', 'id'), at(value, 'timestamp'), at(value, 'postback', 'payload')]
			: [at(value, 'postback', 'mid')],
	conversation: (value) => [
		at(value, 'sender', 'id'),
		at(value, 'recipient', 'id'),
		at(value, 'timestamp'),
		isJsonObject(value) ? Object.keys(value).sort().join(' ') : undefined,
	],
	content: (_value, contentHash) => [contentHash],
};

/** The same `mid` comes again when the message is deleted, echoed or unsupported. */
function messageKind(value: unknown): string {
	if (flag(value, 'is_deleted')) return 'deleted';
	if (flag(value, 'is_unsupported')) return 'unsupported';
	return flag(value, 'is_echo') ? 'echo' : 'plain';
}

function flag(value: unknown, name: string): boolean {
	return isJsonObject(value) && isJsonObject(value.message) && value.message[name] === true;
}

/** The text or number at a path, as text. */
function at(value: unknown, ...path: readonly string[]): string | undefined {
	let here = value;
	for (const key of path) here = isJsonObject(here) && Object.hasOwn(here, key) ? here[key] : undefined;
	if (typeof here === 'number') return String(here);
	return typeof here === 'string' && here !== '' ? here : undefined;
}

/** Keys live in an index: a part of unusual length is replaced by its hash. Meta's longest, the `mid`, has about 200 letters. */
function shorten(part: string): string {
	return part.length <= 300 ? part : `sha256:${hash('sha256', JSON.stringify(part), 'base64url')}`;
}

/**
 * JSON with the keys of every object in code-unit order, so that equal values give equal texts however they were written.
 * Different values give different texts: strings are escaped well-formed, lone surrogates included.
 *
 * @param value parsed JSON, not deeper than `MAX_DEPTH` of split-events (it recurses)
 */
export function canonicalJson(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
	if (isJsonObject(value)) {
		const names = Object.keys(value).filter((name) => value[name] !== undefined);
		const members = names.sort().map((name) => `${JSON.stringify(name)}:${canonicalJson(value[name])}`);
		return `{${members.join(',')}}`;
	}
	return JSON.stringify(value ?? null);
}
