// Building the page. Text goes in as text, never as markup: a payload cannot become part of the page.

const SVG = new Set(['svg', 'g', 'rect', 'line', 'title']);

/**
 * An element with properties and children. Strings become text nodes.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} properties `class`, `on<event>`, attributes; null and false are left out
 */
export function element(tag, properties = {}, ...children) {
	const made = SVG.has(tag) ? document.createElementNS('http://www.w3.org/2000/svg', tag) : document.createElement(tag);
	for (const [name, value] of Object.entries(properties)) {
		if (value === null || value === undefined || value === false) continue;
		if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
		else made.setAttribute(name, value === true ? '' : String(value));
	}
	made.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== ''));
	return made;
}

export function button(text, onclick, properties = {}) {
	return element('button', { type: 'button', class: 'secondary', onclick, ...properties }, text);
}

/** A list of terms and their descriptions. */
export function facts(pairs) {
	return element(
		'dl',
		{ class: 'facts' },
		pairs
			.filter(([, value]) => value !== null)
			.map(([term, value]) => [element('dt', {}, term), element('dd', {}, value)]),
	);
}

/**
 * Make a list show these rows, touching only what changed, so that focus, open details and the reader's place stay.
 *
 * @param make makes the element of a row; it has an `update(row)`
 */
export function showRows(list, rows, keyOf, make) {
	const wanted = new Set(rows.map(keyOf));
	for (const child of [...list.children]) if (!wanted.has(child.dataset.key)) child.remove();
	const existing = new Map([...list.children].map((child) => [child.dataset.key, child]));
	let place = list.firstElementChild;
	for (const row of rows) {
		const key = keyOf(row);
		let child = existing.get(key);
		if (child === undefined) {
			child = make(row);
			child.dataset.key = key;
		}
		if (child === place) place = place.nextElementSibling;
		else list.insertBefore(child, place);
		child.update(row);
	}
}

/** Replace the content of an element only when its text changes. */
export function showContent(target, ...children) {
	const fresh = element('div', {}, ...children);
	if (fresh.textContent !== target.textContent) target.replaceChildren(...fresh.childNodes);
}

/** Keep a select's choices up to date, and what is chosen. */
export function showChoices(select, choices) {
	const same = choices.length === select.options.length - 1;
	if (
		same &&
		choices.every(
			([value, text], index) => select.options[index + 1].value === value && select.options[index + 1].text === text,
		)
	)
		return;
	const chosen = select.value;
	select.replaceChildren(select.options[0], ...choices.map(([value, text]) => element('option', { value }, text)));
	select.value = choices.some(([value]) => value === chosen) ? chosen : '';
}

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
		Math.abs(seconds) < 5
			? 'now'
			: new Intl.RelativeTimeFormat('en', { numeric: 'always' }).format(Math.round(seconds / size), unit);
	return element('time', { datetime: new Date(ms).toISOString(), title: exact(ms) }, words);
}

export const exact = (ms) =>
	ms === null ? '–' : new Date(ms).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
export const count = (number) => new Intl.NumberFormat('en').format(number);
export const plural = (number, one, many) => `${count(number)} ${number === 1 ? one : many}`;

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
