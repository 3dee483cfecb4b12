/**
 * Wait for a condition by asking again. The limit is for what never happens: long enough for a machine that is busy.
 *
 * @throws {Error} naming what was waited for
 */
export async function pollUntil<T>(
	what: string,
	probe: () => T | Promise<T>,
	{ timeoutMs = 60_000 }: { timeoutMs?: number } = {},
): Promise<NonNullable<T>> {
	const deadline = performance.now() + timeoutMs;
	for (;;) {
		const found = await probe();
		if (found) return found;
		if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}
