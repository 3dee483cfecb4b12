import { DEFAULT_GRAPH_VERSION, HOSTS } from '@instagram-insights/core';
import type { IHookFunctions } from 'n8n-workflow';
import {
	AUTHENTICATIONS,
	type Authentication,
	isAuthentication,
} from '../../InstagramInsights/transport/authentication';
import { ALL_FIELDS, fieldsOf } from '../fields/webhookFields';
import { readFields, readMode } from '../receive/parameters';
import type { WebhookCredential } from '../receive/secrets';

/** What the panel says about registering. */
export type RegistrationPlan = {
	/** Under which URL n8n listens, the test URL while the editor waits for an event. */
	readonly callbackUrl: string;
	readonly graphVersion: string;
	/** What to ask Meta for. */
	readonly fields: readonly string[];
	/** Nobody named these fields: those that Meta does not know may be left out. */
	readonly anyFields: boolean;
	/** Take the callback URL over from another address. */
	readonly replace: boolean;
	/** The login whose account is subscribed too; null: the user does that. */
	readonly account: Authentication | null;
};

/** @returns null when Meta is not to be spoken to: events come from the relay, or the user registers by hand */
export function readPlan(context: IHookFunctions): RegistrationPlan | null {
	if (readMode(context) === 'relay') return null;
	if (context.getNodeParameter('registration', 'manual') !== 'automatic') return null;
	const chosen = readFields(context);
	const anyFields = chosen.includes(ALL_FIELDS);
	const account = readAccountLogin(context);
	return {
		callbackUrl: context.getNodeWebhookUrl('default') ?? '',
		graphVersion: readGraphVersion(context),
		fields: anyFields ? everyField(account) : chosen,
		anyFields,
		replace: readOptions(context).replaceCallback === true,
		account,
	};
}

/** The login whose account is to be subscribed; null when the user does that. */
export function readAccountLogin(context: IHookFunctions): Authentication | null {
	const authentication = context.getNodeParameter('authentication', 'instagramLogin');
	return isAuthentication(authentication) ? authentication : null;
}

export function readGraphVersion(context: IHookFunctions): string {
	const { graphVersion } = readOptions(context);
	return typeof graphVersion === 'string' && graphVersion !== '' ? graphVersion : DEFAULT_GRAPH_VERSION;
}

function readOptions(context: IHookFunctions): Readonly<Record<string, unknown>> {
	return context.getNodeParameter('options', {}) as Readonly<Record<string, unknown>>;
}

/** Without a login to go by, the fields of both. */
function everyField(account: Authentication | null): string[] {
	if (account !== null) return fieldsOf(HOSTS[AUTHENTICATIONS[account].host].loginType);
	return [...new Set([...fieldsOf('instagram'), ...fieldsOf('facebook')])];
}

/** Where the app is registered, without a slash at the end. */
export function appBaseUrl({ baseUrl }: WebhookCredential): string {
	const text = typeof baseUrl === 'string' ? baseUrl.trim().replace(/\/+$/, '') : '';
	return text === '' ? 'https://graph.facebook.com' : text;
}
