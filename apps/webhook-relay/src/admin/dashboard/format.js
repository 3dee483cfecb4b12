// Numbers, times and JSON as people read them.
import { html } from './lit-html/lit-html.js';

const UNITS = [
	[86_400, 'day'],
	[3600, 'hour'],
	[60, 'minute'],
	[1, 'second'],
];

/** "3 minutes ago", "in 20 seconds", with the exact time on hover. */
export function time(ms, now) {
	if (ms === null) return 'never';
	const seconds = Math.round((ms - now) / 1000);
	const [size, unit] = UNITS.find(([least]) => Math.abs(seconds) >= least) ?? [1, 'second'];
	const words =
		Math.abs(seconds) < 5 ? 'just now' : new Intl.RelativeTimeFormat('en').format(Math.round(seconds / size), unit);
	return html`<time datetime=${new Date(ms).toISOString()} title=${exact(ms)}>${words}</time>`;
}

export const exact = (ms) =>
	ms === null ? '–' : new Date(ms).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
export const count = (number) => new Intl.NumberFormat('en').format(number);
export const plural = (number, one, many) => `${count(number)} ${number === 1 ? one : many}`;

/** `@bakery` where the name is known, else the ID. */
export const accountName = (names, id) => (names[id] === undefined ? id || 'no account' : `@${names[id]}`);

/** JSON text with line breaks and readable letters. Not parsed as a whole: numbers and repeated keys stay as they came. */
export function indentJson(text) {
	let [depth, out] = [0, ''];
	const line = () => `\n${'  '.repeat(depth)}`;
	for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{[](?:\s*[}\]])?|[}\],:]|[^\s{}[\],:"]+/g)) {
		if (token === '{' || token === '[') {
			depth += 1;
			out += token + line();
		} else if (token === '}' || token === ']') {
			depth -= 1;
			out += line() + token;
		} else if (token === ',') out += token + line();
		else if (token.startsWith('"')) out += JSON.stringify(JSON.parse(token));
		else out += token === ':' ? ': ' : token;
	}
	return out;
}
