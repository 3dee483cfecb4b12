import { InsightsError } from '../insights-error.ts';
import { redact } from './redact.ts';

/** A number of sixteen digits or more where a value stands; shorter ones are always exact. */
const LONG_INTEGER = /[:[,\s]-?\d{16}/;
const LOOKED_AT = 2000;
const SHOWN = 120;
/** Strings first, so that digits inside them are never taken for numbers. */
const STRING_OR_NUMBER = /"(?:[^"\\]+|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * JSON as a value, with every integer beyond 2^53 as a string of its exact digits: Meta has sent ids as bare numbers
 * (S40), and `JSON.parse` alone would round them. Everything else is as `JSON.parse` gives it, and as fast where no
 * such integer is in the text.
 *
 * @param what was asked, as the head of the message
 * @param secrets values that must not appear in the error, whatever they look like
 * @throws {InsightsError} `answer-unreadable`: the text is not JSON
 */
export function parseJson(text: string, what = 'Graph', secrets: readonly string[] = []): unknown {
	try {
		return JSON.parse(LONG_INTEGER.test(text) || /^\s*-?\d/.test(text) ? quoteLongIntegers(text) : text);
	} catch {
		throw new InsightsError(
			'answer-unreadable',
			`${redact(what, secrets)}: the answer is not JSON: ${excerpt(text, secrets)}`,
			{
				advice:
					'Something between here and Meta may have answered instead, or the answer was cut. Check the base address and try again.',
				// The engine's own words quote the text from its middle, where no rule knows half a token.
				cause: new SyntaxError(`not JSON, ${text.length} characters`),
			},
		);
	}
}

function quoteLongIntegers(text: string): string {
	return text.replace(STRING_OR_NUMBER, (token) =>
		/^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
	);
}

/** The beginning of a text on one line, without secrets. */
export function excerpt(text: string, secrets: readonly string[] = []): string {
	// Redacted before it is cut to what is shown: half a token is still half a token.
	const head = text.length > LOOKED_AT ? text.slice(0, LOOKED_AT).replace(/\S*$/, '') : text;
	const line = redact(head, secrets).replace(/\s+/g, ' ').trim();
	if (line === '') return text === '' ? '(empty)' : '(nothing to show)';
	return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}
