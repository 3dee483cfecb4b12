import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Are two texts the same, without telling by the time taken where they differ or how long the expected one is.
 *
 * Both are hashed first: `timingSafeEqual` alone demands equal lengths, and refusing unequal ones early tells the length.
 */
export function equalInConstantTime(given: string, expected: string): boolean {
	return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Uint8Array {
	return createHash('sha256').update(text, 'utf8').digest();
}
