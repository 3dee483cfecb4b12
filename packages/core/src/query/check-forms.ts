import { HOSTS, type Host } from '../catalog/host.ts';
import { nearestName } from '../catalog/nearest-name.ts';
import type { QueryProblem } from '../insights-error.ts';
import type { InsightsQuery, QueryContext } from './insights-query.ts';
import { problem } from './query-problem.ts';

const LISTS = ['metrics', 'fields', 'productTypes', 'mediaIds', 'already'];
const TEXTS = ['timeframe', 'period', 'since', 'until', 'compareWith', 'edge'];

/**
 * Problems of a question from plain JavaScript or JSON whose members have the wrong type. With any of
 * these, the rest cannot be checked.
 */
export function checkShapes(query: InsightsQuery): QueryProblem[] {
	return Object.entries(query).flatMap(([field, value]) => {
		if (value === undefined) return [];
		if (field === 'mediaIds' && Array.isArray(value) && value.some((id) => typeof id === 'number')) {
			const message =
				'A media ID is too large for a JavaScript number, which changes its last digits. Pass it as text, in quotes.';
			return [problem(field, 'not-a-list', message)];
		}
		if (LISTS.includes(field) && !isListOfText(value)) {
			return [
				problem(
					field,
					'not-a-list',
					`"${field}" must be a list of strings, such as ["…", "…"]. Leave it out for none.`,
				),
			];
		}
		if (field === 'breakdown' && typeof value !== 'string' && !isListOfText(value)) {
			return [
				problem(field, 'not-a-list', '"breakdown" must be a string or a list of strings. Leave it out for none.'),
			];
		}
		if (field === 'split' && !isListOfText(Object.values(value ?? {}))) {
			return [problem(field, 'not-a-text', '"split" must name a breakdown for each metric. Leave it out for none.')];
		}
		// A missing end of a range has its own message.
		if (TEXTS.includes(field) && typeof value !== 'string' && !(value === null && query.kind.startsWith('account'))) {
			return [problem(field, 'not-a-text', `"${field}" must be a string. Leave it out for none.`)];
		}
		return [];
	});
}

function isListOfText(value: unknown): boolean {
	return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** Problems of a limit, which must be a whole number above 0. */
export function checkLimit(limit: number | undefined): QueryProblem[] {
	if (limit === undefined || (Number.isSafeInteger(limit) && limit > 0)) return [];
	const value = typeof limit === 'number' ? String(limit) : JSON.stringify(limit);
	const message = `The limit must be a whole number above 0, not ${value}. Leave it out to read everything.`;
	return [problem('limit', 'bad-limit', message, { value })];
}

/** Problems of the ids whose insights are asked for. */
export function checkMediaIds(mediaIds: readonly string[]): QueryProblem[] {
	if (mediaIds.length === 0) {
		return [problem('mediaIds', 'no-media-ids', 'No media selected. Pass at least one media ID.')];
	}
	return [...new Set(mediaIds)].flatMap((value) => {
		if (isId(value)) return [];
		const message = `"${value}" is not a media ID.${whatElse(value)} A media ID has digits only, usually 17, such as 18000000000000001. It is in the field "id" of a media list.`;
		return [problem('mediaIds', 'not-a-media-id', message, { value })];
	});
}

/** Problems of the id of an account. */
export function checkAccountId(value: string, host: Host): QueryProblem[] {
	const isInstagram = HOSTS[host].loginType === 'instagram';
	if (isId(value) || (value === 'me' && isInstagram)) return [];
	const where = isInstagram ? 'the field "user_id" of /me' : 'the field "instagram_business_account" of its Page';
	const message = `"${value}" is not an account ID.${whatElse(value)} An account ID has digits only, usually 17 beginning with 1784, such as 17841400000000001. It is ${where}.`;
	return [problem('account', 'not-an-account-id', message, { value })];
}

function isId(value: string): boolean {
	return /^\d{1,25}$/.test(value);
}

/** What the value is instead of an ID, if its form shows that. */
function whatElse(value: string): string {
	if (value.trim() === '') return ' It is empty.';
	if (/instagram\.com|^https?:/i.test(value)) return ' A link is not an ID.';
	if (/^\d+(?:[.,]\d+)?e\+?\d+$/i.test(value)) return ' A spreadsheet has rounded it: keep IDs as text there.';
	if (/^@|^[a-z_.][\w.]*$/i.test(value)) return ' A user name or the code of a link is not an ID.';
	return '';
}

/** Problems of the media fields asked for: unknown names, names of the other host, names that make a whole page fail. */
export function checkMediaFields(
	fields: readonly string[] | undefined,
	context: QueryContext,
	owner: Exclude<Owner, 'the account'> = 'media',
): QueryProblem[] {
	return namesOf(fields).flatMap((name) => {
		const risk = HOSTS[context.host].riskyFields[name];
		if (risk && risk.code !== null) {
			const message = `The field "${name}" makes the whole list fail. ${risk.meaning} Leave it out.`;
			return [problem('fields', 'risky-field', message, { value: name })];
		}
		return checkName(name, owner, context);
	});
}

/** Problems of an edge that not every host has. */
export function checkUserEdge(edge: string, { host }: QueryContext): QueryProblem[] {
	if (HOSTS[host].userEdges.includes(edge)) return [];
	const other = (Object.keys(HOSTS) as Host[]).find((name) => HOSTS[name].userEdges.includes(edge));
	const message = other
		? `"${edge}" exists only with ${HOSTS[other].title} (${other}). Connect the account that way.`
		: `${edge ? `"${edge}" is not a list of media.` : 'The edge is missing.'} Choose "tags" or "collaborative_media".`;
	return [problem('edge', other ? 'wrong-host' : 'unknown-field', message, { value: edge, suggestion: other })];
}

/** Problems of the fields of the account asked for. */
export function checkProfileFields(fields: readonly string[] | undefined, context: QueryContext): QueryProblem[] {
	return namesOf(fields).flatMap((name) => checkName(name, 'the account', context));
}

/** The name under which a field is answered: of `children{id}` and `comments.limit(3)`, what precedes the brace or the point. */
export function memberOf(field: string): string {
	return field.replace(/[{.].*$/s, '');
}

function namesOf(fields: readonly string[] = []): string[] {
	return [...new Set(fields.map(memberOf))];
}

type Owner = 'media' | 'media of others' | 'the account';

function checkName(name: string, owner: Owner, context: QueryContext): QueryProblem[] {
	if (nearestName(name, ['insights']) !== undefined) {
		if (owner === 'media of others') {
			const message = `Only the owner of a post can read its insights. Leave "${name}" out.`;
			return [problem('fields', 'unknown-field', message, { value: name })];
		}
		const message = `"${name}" cannot be read as a field: Meta gives insights by metric. Name the metrics instead.`;
		return [problem('fields', 'insights-field', message, { value: name })];
	}
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
	return owner === 'the account' ? [...userFields, ...userEdges] : [...mediaFields, ...mediaEdges];
}
