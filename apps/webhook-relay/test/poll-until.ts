/**
 * Wait for a condition by asking again, at most `timeoutMs`.
 *
 * @throws {Error} naming what was waited for
 */
export async function pollUntil<T>(
	what: string,
	probe: () => T | Promise<T>,
	{ timeoutMs = 10_000 }: { timeoutMs?: number } = {},
): Promise<NonNullable<T>> {
	const deadline = performance.now() + timeoutMs;
	for (;;) {
		const found = await probe();
		if (found) return found;
		if (performance.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
}
