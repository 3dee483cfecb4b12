import { setTimeout as wait } from 'node:timers/promises';

/**
 * Ask again and again until there is an answer.
 *
 * @param what the answer is, for the error message
 * @param ask returns the answer; when it returns undefined or false, or throws, it is called again
 * @throws {Error} no answer within `limitMs`; the cause is the last error of `ask`
 */
export async function until<T>(
	what: string,
	ask: () => Promise<T | undefined | false> | T | undefined | false,
	limitMs = 180_000,
): Promise<T> {
	const end = Date.now() + limitMs;
	let last: unknown;
	while (Date.now() < end) {
		try {
			const answer = await ask();
			if (answer !== undefined && answer !== false) return answer;
		} catch (error) {
			last = error;
		}
		await wait(100);
	}
	throw new Error(`waited ${limitMs / 1000} s for ${what}, without success`, { cause: last });
}
