import { syntaxError } from './refusals.ts';

/** One name of a `fields` parameter: `insights.metric(reach,views).period(day){name,values}`. */
export type Field = {
	readonly name: string;
	/** The part before `.as(…)` renames the key of the answer. */
	readonly key: string;
	/** `.metric(reach,views)` becomes `{ metric: 'reach,views' }`. */
	readonly params: Readonly<Record<string, string>>;
	/** What stands in braces; `null` without braces. */
	readonly fields: readonly Field[] | null;
};

/**
 * Read Graph's field expansion.
 *
 * @throws {GraphRefusal} code 2500 for what Graph cannot read either
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
	const { as, ...rest } = params;
	let fields: readonly Field[] | null = null;
	if (reader.text[reader.at] === '{') {
		reader.at += 1;
		fields = readFields(reader);
		if (reader.text[reader.at] !== '}') throw syntaxError('Expected end of string instead of "{".');
		reader.at += 1;
	}
	return { name, key: as ?? name, params: rest, fields };
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
