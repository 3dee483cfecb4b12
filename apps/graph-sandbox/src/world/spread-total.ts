/**
 * Share a whole number out by weight: the parts are whole and add up to it. What rounding leaves over goes to the largest
 * remainders, the earlier part first.
 *
 * @param weights at least one above 0
 */
export function spreadTotal(total: number, weights: readonly number[]): readonly number[] {
	const sum = weights.reduce((all, weight) => all + weight, 0);
	const exact = weights.map((weight) => (total * weight) / sum);
	const parts = exact.map(Math.floor);
	const left = total - parts.reduce((all, part) => all + part, 0);
	const next = exact
		.map((value, index) => ({ index, remainder: value - Math.floor(value) }))
		.sort((a, b) => b.remainder - a.remainder || a.index - b.index)
		.slice(0, left);
	for (const { index } of next) parts[index] = (parts[index] ?? 0) + 1;
	return parts;
}
