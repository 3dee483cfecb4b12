import { HOSTS, type HostName } from '../world/host.ts';
import { invalidParameter, syntaxError } from './refusals.ts';

/** One name of a `fields` parameter: `insights.metric(reach,views).period(day){name,values}`. */
export type Field = {
	readonly name: string;
	/** `.metric(reach,views)` becomes `{ metric: 'reach,views' }`. */
	readonly params: Readonly<Record<string, string>>;
	/** What stands in braces; `null` without braces. */
	readonly fields: readonly Field[] | null;
};

/**
 * Read Graph's field expansion.
 *
 * @throws {GraphRefusal} code 2500 for what Graph cannot read either; code 100 for an alias (`.as(…)`), which apps created since
 *   2026-11-04 may not use
 */
export function readFieldList(text: string): readonly Field[] {
	const reader = { text, at: 0 };
	const fields = readFields(reader);
	if (reader.at < text.length)
		throw syntaxError(`Unexpected end of fields at ${text.slice(reader.at, reader.at + 10)}`);
	return fields;
}

type Reader = { readonly text: string; at: number };

function readFields(reader: Reader): Field[] {
	const fields: Field[] = [];
	for (;;) {
		skipSpace(reader);
		if (reader.at >= reader.text.length || reader.text[reader.at] === '}') return fields;
		fields.push(readField(reader));
		skipSpace(reader);
		if (reader.text[reader.at] !== ',') return fields;
		reader.at += 1;
	}
}

function readField(reader: Reader): Field {
	const name = readWord(reader);
	const params: Record<string, string> = {};
	while (reader.text[reader.at] === '.') {
		reader.at += 1;
		const modifier = readWord(reader);
		params[modifier] = readArgument(reader);
	}
	if (params.as !== undefined) throw invalidParameter('Field aliases are deprecated in v27.0+');
	let fields: readonly Field[] | null = null;
	if (reader.text[reader.at] === '{') {
		reader.at += 1;
		fields = readFields(reader);
		if (reader.text[reader.at] !== '}') throw syntaxError('Expected end of string instead of "{".');
		reader.at += 1;
	}
	return { name, params, fields };
}

function readWord(reader: Reader): string {
	const word = /^[A-Za-z0-9_]+/.exec(reader.text.slice(reader.at, reader.at + 100))?.[0];
	if (word === undefined) throw syntaxError(`Expected name at character ${reader.at}`);
	reader.at += word.length;
	return word;
}

function readArgument(reader: Reader): string {
	if (reader.text[reader.at] !== '(') throw syntaxError(`Expected "(" at character ${reader.at}`);
	const end = reader.text.indexOf(')', reader.at);
	if (end < 0) throw syntaxError('Expected ")"');
	const argument = reader.text.slice(reader.at + 1, end);
	reader.at = end + 1;
	return argument.trim();
}

function skipSpace(reader: Reader): void {
	while (/\s/.test(reader.text[reader.at] ?? '')) reader.at += 1;
}

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
		if (value !== undefined) answer[field.name] = value;
	}
	if (answer.id === undefined) {
		const id = readers.id?.({ name: 'id', params: {}, fields: null });
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
