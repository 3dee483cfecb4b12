/**
 * How many inputs a property test tries: few in everyday runs, at least 100,000 with `LONG_TESTS=1`.
 * Fails when the variable is there but says neither, so that a long run is never mistaken for one.
 */
export function randomRuns(): { numRuns: number } {
	const long = process.env.LONG_TESTS ?? '0';
	if (long !== '0' && long !== '1') throw new Error(`LONG_TESTS is "${long}": use 0 or 1`);
	return { numRuns: long === '1' ? 100_000 : 300 };
}
