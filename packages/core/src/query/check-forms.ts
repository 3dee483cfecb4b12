import { HOSTS, type Host } from '../catalog/host.ts';
import type { QueryProblem } from '../insights-error.ts';
import type { InsightsQuery } from './insights-query.ts';
import { problem } from './query-problem.ts';

const LISTS = ['metrics', 'fields', 'productTypes', 'mediaIds', 'already'];
const TEXTS = ['timeframe', 'period', 'since', 'until'];

/**
 * Problems of a question from plain JavaScript or JSON whose members are of another type than they should. With any of
 * these the rest cannot be judged.
 */
export function checkShapes(query: InsightsQuery): QueryProblem[] {
	return Object.entries(query).flatMap(([field, value]) => {
		if (value === undefined) return [];
		if (field === 'mediaIds' && Array.isArray(value) && value.some((id) => typeof id === 'number')) {
			const message =
				'A media id is a number too large for JavaScript, which changes its last digits: give it as text, in quotes.';
			return [problem(field, 'not-a-list', message)];
		}
		if (LISTS.includes(field) && !isListOfText(value)) {
			return [
				problem(field, 'not-a-list', `"${field}" is a list of texts, such as ["…", "…"]. Leave it out for none.`),
			];
		}
		if (field === 'breakdown' && typeof value !== 'string' && !isListOfText(value)) {
			return [problem(field, 'not-a-list', '"breakdown" is a text or a list of texts. Leave it out for none.')];
		}
		// A missing end of a range has a better sentence of its own.
		if (TEXTS.includes(field) && typeof value !== 'string' && !(value === null && query.kind.startsWith('account'))) {
			return [problem(field, 'not-a-text', `"${field}" is a text. Leave it out for none.`)];
		}
		return [];
	});
}

function isListOfText(value: unknown): boolean {
	return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

/** Problems of a limit: it counts items, so it is a whole number above 0. */
export function checkLimit(limit: number | undefined): QueryProblem[] {
	if (limit === undefined || (Number.isSafeInteger(limit) && limit > 0)) return [];
	const said = Number.isNaN(limit) ? 'not a number' : limit;
	const message = `The limit is ${said}. Give a whole number above 0, or no limit to read everything.`;
	return [problem('limit', 'bad-limit', message, { value: String(limit) })];
}

/** Problems of the ids whose insights are asked for. */
export function checkMediaIds(mediaIds: readonly string[]): QueryProblem[] {
	if (mediaIds.length === 0) {
		return [problem('mediaIds', 'no-media-ids', 'No media is named. Give at least one media id.')];
	}
	return [...new Set(mediaIds)].flatMap((value) => {
		if (isId(value)) return [];
		const message = `"${value}" is not a media id.${whatElse(value)} A media id has digits only, mostly 17 of them, such as 18000000000000001: it stands in the field "id" of a media list.`;
		return [problem('mediaIds', 'not-a-media-id', message, { value })];
	});
}

/** Problems of the id of an account. */
export function checkAccountId(value: string, host: Host): QueryProblem[] {
	const isInstagram = HOSTS[host].loginType === 'instagram';
	if (isId(value) || (value === 'me' && isInstagram)) return [];
	const where = isInstagram ? 'the field "user_id" of /me' : 'the field "instagram_business_account" of its Page';
	const message = `"${value}" is not an account id.${whatElse(value)} An account id has digits only, mostly 17 of them beginning with 1784, such as 17841400000000001: it is ${where}.`;
	return [problem('account', 'not-an-account-id', message, { value })];
}

function isId(value: string): boolean {
	return /^\d+$/.test(value);
}

/** What was given instead of an id, where its form shows that. */
function whatElse(value: string): string {
	if (value.trim() === '') return ' It is empty.';
	if (/instagram\.com|^https?:/i.test(value)) return ' A link is not an id.';
	if (/^\d+(?:[.,]\d+)?e\+?\d+$/i.test(value)) return ' A spreadsheet has rounded it: keep ids as text there.';
	if (/^@|^[a-z_.][\w.]*$/i.test(value)) return ' A user name or the code of a link is not an id.';
	return '';
}
