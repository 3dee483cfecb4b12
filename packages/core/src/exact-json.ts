/** A parsed text, or why it could not be parsed. */
export type ExactJson = { ok: true; value: unknown } | { ok: false; reason: 'not-json' };

/** Where a value is in its text, and where the values directly inside it are, to the requested depth. */
export type JsonSpan = {
	readonly start: number;
	/** exclusive */
	readonly end: number;
	/** names of the members in the order of the text, one for each of `inner`; empty for a list */
	readonly names: readonly string[];
	readonly inner: readonly JsonSpan[];
};

/** A parsed text with the places of its values, or why it could not be parsed. */
export type LocatedJson =
	| { ok: true; value: unknown; span: JsonSpan }
	| { ok: false; reason: 'not-json' | 'too-deep' | 'too-many' };

type ScanLimits = { readonly maxDepth: number; readonly maxPlaces?: number; readonly maxValues?: number };

/**
 * Parse JSON, and keep every number that `JSON.parse` would change as text: integers beyond 2^53, decimals longer
 * than a double, `1e400`. Everything else equals the result of `JSON.parse`, at the same speed if there is no such number.
 *
 * Instagram's ids pass 2^53: `17841436214263005` read as a number becomes `…004`, another account.
 */
export function parseExactJson(text: string): ExactJson {
	return parse(mayChange(text) ? quoteNumbers(text, new Scan(text, 0).numbers) : text);
}

/**
 * {@link parseExactJson}, with the places of the values down to `levels` below the whole.
 *
 * @param limits.maxDepth deeper nesting is refused, so that code can walk the value recursively
 * @param limits.maxPlaces more values within `levels` are refused, before their places take memory and time
 * @param limits.maxValues more values below `levels` are refused, before they are parsed
 */
export function locateExactJson(
	text: string,
	{ levels, ...limits }: ScanLimits & { readonly levels: number },
): LocatedJson {
	const { span, numbers, refusal } = new Scan(text, levels, limits);
	if (refusal !== null) return { ok: false, reason: refusal };
	const parsed = parse(quoteNumbers(text, numbers));
	return parsed.ok ? { ...parsed, span } : parsed;
}

/** Three digits of an exponent: the fewest that may not fit a double. */
const LONG_EXPONENT = /\d[eE][+-]?\d{3}/;

/**
 * Whether the text may contain a number that `JSON.parse` changes: one of sixteen characters or more, or with a long
 * exponent. Every run of sixteen characters covers one of the checked indexes, so this costs little compared with parsing.
 */
function mayChange(text: string): boolean {
	if (LONG_EXPONENT.test(text)) return true;
	for (let index = LONG - 1; index < text.length; index += LONG) {
		if (!isDigitOrPoint(text.charCodeAt(index))) continue;
		let start = index;
		while (isDigitOrPoint(text.charCodeAt(start - 1))) start -= 1;
		let end = index;
		while (isDigitOrPoint(text.charCodeAt(end))) end += 1;
		if (end - start >= LONG && mayPrecedeNumber(text.charCodeAt(start - 1))) return true;
		index = end;
	}
	return false;
}

function mayPrecedeNumber(code: number): boolean {
	return Number.isNaN(code) || code <= SPACE || [COLON, COMMA, OPEN_BRACKET, MINUS].includes(code);
}

function parse(text: string): ExactJson {
	try {
		return { ok: true, value: JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text) };
	} catch {
		return { ok: false, reason: 'not-json' };
	}
}

/** @param numbers start and end of each, in order */
function quoteNumbers(text: string, numbers: readonly number[]): string {
	if (numbers.length === 0) return text;
	const parts: string[] = [];
	let done = 0;
	for (let index = 0; index < numbers.length; index += 2) {
		const [start, end] = [numbers[index], numbers[index + 1]];
		parts.push(text.slice(done, start), '"', text.slice(start, end), '"');
		done = end ?? done;
	}
	parts.push(text.slice(done));
	return parts.join('');
}

const NONE: readonly never[] = [];

/** Shorter numbers fit a double exactly. */
const LONG = 16;

const TAB = 0x09;
const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const SPACE = 0x20;
const BYTE_ORDER_MARK = 0xfeff; // some senders begin with it, and JSON.parse refuses it
const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const UPPER_E = 0x45;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const LOWER_A = 0x61;
const LOWER_E = 0x65;
const LOWER_Z = 0x7a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * One pass over a text that it assumes to be JSON. On other texts it ends too, with meaningless places, and
 * `JSON.parse` refuses the text afterwards.
 */
class Scan {
	readonly span: JsonSpan;
	/** start and end of each number that is to be quoted */
	readonly numbers: number[] = [];
	/** the limit at which the pass ended */
	refusal: 'too-deep' | 'too-many' | null = null;
	private places = 0;
	private values = 0;
	private readonly text: string;
	private readonly limits: Required<ScanLimits>;
	private at = 0;

	constructor(text: string, levels: number, limits: ScanLimits = { maxDepth: Number.POSITIVE_INFINITY }) {
		this.text = text;
		this.limits = { maxPlaces: Number.POSITIVE_INFINITY, maxValues: Number.POSITIVE_INFINITY, ...limits };
		this.span = this.value(levels, 0);
	}

