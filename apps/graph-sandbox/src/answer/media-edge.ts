import type { AccountTruth } from '../world/account-truth.ts';
import type { Media } from '../world/media.ts';
import { startOfDay } from '../world/pacific-day.ts';
import { unit } from '../world/seeded.ts';
import { type Call, mayReadStories } from './call.ts';
import { type Field, readFieldList } from './field-list.ts';
import { mediaFields } from './media-node.ts';
import { cursorPage, requireLightPage } from './paging.ts';
import { invalidParameter, noPermission, unknownPath } from './refusals.ts';

/** The edge lists this many at most. */
const NEWEST = 10_000;

/**
 * `GET /{ig-user-id}/media`: posts newest first, stories apart, cursor paging, optional `since` and `until`.
 * One medium whose insights are refused fails the whole page.
 *
 * @param fields of each media item; read from `params.fields` when `null`
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

/** The share of others' posts with the account tagged, or as a collaborator, where the posts do not say. */
const SHARED = { tags: 0.05, collaborators: 0.02 } as const;

/**
 * `GET /{ig-user-id}/tags` and `/collaborative_media`: others' posts in which the account is tagged, or a collaborator.
 * On Facebook, the first needs the permission of comments; only Facebook has the second. Neither has insights.
 */
export function othersMediaEdge(call: Call, account: AccountTruth, what: keyof typeof SHARED): object {
	const onFacebook = call.host === 'graph.facebook.com';
	const name = what === 'tags' ? 'tags' : 'collaborative_media';
	if (!onFacebook && what === 'collaborators') throw unknownPath(name);
	const needed = what === 'tags' ? ['instagram_manage_comments', 'pages_read_engagement'] : [];
	if (onFacebook && !needed.every((scope) => call.token.scopes.includes(scope))) throw noPermission();
	const fields = readFieldList(call.params.fields ?? 'id');
	if (fields.some((field) => field.name === 'insights')) throw invalidParameter('Invalid parameter');
	const others = Object.values(call.world.accounts).filter(({ key }) => key !== account.key);
	const posts = others
		.flatMap((other) => other.media())
		.filter((media) => isShared(call.world.seed, media, what, account.key))
		.sort((a, b) => b.timestamp - a.timestamp);
	const page = cursorPage(call, `${account.id}/${name}`, call.params, posts);
	return {
		data: page.items.map((media) => mediaFields(call, call.world.account(media.accountKey), media, fields)),
		...(page.paging === undefined ? {} : { paging: page.paging }),
	};
}

function isShared(seed: string, media: Media, what: keyof typeof SHARED, key: string): boolean {
	return media[what]?.includes(key) ?? (media.productType !== 'AD' && unit(seed, media.id, what, key) < SHARED[what]);
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
