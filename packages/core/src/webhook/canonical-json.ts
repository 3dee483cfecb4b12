/**
 * JSON with the keys of every object in code-unit order, so that equal values give equal texts however they were written.
 * Different values give different texts: strings are escaped well-formed, lone surrogates included.
 *
 * @param value parsed JSON, not deeper than `MAX_DEPTH` of split-events (it recurses)
 */
export function canonicalJson(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
	if (typeof value === 'object' && value !== null) {
		const members = Object.entries(value)
			.filter(([, member]) => member !== undefined)
			.sort(([left], [right]) => (left < right ? -1 : 1))
			.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
		return `{${members.join(',')}}`;
	}
	return JSON.stringify(value ?? null);
}
