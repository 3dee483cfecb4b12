import type { AccountTruth } from '../world/account-truth.ts';
import type { Media } from '../world/media.ts';
import { startOfDay } from '../world/pacific-day.ts';
import { type Call, mayReadStories } from './call.ts';
import { type Field, readFieldList } from './field-list.ts';
import { mediaFields } from './media-node.ts';
import { requireLightPage } from './page-work.ts';
import { cursorPage } from './paging.ts';
import { invalidParameter, noPermission } from './refusals.ts';

/** The edge ends here, however much the account has posted. */
const NEWEST = 10_000;

/**
 * `GET /{ig-user-id}/media`: posts newest first, stories apart, cursor paging, optional `since` and `until`.
 * One medium whose insights are refused fails the whole page.
 *
 * @param fields what to tell of each; read from `params.fields` when `null`
 * @throws {GraphRefusal}
 */
export function mediaEdge(
	call: Call,
	account: AccountTruth,
	params: Readonly<Record<string, string>>,
	fields: readonly Field[] | null,
): object {
	const since = params.since === undefined ? Number.NEGATIVE_INFINITY : instantOf('since', params.since);
	const until = params.until === undefined ? Number.POSITIVE_INFINITY : instantOf('until', params.until);
	const posts = account
		.media()
		.slice(0, NEWEST)
		.filter((media) => media.timestamp >= since && media.timestamp <= until);
	return edge(call, account, posts, { path: `${account.id}/media`, params, fields });
}

/** `GET /{ig-user-id}/stories`: what was posted in the last 24 hours. */
export function storiesEdge(
	call: Call,
	account: AccountTruth,
	params: Readonly<Record<string, string>>,
	fields: readonly Field[] | null,
): object {
	if (!mayReadStories(call)) throw noPermission();
	return edge(call, account, account.stories(), { path: `${account.id}/stories`, params, fields });
}

type EdgeQuestion = {
	readonly path: string;
	readonly params: Readonly<Record<string, string>>;
	readonly fields: readonly Field[] | null;
};

function edge(call: Call, account: AccountTruth, items: readonly Media[], question: EdgeQuestion): object {
	const fields = question.fields ?? readFieldList(question.params.fields ?? 'id');
	const page = cursorPage(call, question.path, question.params, items);
	requireLightPage(call.pageBudget, page.items.length, fields);
	return {
		data: page.items.map((media) => mediaFields(call, account, media, fields)),
		...(page.paging === undefined ? {} : { paging: page.paging }),
	};
}

function instantOf(name: string, text: string): number {
	if (/^\d{1,12}$/.test(text)) return Number(text) * 1000;
	if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))) return startOfDay(text);
	const instant = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
	if (Number.isNaN(instant)) throw invalidParameter(`Param ${name} must be a valid datetime`);
	return instant;
}
