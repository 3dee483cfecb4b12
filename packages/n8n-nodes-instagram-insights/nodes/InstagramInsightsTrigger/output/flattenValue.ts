/**
 * The members of a value at one level, their path joined by `_`: `{ from: { id } }` becomes `from_id`. A name that
 * repeats its parent's loses the repetition: `media.media_product_type` becomes `media_product_type`.
 *
 * Lists stay lists. Nothing is lost: when two paths meet in one name, the later ones keep their whole path, dots and all.
 */
export function flattenValue(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
	const flat = new Map<string, unknown>();
	for (const { path, leaf } of leaves(value, [])) {
		const name = path.reduce((parent, key) => (key.startsWith(`${parent}_`) ? key : `${parent}_${key}`));
		flat.set(flat.has(name) ? path.join('.') : name, leaf);
	}
	return Object.fromEntries(flat);
}

type Leaf = { readonly path: readonly string[]; readonly leaf: unknown };

function leaves(value: Readonly<Record<string, unknown>>, path: readonly string[]): Leaf[] {
	return Object.entries(value).flatMap(([key, member]) => {
		const here = [...path, key];
		return isBranch(member) ? leaves(member, here) : [{ path: here, leaf: member }];
	});
}

/** An object with something in it; an empty one is a leaf, or it would vanish. */
function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
}
