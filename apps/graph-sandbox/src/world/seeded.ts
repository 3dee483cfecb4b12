/**
 * Numbers that look random and never change: pure functions of their arguments, so years of data need no storage.
 */

/** A number in [0, 1) that depends on all parts and on nothing else. */
export function unit(...parts: readonly (string | number)[]): number {
	return hash(parts.join('\u0001')) / 0x1_0000_0000;
}

/** A whole number from `min` to `max`, both included. */
export function whole(min: number, max: number, ...parts: readonly (string | number)[]): number {
	return min + Math.floor(unit(...parts) * (max - min + 1));
}

/** One of `choices`, each as likely as the next. `choices` must not be empty. */
export function pick<T>(choices: readonly T[], ...parts: readonly (string | number)[]): T {
	const chosen = choices[Math.floor(unit(...parts) * choices.length)];
	if (chosen === undefined) throw new RangeError('pick: nothing to choose from');
	return chosen;
}

/** FNV-1a over the characters, then Murmur's finaliser, which spreads neighbouring keys far apart. */
function hash(text: string): number {
	let h = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) {
		h ^= text.charCodeAt(i);
		h = Math.imul(h, 0x01000193);
	}
	h ^= h >>> 16;
	h = Math.imul(h, 0x85ebca6b);
	h ^= h >>> 13;
	h = Math.imul(h, 0xc2b2ae35);
	h ^= h >>> 16;
	return h >>> 0;
}
