import { documentedFields, HOSTS } from '@instagram-insights/core/internal';
import { type IHookFunctions, NodeHelpers } from 'n8n-workflow';
import { AUTHENTICATIONS, type Authentication, isAuthentication } from '../../graph/authentication';
import { readCallOptions } from '../../panel/options';
import { wrongSetting } from '../../panel/wrongSetting';
import { NO_ACCOUNT } from '../descriptions/registration';
import { ALL_FIELDS, readFields, readMode } from '../receive/parameters';
import type { OwnUrl } from './decideRegistration';

/** The path of both webhooks in the description of the node. */
const WEBHOOK_PATH = 'webhook';

/** The panel's settings for registering. */
export type RegistrationPlan = OwnUrl & {
	/** The editor waits for an event, at the test URL. */
	readonly listening: boolean;
	readonly graphVersion: string;
	/** Fields to subscribe to. */
	readonly fields: readonly string[];
	/** Take the callback URL over from another address. */
	readonly replace: boolean;
	/** The login whose account is subscribed too; null: the user subscribes it. */
	readonly account: Authentication | null;
};

/** @returns null if the trigger does not call Meta: events come from the relay, or the user registers by hand */
export function readPlan(context: IHookFunctions): RegistrationPlan | null {
	if (readMode(context) === 'relay') return null;
	if (context.getNodeParameter('registration', 'manual') !== 'automatic') return null;
	const chosen = readFields(context);
	const account = readAccountLogin(context);
	return {
		...readOwnUrl(context),
		listening: context.getMode() === 'manual',
		graphVersion: readGraphVersion(context),
		fields: chosen.includes(ALL_FIELDS) ? everyField(account) : chosen,
		replace: readOptions(context).replaceCallback === true,
		account,
	};
}

/** Under which URL n8n listens for this trigger. */
export function readOwnUrl(context: IHookFunctions): OwnUrl {
	return {
		callbackUrl: context.getNodeWebhookUrl('default') ?? '',
		webhookPath: NodeHelpers.getNodeWebhookPath(String(context.getWorkflow().id), context.getNode(), WEBHOOK_PATH),
	};
}

/**
 * The login whose account to subscribe; null if the user subscribes it.
 *
 * @throws {InsightsError} `invalid-query`: an expression gave something else
 */
export function readAccountLogin(context: IHookFunctions): Authentication | null {
	const authentication = context.getNodeParameter('authentication', 'instagramLogin');
	if (authentication === NO_ACCOUNT) return null;
	if (isAuthentication(authentication)) return authentication;
	const names = [...Object.keys(AUTHENTICATIONS), NO_ACCOUNT].join(', ');
	const message = `"${String(authentication)}" is not a choice of Account to Subscribe. Choose one of ${names}.`;
	throw wrongSetting('authentication', authentication, message);
}

export function readGraphVersion(context: IHookFunctions): string {
	return readCallOptions({ graphVersion: readOptions(context).graphVersion }).graphVersion;
}

function readOptions(context: IHookFunctions): Readonly<Record<string, unknown>> {
	return context.getNodeParameter('options', {}) as Readonly<Record<string, unknown>>;
}

/** Without a known login, the fields of both. */
function everyField(account: Authentication | null): string[] {
	if (account !== null) return documentedFields(HOSTS[AUTHENTICATIONS[account].host].loginType);
	return [...new Set([...documentedFields('instagram'), ...documentedFields('facebook')])];
}
