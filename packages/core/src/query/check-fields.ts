import { HOSTS, type Host } from '../catalog/host.ts';
import type { QueryProblem } from '../insights-error.ts';
import type { QueryContext } from './insights-query.ts';
import { nearestName, problem } from './query-problem.ts';

/** Problems of the media fields asked for: names no host has, names of the other host, names that fail a whole page. */
export function checkMediaFields(fields: readonly string[] | undefined, context: QueryContext): QueryProblem[] {
	return namesOf(fields).flatMap((name) => {
		const risk = HOSTS[context.host].riskyFields[name];
		if (risk && risk.code !== null) {
			const message = `The field "${name}" makes the whole list fail. ${risk.meaning} Leave it out.`;
			return [problem('fields', 'risky-field', message, { value: name })];
		}
		return checkName(name, 'media', context);
	});
}

/** Problems of an edge of the account that not every host has. */
export function checkUserEdge(edge: string, { host }: QueryContext): QueryProblem[] {
	if (HOSTS[host].userEdges.includes(edge)) return [];
	const other = (Object.keys(HOSTS) as Host[]).find((name) => HOSTS[name].userEdges.includes(edge));
	const message = other
		? `"${edge}" exists only with ${HOSTS[other].title} (${other}). Connect the account that way.`
		: `"${edge}" is not a list of media.`;
	return [problem('edge', other ? 'wrong-host' : 'unknown-field', message, { value: edge, suggestion: other })];
}

/** Problems of the fields of the account asked for. */
export function checkProfileFields(fields: readonly string[] | undefined, context: QueryContext): QueryProblem[] {
	return namesOf(fields).flatMap((name) => checkName(name, 'the account', context));
}

/** `children{id}` and `comments.limit(3)` are the field before the brace or the point. */
function namesOf(fields: readonly string[] = []): string[] {
	return [...new Set(fields.map((field) => /^[^{.]*/.exec(field)?.[0] ?? field))];
}

type Owner = 'media' | 'the account';

function checkName(name: string, owner: Owner, context: QueryContext): QueryProblem[] {
	const known = knownFields(owner, context.host);
	if (known.includes(name)) return [];
	const other: Host = context.host === 'graph.facebook.com' ? 'graph.instagram.com' : 'graph.facebook.com';
	if (knownFields(owner, other).includes(name)) {
		const message = `The field "${name}" exists only with ${HOSTS[other].title} (${other}). Leave it out.`;
		return [problem('fields', 'wrong-host', message, { value: name, suggestion: other })];
	}
	if (context.allowUnknown) return [];
	const suggestion = nearestName(name, known);
	const way = suggestion ? `Did you mean "${suggestion}"?` : 'Leave it out.';
	const message = `"${name}" is not a field of ${owner}. ${way}`;
	return [problem('fields', 'unknown-field', message, { value: name, suggestion })];
}

function knownFields(owner: Owner, host: Host): readonly string[] {
	const { userFields, userEdges, mediaFields, mediaEdges } = HOSTS[host];
	return owner === 'media' ? [...mediaFields, ...mediaEdges] : [...userFields, ...userEdges];
}
