/**
 * Meta's times come in seconds (`changes`) or milliseconds (`messaging`), as numbers or texts.
 * 1e11 seconds is the year 5138 and 1e11 milliseconds is 1973, so the size tells which it is.
 */
const FIRST_MILLISECONDS = 1e11;

/** The latest time a JavaScript date can hold, in milliseconds. */
const LAST_DATE = 8.64e15;

/** @returns milliseconds since 1970 (UTC), or null for what is not a time */
export function toMilliseconds(time: unknown): number | null {
	const number = typeof time === 'string' && /^\d{1,16}$/.test(time) ? Number(time) : time;
	if (typeof number !== 'number' || !(number > 0)) return null;
	const milliseconds = Math.round(number >= FIRST_MILLISECONDS ? number : number * 1000);
	return milliseconds <= LAST_DATE ? milliseconds : null;
}
