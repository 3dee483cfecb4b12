/**
 * Is this the long run (`LONG_TESTS=1`)? Everyday runs do the same with fewer kills and inputs.
 * Anything but 0 and 1 fails, so that a short run is never taken for a long one.
 */
export function isLongRun(): boolean {
	const long = process.env.LONG_TESTS ?? '0';
	if (long !== '0' && long !== '1') throw new Error(`LONG_TESTS is "${long}": use 0 or 1`);
	return long === '1';
}
