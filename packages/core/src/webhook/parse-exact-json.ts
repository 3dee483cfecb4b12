/** A parsed text, or why it could not be parsed. */
export type ExactJson = { ok: true; value: unknown } | { ok: false; reason: 'not-json' | 'too-deep' };

/** Deeper nesting is refused: everything that walks a value may then do so by recursion. Meta's bodies have about ten levels. */
export const MAX_DEPTH = 100;

/** A run of 16 or more digits outside quotes is the only thing `JSON.parse` may round; a run inside a text costs only time. */
const MAY_ROUND = /(?:^|[:[,\s-])\d{16,}/;

/**
 * Parse JSON and keep integers that a double cannot hold (from 2^53 on) as strings of their digits.
 *
 * Instagram's ids pass 2^53: `17841436214263005` read as a number becomes `…004`, another account.
 * Safe integers, fractions and exponents stay numbers. Repeated keys: the last wins, as in `JSON.parse`.
 */
export function parseExactJson(text: string): ExactJson {
	if (isDeeperThan(text, MAX_DEPTH)) return { ok: false, reason: 'too-deep' };
	try {
		return { ok: true, value: MAY_ROUND.test(text) ? JSON.parse(text, keepBigIntegers) : JSON.parse(text) };
	} catch {
		return { ok: false, reason: 'not-json' };
	}
}

/** The third argument is the source text of a primitive (ECMAScript 2026, in V8 since 11.4). */
function keepBigIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
	if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
	const source = context?.source;
	return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

function isDeeperThan(text: string, maxDepth: number): boolean {
	let depth = 0;
	for (let index = 0; index < text.length; index += 1) {
		const code = text.charCodeAt(index);
		if (code === QUOTE) {
			index = endOfString(text, index);
		} else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
			depth += 1;
			if (depth > maxDepth) return true;
		} else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
			depth -= 1;
		}
	}
	return false;
}

/** The index of the quote that ends the text starting at `start`, or the end of everything. */
function endOfString(text: string, start: number): number {
	let end = text.indexOf('"', start + 1);
	while (end !== -1) {
		let backslashes = 0;
		while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
		if (backslashes % 2 === 0) return end;
		end = text.indexOf('"', end + 1);
	}
	return text.length;
}
