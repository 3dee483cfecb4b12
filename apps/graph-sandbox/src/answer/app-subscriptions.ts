import { randomInt } from 'node:crypto';
import type { SubscriptionStore } from '../world/subscription-store.ts';
import type { Call } from './call.ts';
import { GraphRefusal } from './graph-error.ts';
import { list } from './insights-query.ts';
import { invalidParameter, unsupportedPost } from './refusals.ts';

/** Every field an app can ask of the object `instagram`. */
export const INSTAGRAM_WEBHOOK_FIELDS = [
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
