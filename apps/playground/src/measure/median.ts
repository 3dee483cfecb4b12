/** The middle one of some numbers; of an even count, the mean of the two in the middle. */
export function median(numbers: readonly number[]): number {
	const sorted = [...numbers].sort((a, b) => a - b);
	const half = Math.floor(sorted.length / 2);
	const [low = Number.NaN, high = Number.NaN] =
		sorted.length % 2 === 1 ? [sorted[half], sorted[half]] : sorted.slice(half - 1);
	return (low + high) / 2;
}
