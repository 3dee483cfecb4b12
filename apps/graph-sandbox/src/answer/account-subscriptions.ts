import type { SubscriptionStore } from '../world/subscription-store.ts';
import { APPS } from '../world/token.ts';
import type { Call } from './call.ts';
import { GraphRefusal } from './graph-error.ts';
import { list } from './insights-query.ts';
import { invalidParameter, unsupportedPost } from './refusals.ts';

/**
 * The names Meta lists when it refuses another one with Instagram Login, in its order. `message_echoes` is not among
 * them: echoes come with `messages`. Some are taken though they send nothing (`story_insights`).
 */
const INSTAGRAM_FIELDS = [
	'agent_messages',
	'messages',
	'messaging_postbacks',
	'messaging_seen',
	'messaging_handover',
	'messaging_referral',
	'messaging_optins',
	'message_reactions',
	'message_edit',
	'standby',
	'comments',
	'live_comments',
	'mentions',
	'story_insights',
	'creator_marketplace_projects',
	'creator_marketplace_invited_creator_onboarding',
	'delta',
	'story_reactions',
	'onboarding_welcome_message_series',
	'follow',
	'comment_poll_response',
	'story_poll_response',
	'share_to_story',
] as const;

/** A Page takes Page fields; Instagram's own names are refused there. */
const PAGE_FIELDS = [
	'feed',
	'mention',
	'messages',
	'message_reactions',
	'messaging_postbacks',
	'name',
	'picture',
] as const;

/**
 * `/{ig-user-id}/subscribed_apps` (Instagram) and `/{page-id}/subscribed_apps` (Facebook): which fields of the account
 * reach the token's app.
 *
 * @throws {GraphRefusal}
 */
export function accountSubscriptions(call: Call, accountKey: string, store: SubscriptionStore): unknown {
	const facebook = call.host === 'graph.facebook.com';
	if (facebook && call.token.kind !== 'page') {
		throw new GraphRefusal({ code: 210, message: 'A page access token is required to request this resource.' });
	}
	const appId = call.token.appId;
	switch (call.method) {
		case 'GET': {
			const fields = store.ofAccount(appId, accountKey);
			const name = Object.values(APPS).find((app) => app.id === appId)?.name;
			return { data: fields === null ? [] : [{ name, id: appId, subscribed_fields: fields }] };
		}
		case 'POST': {
			const fields = list(call.params.subscribed_fields);
			if (fields.length === 0) throw invalidParameter('The parameter subscribed_fields is required');
			const known: readonly string[] = facebook ? PAGE_FIELDS : INSTAGRAM_FIELDS;
			fields.forEach((field, index) => {
				if (known.includes(field)) return;
				throw invalidParameter(
					`Param subscribed_fields[${index}] must be one of {${known.join(', ')}} - got "${field}".`,
				);
			});
			store.setAccount(appId, accountKey, fields);
			return { success: true };
		}
		case 'DELETE':
			store.removeAccount(appId, accountKey);
			return { success: true };
		default:
			throw unsupportedPost();
	}
}
