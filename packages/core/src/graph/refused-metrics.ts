/** What a refusal says about metrics, read from its text. */
export type RefusedMetrics = {
	/** Names the text gives. */
	readonly names: readonly string[];
	/** Position in the list of metrics asked, from `metric[N]`; null when not given. */
	readonly index: number | null;
	/** Names that would have been accepted, when the text lists them. */
	readonly allowed: readonly string[];
};

const NAME = '[a-z][a-z0-9_]*';
const LIST = `${NAME}(?:\\s*,\\s*${NAME})*`;

/** Texts that name metrics, one group each. */
const NAMING: readonly RegExp[] = [
	new RegExp(`does not support the (${LIST}) metric`, 'i'),
	new RegExp(`the (${LIST}) metrics? (?:is|are) no longer supported`, 'i'),
	new RegExp(`following metrics? \\((${LIST})\\)`, 'i'),
	new RegExp(`metrics? \\[(${LIST})\\]`, 'i'),
	new RegExp(`incompatible with the metrics? \\(?(${LIST})\\)?`, 'i'),
	new RegExp(`\\((${NAME})\\) metric only supports`, 'i'),
	new RegExp(`\\b(${NAME}) (?:metric )?only supports querying`, 'i'),
];
const INDEX = /metric\[(\d+)\] must be one of/i;
const ALLOWED = new RegExp(`metric\\[\\d+\\] must be one of the following values:\\s*(${LIST})`, 'i');

/** Which metrics a refusal is about, so that they can be left out and the others asked again. */
export function refusedMetrics(message: string): RefusedMetrics {
	const named = NAMING.map((pattern) => pattern.exec(message)?.[1]).find((list) => list !== undefined);
	const index = INDEX.exec(message)?.[1];
	return {
		names: named === undefined ? [] : split(named),
		index: index === undefined ? null : Number(index),
		allowed: split(ALLOWED.exec(message)?.[1] ?? ''),
	};
}

function split(list: string): string[] {
	return list
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '');
}
