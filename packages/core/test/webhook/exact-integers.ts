/** A parsed value with every integer that a double cannot be sure of as its digits: what `parseExactJson` promises. */
export function withExactIntegers(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withExactIntegers);
	if (typeof value === 'object' && value !== null) {
		return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withExactIntegers(member)]));
	}
	if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
	return /^-?\d+$/.test(String(value)) ? String(value) : value;
}
