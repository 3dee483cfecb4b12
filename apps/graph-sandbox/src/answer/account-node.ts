import type { AccountTruth } from '../world/account-truth.ts';
import type { Media } from '../world/media.ts';
import { graphTime } from '../world/pacific-day.ts';
import { accountInsights } from './account-insights.ts';
import { type Call, mayReadInsights } from './call.ts';
import { answerFields, type Field, type FieldReader, onlyFields, readFieldList } from './field-list.ts';
import { GraphRefusal } from './graph-error.ts';
import { mediaEdge, storiesEdge } from './media-edge.ts';
import { cursorPage } from './paging.ts';
import { invalidParameter, noPermission } from './refusals.ts';

/**
 * `GET /{ig-user-id}` (and `/me` on the Instagram host): the profile, and the edges asked inside it.
 *
 * @throws {GraphRefusal}
 */
export function accountNode(call: Call, account: AccountTruth): Record<string, unknown> {
	const fields = readFieldList(call.params.fields ?? 'id');
	return accountFields(call, account, fields);
}

export function accountFields(call: Call, account: AccountTruth, fields: readonly Field[]): Record<string, unknown> {
	const common: Record<string, FieldReader> = {
		username: () => account.username,
		name: () => account.name,
		biography: () => account.biography || undefined,
		website: () => account.website || undefined,
		followers_count: () => account.followersNow(),
		follows_count: () => account.follows,
		media_count: () => account.media().length,
		profile_picture_url: () => `https://scontent.sandbox.example/profile/${account.key}.jpg`,
		insights: (field) => nestedAccountInsights(call, account, field),
		media: (field) => mediaEdge(call, account, field.params, field.fields),
		stories: (field) => storiesEdge(call, account, field.params, field.fields),
	};
	if (call.host === 'graph.instagram.com') {
		return answerFields(call.host, 'InstagramUser', fields, {
			...common,
			id: () => account.appScopedId,
			user_id: () => account.id,
			account_type: () => account.accountType,
		});
	}
	return answerFields(call.host, 'ShadowIGUser', fields, {
		...common,
		id: () => account.id,
		ig_id: () => account.id.slice(7),
		legacy_instagram_user_id: () => account.appScopedId,
		has_profile_pic: () => true,
		is_published: () => true,
		business_discovery: (field) => businessDiscovery(call, field),
		shopping_product_tag_eligibility: () => {
			throw noPermission();
		},
	});
}

function nestedAccountInsights(call: Call, account: AccountTruth, field: Field): unknown {
	if (call.nested === 'ignored') return undefined;
	if (call.nested === 'refused') throw invalidParameter('Invalid parameter');
	const answer = accountInsights(call, account, field.params) as { data: readonly object[]; paging?: object };
	return { ...answer, data: onlyFields(answer.data, field.fields) };
}

/**
 * `business_discovery.username(name){…}` of the account node: another professional account, by user name. Public fields
 * only, and no insights. A personal account and an unknown name get the same refusal.
 *
 * @throws {GraphRefusal}
 */
export function businessDiscovery(call: Call, field: Field): Record<string, unknown> {
	if (!mayReadInsights(call)) throw noPermission();
	const { username } = field.params;
	if (username === undefined) throw invalidParameter('The parameter username is required.');
	const other = Object.values(call.world.accounts).find((account) => account.username === username.toLowerCase());
	if (other === undefined) {
		throw new GraphRefusal({
			code: 110,
			subcode: 2_207_013,
			message: 'Invalid user id',
			userTitle: 'Cannot find User',
			userMessage: `The user with username: ${username} cannot be found.`,
		});
	}
	return answerFields(call.host, 'ShadowIGUser', field.fields ?? [], {
		id: () => other.id,
		ig_id: () => other.id.slice(7),
		username: () => other.username,
		name: () => other.name,
		biography: () => other.biography || undefined,
		website: () => other.website || undefined,
		profile_picture_url: () => `https://scontent.sandbox.example/profile/${other.key}.jpg`,
		followers_count: () => other.followersNow(),
		follows_count: () => other.follows,
		media_count: () => other.media().length,
		media: (media) => mediaOfOther(call, other, media),
	});
}

/** Newest first. The cursors come without the link to the next page; the last page has them too. */
function mediaOfOther(call: Call, other: AccountTruth, field: Field): object {
	const page = cursorPage(call, `${other.id}/media`, field.params, other.media());
	const cursors = page.paging as { readonly cursors: object } | undefined;
	return {
		data: page.items.map((media) => publicFields(call, other, media, field.fields ?? [])),
		...(cursors === undefined ? {} : { paging: { cursors: cursors.cursors } }),
	};
}

function publicFields(call: Call, other: AccountTruth, media: Media, fields: readonly Field[]) {
	const video = media.mediaType === 'VIDEO';
	return answerFields(call.host, 'ShadowIGMedia', fields, {
		id: () => media.id,
		caption: () => media.caption || undefined,
		media_type: () => media.mediaType,
		media_product_type: () => media.productType,
		media_url: () =>
			media.copyrightFlagged ? undefined : `https://scontent.sandbox.example/${media.id}.${video ? 'mp4' : 'jpg'}`,
		thumbnail_url: () => (video ? `https://scontent.sandbox.example/${media.id}.jpg` : undefined),
		permalink: () => `https://www.instagram.com/p/${media.shortcode}/`,
		timestamp: () => graphTime(media.timestamp),
		username: () => other.username,
		owner: () => ({ id: other.id }),
		like_count: () => (media.likesHidden ? undefined : other.mediaMetric(media, 'likes')),
		comments_count: () => other.mediaMetric(media, 'comments'),
		view_count: () => (media.productType === 'REELS' ? other.mediaMetric(media, 'views') : undefined),
	});
}
