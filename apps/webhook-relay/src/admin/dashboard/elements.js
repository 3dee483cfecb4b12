// Building the page. Text goes in as text, never as markup: a payload cannot become part of the page.

/**
 * An element with properties and children. Strings become text nodes.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} properties `class`, `on<event>`, attributes; null and false are left out
 */
export function element(tag, properties = {}, ...children) {
	const made = document.createElement(tag);
	for (const [name, value] of Object.entries(properties)) {
		if (value === null || value === undefined || value === false) continue;
		if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
		else made.setAttribute(name, value === true ? '' : String(value));
	}
	made.append(...children.flat().filter((child) => child !== null && child !== undefined));
	return made;
}

/** A list of terms and their descriptions. */
export function facts(pairs) {
	return element(
		'dl',
		{ class: 'facts' },
		pairs
			.filter(([, value]) => value !== null)
			.flatMap(([term, value]) => [element('dt', {}, term), element('dd', {}, value)]),
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

/** "3 min ago", "in 20 s". */
export function ago(ms, now) {
	if (ms === null) return 'never';
	const seconds = Math.round((ms - now) / 1000);
	const [amount, unit] = [
		[86_400, 'day'],
		[3600, 'hour'],
		[60, 'minute'],
	].find(([size]) => Math.abs(seconds) >= size) ?? [1, 'second'];
	return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.round(seconds / amount), unit);
}

export const count = (number) => new Intl.NumberFormat('en').format(number);
export const clockTime = (ms) => (ms === null ? '–' : new Date(ms).toLocaleString());
