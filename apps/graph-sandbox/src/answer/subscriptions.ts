import { randomInt } from 'node:crypto';
import type { SubscriptionStore } from '../world/subscription-store.ts';
import { APPS } from '../world/token.ts';
import type { Call } from './call.ts';
import { GraphRefusal } from './graph-error.ts';
import { list } from './insights-query.ts';
import { invalidParameter, noPermission, unsupportedPost } from './refusals.ts';

/** Every field an app can ask of the object `instagram`. */
const INSTAGRAM_WEBHOOK_FIELDS = [
	'comments',
	'live_comments',
	'mentions',
	'story_insights',
	'messages',
	'message_edit',
	'message_reactions',
	'messaging_handover',
	'messaging_optins',
	'messaging_postbacks',
	'messaging_referral',
	'messaging_seen',
	'standby',
	'comment_poll_response',
	'follow',
	'onboarding_welcome_message_series',
	'share_to_story',
	'story_poll_response',
] as const;

const HANDSHAKE_MS = 5_000;

/**
 * `/{app-id}/subscriptions`: one callback for each object. A new one must pass the handshake before it is kept.
 *
 * @throws {GraphRefusal}
 */
export async function appSubscriptions(call: Call, store: SubscriptionStore): Promise<unknown> {
	const appId = call.path[0] ?? '';
	if (call.token.kind !== 'app' || call.token.appId !== appId) {
		throw new GraphRefusal({ code: 15, message: 'This method must be called with an app access_token.' });
	}
	switch (call.method) {
		case 'GET':
			return {
				data: store.ofApp(appId).map((one) => ({
					object: one.object,
					callback_url: one.callbackUrl,
					active: true,
					fields: one.fields.map((name) => ({ name, version: call.version })),
				})),
			};
		case 'DELETE':
			store.removeApp(appId, call.params.object ?? null);
			return { success: true };
		case 'POST':
			return subscribe(call, appId, store);
		default:
			throw unsupportedPost();
	}
}

async function subscribe(call: Call, appId: string, store: SubscriptionStore): Promise<unknown> {
	const object = required(call, 'object');
	const callbackUrl = required(call, 'callback_url');
	const verifyToken = required(call, 'verify_token');
	const fields = list(call.params.fields);
	if (object === 'instagram') {
		fields.forEach((field, index) => {
			if (INSTAGRAM_WEBHOOK_FIELDS.some((known) => known === field)) return;
			throw invalidParameter(
				`Param fields[${index}] must be one of {${INSTAGRAM_WEBHOOK_FIELDS.join(', ')}} - got "${field}".`,
			);
		});
	}
	await handshake(callbackUrl, verifyToken);
	store.setApp(appId, { object, callbackUrl, fields, verifyToken });
	return { success: true };
}

function required(call: Call, name: string): string {
	const value = call.params[name];
	if (value === undefined || value === '') throw invalidParameter(`The parameter ${name} is required`);
	return value;
}

/** Ask the callback to repeat a number, as Meta does before it trusts a URL. */
async function handshake(callbackUrl: string, verifyToken: string): Promise<void> {
	const challenge = String(randomInt(100_000_000, 2_000_000_000));
	let text: string;
	let status: number;
	try {
		const url = new URL(callbackUrl);
		url.searchParams.set('hub.mode', 'subscribe');
		url.searchParams.set('hub.challenge', challenge);
		url.searchParams.set('hub.verify_token', verifyToken);
		const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(HANDSHAKE_MS) });
		status = answer.status;
		text = await answer.text();
	} catch (error) {
		throw notVerified(`curl_error = ${error instanceof Error ? error.message : String(error)}; HTTP Status Code = 0`);
	}
	if (status !== 200) throw notVerified(`HTTP Status Code = ${status}`);
	if (text !== challenge) {
		throw notVerified(
			`Response does not match challenge, expected value="${challenge}", received="${text.slice(0, 40)}"`,
		);
	}
}

function notVerified(detail: string): GraphRefusal {
	return new GraphRefusal({
		code: 2200,
		message: `Callback verification failed with the following errors: ${detail}`,
	});
}

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

/** What an account must have granted for a field of Instagram Login, beside the basic permission. */
function permissionOf(field: string): string | undefined {
	if (/^(?:live_)?comments$|^mentions$/.test(field)) return 'instagram_business_manage_comments';
	return /^(?:messag|standby$)/.test(field) ? 'instagram_business_manage_messages' : undefined;
}

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
			const needed = facebook ? ['pages_manage_metadata'] : fields.map(permissionOf);
			if (needed.some((scope) => scope !== undefined && !call.token.scopes.includes(scope))) {
				throw facebook
					? new GraphRefusal({ code: 200, message: 'Requires pages_manage_metadata permission to manage the object' })
					: noPermission();
			}
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
