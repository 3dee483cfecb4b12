import { HOSTS } from '../../catalog/host.ts';
import { ProfileAnswer } from '../../graph/accounts-answer.ts';
import { fieldsOf, type MediaFields, MediaNode, withNulls } from '../../graph/media-answer.ts';
import { withoutPagingLinks } from '../../graph/read-answer.ts';
import { checkMediaFields, checkMediaIds, memberOf } from '../../query/check-forms.ts';
import type { ProfileQuery } from '../../query/insights-query.ts';
import { assertAskable, type ClientContext, type QuestionOptions, queryContext, refuse } from '../client-context.ts';
import { mediaFields, notMedia } from '../media/media-item.ts';
import { accountInWords } from './account-id.ts';

/** An account's fields under Graph's own names; ids are strings. On graph.instagram.com `user_id` is the account's id. */
export type Profile = Readonly<Record<string, unknown>>;

/** What a profile shows when the caller names no fields. */
export const PROFILE_FIELDS: readonly string[] = [
	'username',
	'name',
	'biography',
	'website',
	'profile_picture_url',
	'followers_count',
	'follows_count',
	'media_count',
];

/**
 * The account as it is now.
 *
 * @throws {InsightsError} `invalid-query`: a field that the host does not know, found before anything is sent
 */
export async function readProfile(
	query: ProfileQuery,
	context: ClientContext,
	{ signal }: QuestionOptions,
): Promise<Profile> {
	assertAskable(query, context);
	const { session } = context;
	const { fields } = query;
	const accountId = await context.accountId(signal);
	const own = HOSTS[session.host].loginType === 'instagram' ? ['id', 'user_id', 'account_type'] : ['id'];
	const names = fields ? [...new Set(['id', ...fields])] : [...own, ...PROFILE_FIELDS];
	const request = { method: 'GET', path: `/${accountId}`, query: { fields: names.join(',') } } as const;
	const { data } = await session.ask(request, ProfileAnswer, {
		what: `profile of ${accountInWords(accountId)}`,
		signal,
	});
	const { username, user_id: userId, id = userId } = data;
	// On graph.instagram.com `id` belongs to the app: without `user_id` the account's own is not among the fields.
	const ownId = own.includes('user_id') ? userId : id;
	if (typeof username === 'string' && ownId !== undefined) context.memory.account ??= { id: ownId, username };
	return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, withoutPagingLinks(value)]));
}

/**
 * One post, reel or story.
 *
 * @throws {InsightsError} `invalid-query`: not an id, or a field that media do not have; found before anything is sent
 */
export async function readMediaById(
	id: string,
	{ fields }: { readonly fields?: readonly string[] | undefined },
	context: ClientContext,
	{ signal }: QuestionOptions,
): Promise<MediaFields> {
	refuse([...checkMediaIds([id]), ...checkMediaFields(fields, queryContext(context))]);
	const names = mediaFields(fields);
	const request = { method: 'GET', path: `/${id}`, query: { fields: names.join(',') } } as const;
	const { data } = await context.session.ask(request, MediaNode, { what: `media ${id}`, signal });
	const error = notMedia(id, data);
	if (error !== null) throw error;
	return withNulls(fieldsOf(data), names.map(memberOf));
}
