import { HOSTS, type Host } from '../catalog/host.ts';
import { PRODUCT_TYPES } from '../catalog/product-type.ts';
import type { QueryProblem } from '../insights-error.ts';
import { nearestName } from './nearest-name.ts';
import { either, problem } from './query-problem.ts';

/** Values of `media_type`, which are easily taken for product types. */
const MEDIA_TYPES = ['IMAGE', 'VIDEO', 'CAROUSEL_ALBUM'];

/** Problems of the product types a list is narrowed to. */
export function checkProductTypes(productTypes: readonly string[] | undefined): QueryProblem[] {
	const names = Object.keys(PRODUCT_TYPES).filter((name) => name !== 'STORY');
	return [...new Set(productTypes)].flatMap((value) => {
		if (value === 'STORY') {
			const message = 'Stories are not among the media: ask for stories instead.';
			return [problem('productTypes', 'unknown-product-type', message, { value })];
		}
		if (MEDIA_TYPES.includes(value)) {
			const message = `"${value}" is a media type, and says nothing of where it was published. Choose ${either(names)}.`;
			return [problem('productTypes', 'unknown-product-type', message, { value, suggestion: 'FEED' })];
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
