import { HOSTS, type Host } from '../catalog/host.ts';
import { PRODUCT_TYPES } from '../catalog/product-type.ts';
import type { QueryProblem } from '../insights-error.ts';
import type { QueryContext } from './insights-query.ts';
import { nearestName } from './nearest-name.ts';
import { either, problem } from './query-problem.ts';

/** Problems of the media fields asked for: names no host has, names of the other host, names that fail a whole page. */
export function checkFields(fields: readonly string[] | undefined, context: QueryContext): QueryProblem[] {
	const row = HOSTS[context.host];
	const known = [...row.mediaFields, ...row.mediaEdges];
	return [...new Set(fields)].flatMap((field) => {
		// `children{id}` and `comments.limit(3)` are the field before the brace or the point.
		const name = /^[^{.]*/.exec(field)?.[0] ?? field;
		const risk = row.riskyFields[name];
		if (risk && risk.code !== null) {
			const message = `The field "${name}" makes the whole list fail. ${risk.meaning} Leave it out.`;
			return [problem('fields', 'risky-field', message, { value: name })];
		}
		if (known.includes(name)) return [];
		const other = otherHost(context.host);
		if ([...HOSTS[other].mediaFields, ...HOSTS[other].mediaEdges].includes(name)) {
			const message = `The field "${name}" exists only with ${HOSTS[other].title} (${other}). Leave it out.`;
			return [problem('fields', 'wrong-host', message, { value: name, suggestion: other })];
		}
		if (context.allowUnknown) return [];
		const suggestion = nearestName(name, known);
		const way = suggestion ? `Did you mean "${suggestion}"?` : 'Leave it out.';
		return [
			problem('fields', 'unknown-field', `"${name}" is not a field of media. ${way}`, { value: name, suggestion }),
		];
	});
}

/** Problems of the product types a list is narrowed to. */
export function checkProductTypes(productTypes: readonly string[] | undefined): QueryProblem[] {
	const names = Object.keys(PRODUCT_TYPES).filter((name) => name !== 'STORY');
	return [...new Set(productTypes)].flatMap((value) => {
		if (value === 'STORY') {
			const message = 'Stories are not among the media: ask for stories instead.';
			return [problem('productTypes', 'unknown-product-type', message, { value })];
		}
		// Meta's types are in capitals; a new one passes, a known one in the wrong case does not.
		if (names.includes(value) || (/^[A-Z_]+$/.test(value) && nearestName(value, names) === undefined)) return [];
		const suggestion = nearestName(value, names);
		const message = `"${value}" is not a kind of media. Choose ${either(names)}.`;
		return [problem('productTypes', 'unknown-product-type', message, { value, suggestion })];
	});
}

/** Problems of a limit: it counts items, so it is a whole number above 0. */
export function checkLimit(limit: number | undefined): QueryProblem[] {
	if (limit === undefined || (Number.isSafeInteger(limit) && limit > 0)) return [];
	const message = `The limit is ${limit}. Give a whole number above 0, or none to read everything.`;
	return [problem('limit', 'bad-limit', message, { value: String(limit) })];
}

/** Problems of the ids whose insights are asked for. */
export function checkMediaIds(mediaIds: readonly string[]): QueryProblem[] {
	if (mediaIds.length === 0) {
		return [problem('mediaIds', 'no-media-ids', 'No media is named. Give at least one media id.')];
	}
	return [...new Set(mediaIds)].flatMap((value) => {
		if (/^\d+$/.test(value)) return [];
		const link = /instagram\.com|^https?:/.test(value) ? 'A link is not an id. ' : '';
		const message = `"${value}" is not a media id. ${link}Give the number in the field "id" of a media list, for example 18000000000000001.`;
		return [problem('mediaIds', 'not-a-media-id', message, { value })];
	});
}

function otherHost(host: Host): Host {
	return host === 'graph.facebook.com' ? 'graph.instagram.com' : 'graph.facebook.com';
}
