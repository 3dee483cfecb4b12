import { InsightsError } from '../insights-error.ts';
import { redact } from './redact.ts';

/** A number of sixteen digits or more where a value stands; shorter ones are always exact. */
const LONG_INTEGER = /[:[,\s]-?\d{16}/;
/** Strings first, so that digits inside them are never taken for numbers. */
const STRING_OR_NUMBER = /"(?:[^"\\]+|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * JSON as a value, with every integer beyond 2^53 as a string of its exact digits: Meta has sent ids as bare numbers
 * (S40), and `JSON.parse` alone would round them. Everything else is as `JSON.parse` gives it, and as fast where no
 * such integer is in the text.
 *
 * @throws {InsightsError} `answer-unreadable`: the text is not JSON
 */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(LONG_INTEGER.test(text) || /^\s*-?\d/.test(text) ? quoteLongIntegers(text) : text);
	} catch (error) {
		throw new InsightsError('answer-unreadable', `The answer is not JSON: ${excerpt(text)}`, {
			advice:
				'Something between here and Meta may have answered instead, or the answer was cut. Check the base address and try again.',
			// The reason V8 gives quotes the text, so it is worded anew.
			cause: new SyntaxError(redact(error instanceof Error ? error.message : String(error))),
		});
	}
}

function quoteLongIntegers(text: string): string {
	return text.replace(STRING_OR_NUMBER, (token) =>
		/^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
	);
}

/** The beginning of a text on one line, without secrets. */
export function excerpt(text: string): string {
	// Redacted before it is cut: half a token is still half a token.
	const line = redact(text).replace(/\s+/g, ' ').trim();
	if (line === '') return '(empty)';
	return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
