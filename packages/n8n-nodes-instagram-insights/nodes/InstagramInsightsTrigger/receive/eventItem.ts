import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { withReasons } from '../../rows/columns';
import type { TriggerEvent } from './receiveEvents';

/** The item for one event: everything as Meta sent it, or flat columns. */
export function eventItem(event: TriggerEvent, { simplify }: { readonly simplify: boolean }): INodeExecutionData {
	return { json: (simplify ? simpleRow(event) : rawRow(event)) as IDataObject };
}

function rawRow(event: TriggerEvent): Record<string, unknown> {
	return { ...ownColumns(event), ...event.details, value: event.value };
}

/** The marks `sample` and `replay` are present only when they are true. */
function ownColumns({ object, field, accountId, occurredAt, eventId, sample, replay }: TriggerEvent) {
	const marks = { ...(sample ? { sample } : {}), ...(replay ? { replay } : {}) };
	return { account_id: accountId, object, field, occurred_at: occurredAt, event_id: eventId, ...marks };
}

/**
 * One level with Meta's names, the trigger's own columns first. If a member of Meta's has the name of one of them, it gets the
 * prefix `value_`.
 */
function simpleRow(event: TriggerEvent): Record<string, unknown> {
	const members = Object.entries(simpleValue(event)).map(([name, member]): [string, unknown] => [
		OWN_NAMES.has(name) ? `value_${name}` : name,
		member,
	]);
	return Object.fromEntries([...Object.entries(ownColumns(event)), ...members]);
}

/** Includes the marks, even when they are not set: a member of Meta's value must not pass for a mark. */
const OWN_NAMES = new Set(['account_id', 'object', 'field', 'occurred_at', 'event_id', 'sample', 'replay']);

function simpleValue({ field, value }: TriggerEvent): Readonly<Record<string, unknown>> {
	if (value === null || value === undefined) return {};
	const flat = flattenValue(typeof value === 'object' && !Array.isArray(value) ? { ...value } : { value });
	if (field === 'story_insights') return withoutFloors(flat);
	if (field === 'comments' || field === 'live_comments') return withCommentId(flat);
	return flat;
}

/** Meta sends a comment's id as `id` or as `comment_id`. */
function withCommentId({ id, ...rest }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
	if (id === undefined || rest.comment_id !== undefined) return id === undefined ? rest : { id, ...rest };
	return { comment_id: id, ...rest };
}

/** Meta writes -1 for counts under five. They become null with a reason, because the number is unknown. */
function withoutFloors(numbers: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
	const hidden = Object.keys(numbers).filter((name) => numbers[name] === -1);
	const shown = { ...numbers, ...Object.fromEntries(hidden.map((name) => [name, null])) };
	return withReasons(
		shown as IDataObject,
		hidden.map((column) => ({ column, reason: 'privacy-floor' as const })),
	);
}

/**
 * The members of a value at one level, their path joined by `_`: `{ from: { id } }` becomes `from_id`. A name that
 * repeats its parent's name drops the repetition: `media.media_product_type` becomes `media_product_type`.
 *
 * Entries of lists have their place in the path, from 0. What is empty becomes null. If two paths result in one name, the
 * later ones keep their full path with dots.
 */
export function flattenValue(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const flat = new Map<string, unknown>();
	for (const { path, leaf } of leaves(value, [])) {
		const name = path.reduce((parent, key) => (key.startsWith(`${parent}_`) ? key : `${parent}_${key}`));
		flat.set(flat.has(name) ? path.join('.') : name, leaf);
	}
	return Object.fromEntries(flat);
}

type Leaf = { readonly path: readonly string[]; readonly leaf: unknown };

function leaves(value: Readonly<Record<string, unknown>>, path: readonly string[]): Leaf[] {
	return Object.entries(value).flatMap(([key, member]) => {
		const here = [...path, key];
		if (typeof member !== 'object' || member === null) return [{ path: here, leaf: member }];
		const inside = leaves({ ...member }, here);
		// An empty one would vanish.
		return inside.length > 0 ? inside : [{ path: here, leaf: null }];
	});
}
