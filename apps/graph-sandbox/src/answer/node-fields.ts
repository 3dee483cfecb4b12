import { HOSTS, type HostName } from '../world/host.ts';
import type { Field } from './field-list.ts';
import { invalidParameter } from './refusals.ts';

/** How to answer one field: the value, or `undefined` to leave the key out as Meta does. */
export type FieldReader = (field: Field) => unknown;

/**
 * Answer the fields of a node in the order asked; `id` is always there.
 *
 * A name the node does not have is refused on Facebook and left out, silently, on Instagram.
 *
 * @param nodeType Meta's name for the node in its refusal, such as `ShadowIGMedia`
 * @throws {GraphRefusal}
 */
export function answerFields(
	host: HostName,
	nodeType: string,
	fields: readonly Field[],
	readers: Readonly<Record<string, FieldReader>>,
): Record<string, unknown> {
	const answer: Record<string, unknown> = {};
	for (const field of fields) {
		const reader = Object.hasOwn(readers, field.name) ? readers[field.name] : undefined;
		if (reader === undefined) {
			if (HOSTS[host].unknownField === 'left out') continue;
			throw invalidParameter(`Tried accessing nonexisting field (${field.name}) on node type (${nodeType})`);
		}
		const value = reader(field);
		if (value !== undefined) answer[field.key] = value;
	}
	if (answer.id === undefined) {
		const id = readers.id?.({ name: 'id', key: 'id', params: {}, fields: null });
		if (id !== undefined) answer.id = id;
	}
	return answer;
}

/** Keep of each object what the braces ask for, and `id`: `{name,values}`. */
export function onlyFields(data: readonly object[], fields: readonly Field[] | null): readonly object[] {
	if (fields === null) return data;
	const names = new Set([...fields.map((field) => field.name), 'id']);
	return data.map((item) => Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name))));
}
