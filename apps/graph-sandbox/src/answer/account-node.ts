import type { AccountTruth } from '../world/account-truth.ts';
import { accountInsights } from './account-insights.ts';
import { businessDiscovery } from './business-discovery.ts';
import type { Call } from './call.ts';
import { type Field, readFieldList } from './field-list.ts';
import { GraphRefusal } from './graph-error.ts';
import { mediaEdge, storiesEdge } from './media-edge.ts';
import { answerFields, type FieldReader, onlyFields } from './node-fields.ts';
import { invalidParameter } from './refusals.ts';

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
			throw new GraphRefusal({
				code: 10,
				message: 'Application does not have permission for this action',
				status: 403,
			});
		},
	});
}

function nestedAccountInsights(call: Call, account: AccountTruth, field: Field): unknown {
	if (call.nested === 'ignored') return undefined;
	if (call.nested === 'refused') throw invalidParameter('Invalid parameter');
	const answer = accountInsights(call, account, field.params) as { data: readonly object[]; paging?: object };
	return { ...answer, data: onlyFields(answer.data, field.fields) };
}