	private value(levels: number, depth: number): JsonSpan {
		this.places += 1;
		if (this.places > this.limits.maxPlaces) this.end('too-many');
		const code = this.skipSpace();
		if (levels > 0 && code === OPEN_BRACE) return this.inside(CLOSE_BRACE, levels, depth + 1);
		if (levels > 0 && code === OPEN_BRACKET) return this.inside(CLOSE_BRACKET, levels, depth + 1);
		const start = this.at;
		this.pass(depth);
		return { start, end: this.at, names: NONE, inner: NONE };
	}

	private inside(close: number, levels: number, depth: number): JsonSpan {
		const start = this.at;
		const [names, inner]: [string[], JsonSpan[]] = [[], []];
		this.at += 1;
		this.reach(depth);
		for (let code = this.skipSpace(); this.at < this.text.length && code !== close; code = this.skipSpace()) {
			if (code === COMMA || code === COLON) {
				this.at += 1;
			} else if (close === CLOSE_BRACE && names.length === inner.length) {
				names.push(this.name());
			} else {
				inner.push(this.value(levels - 1, depth));
			}
		}
		this.at += 1;
		return { start, end: this.at, names, inner };
	}

	/** Skip one value, looking only at its numbers. */
	private pass(depth: number): void {
		const { text } = this;
		let nested = 0;
		do {
			const code = text.charCodeAt(this.at);
			if (code === QUOTE) {
				this.at = endOfString(text, this.at);
			} else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
				nested += 1;
				this.at += 1;
				this.reach(depth + nested);
				this.count();
			} else if (code === COMMA) {
				this.at += 1;
				this.count();
			} else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
				nested -= 1;
				this.at += 1;
			} else if (code === MINUS || (code >= ZERO && code <= NINE)) {
				this.number();
			} else {
				this.at += 1;
				// `true`, `false` or `null` as the value itself
				while (nested === 0 && isLetter(text.charCodeAt(this.at))) this.at += 1;
			}
		} while (nested > 0 && this.at < text.length);
	}

	private number(): void {
		const { text } = this;
		const start = this.at;
		let end = start;
		let exponent = false;
		for (let code = text.charCodeAt(end); isInNumber(code); code = text.charCodeAt(end)) {
			exponent ||= code === UPPER_E || code === LOWER_E;
			end += 1;
		}
		this.at = end;
		if ((end - start < LONG && !exponent) || !isChanged(text.slice(start, end))) return;
		// In quotes, a number in place of a member name would look like a name.
		if (this.skipSpace() !== COLON) this.numbers.push(start, end);
		this.at = end;
	}

	private name(): string {
		const start = this.at;
		this.at = this.text.charCodeAt(start) === QUOTE ? endOfString(this.text, start) : start + 1;
		const written = this.text.slice(start, this.at);
		if (!written.includes('\\')) return written.slice(1, -1);
		const parsed = parse(written);
		return parsed.ok ? String(parsed.value) : '';
	}

	/** @returns the character at that place; NaN at the end */
	private skipSpace(): number {
		let code = this.text.charCodeAt(this.at);
		while (code === SPACE || code === LINE_FEED || code === RETURN || code === TAB || code === BYTE_ORDER_MARK) {
			this.at += 1;
			code = this.text.charCodeAt(this.at);
		}
		return code;
	}

	private reach(depth: number): void {
		if (depth > this.limits.maxDepth) this.end('too-deep');
	}

	/** Each value stands after a comma, or is the first in a list or object. */
	private count(): void {
		this.values += 1;
		if (this.values > this.limits.maxValues) this.end('too-many');
	}

	private end(refusal: 'too-deep' | 'too-many'): void {
		this.refusal ??= refusal;
		this.at = this.text.length;
	}
}

/** The index after the quote that ends the string starting at `start`, or the end of everything. */
function endOfString(text: string, start: number): number {
	let end = text.indexOf('"', start + 1);
	while (end !== -1) {
		let backslashes = 0;
		while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1;
		if (backslashes % 2 === 0) return end + 1;
		end = text.indexOf('"', end + 1);
	}
	return text.length;
}

function isLetter(code: number): boolean {
	return code >= LOWER_A && code <= LOWER_Z;
}

function isDigitOrPoint(code: number): boolean {
	return (code >= ZERO && code <= NINE) || code === POINT;
}

function isInNumber(code: number): boolean {
	return isDigitOrPoint(code) || code === MINUS || code === PLUS || code === UPPER_E || code === LOWER_E;
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** Whether the double is another number: its shortest form, or its form with as many digits, differs. */
function isChanged(token: string): boolean {
	const [, whole, fraction, exponent] = NUMBER.exec(token) ?? [];
	// JSON.parse refuses what is not a JSON number.
	if (whole === undefined) return false;
	const number = Number(token);
	if (fraction === undefined && exponent === undefined) return !Number.isSafeInteger(number);
	const digits = significant(`${whole}${fraction ?? ''}`);
	if (digits === '' || !Number.isFinite(number) || digits.length > LONGEST_WRITTEN) return digits !== '';
	return (
		significant(number.toExponential()) !== digits && significant(number.toExponential(digits.length - 1)) !== digits
	);
}

/** The most digits `toExponential` writes. */
const LONGEST_WRITTEN = 101;

/** The digits of a number without its sign, point, exponent and the zeros around them. */
function significant(number: string): string {
	return number.replace(/[-.]|e.*/g, '').replace(/^0+|0+$/g, '');
}
