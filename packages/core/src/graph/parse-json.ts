import { parseExactJson } from '../exact-json.ts';
import { InsightsError } from '../insights-error.ts';
import { redact } from '../redact.ts';

const LOOKED_AT = 2000;
const SHOWN = 120;

/**
 * The value of an answer, its numbers exact: see {@link parseExactJson}.
 *
 * @param what was asked, to begin the message with
 * @param secrets values that must not appear in the error, whatever they look like
 * @throws {InsightsError} `answer-unreadable`: the text is not JSON
 */
export function parseJson(text: string, what = 'Graph', secrets: readonly string[] = []): unknown {
	const parsed = parseExactJson(text);
	if (parsed.ok) return parsed.value;
	throw new InsightsError(
		'answer-unreadable',
		`${redact(what, secrets)}: the answer is not JSON: ${excerpt(text, secrets)}`,
		{
			advice:
				'Something on the way to Meta may have answered instead, or the answer was cut off. Check the base URL and try again.',
			// The engine's own message quotes the text from its middle, where half a token would not be recognized.
			cause: new SyntaxError(`not JSON, ${text.length} characters`),
		},
	);
}

/** The beginning of a text on one line, without secrets. */
export function excerpt(text: string, secrets: readonly string[] = []): string {
	// Redact before cutting: half a token would not be recognized any more.
	const head = text.length > LOOKED_AT ? text.slice(0, LOOKED_AT).replace(/\S*$/, '') : text;
	const line = redact(head, secrets).replace(/\s+/g, ' ').trim();
	if (line === '') return text === '' ? '(empty)' : '(nothing to show)';
	return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}
