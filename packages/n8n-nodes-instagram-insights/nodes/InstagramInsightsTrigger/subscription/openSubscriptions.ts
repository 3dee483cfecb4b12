import {
	type AccountSubscription,
	type AppSubscriptions,
	appSecretProof,
	createAccountSubscription,
	createAppSubscriptions,
	HOSTS,
	InsightsError,
	isInsightsError,
	type LoginType,
	type ReachableAccount,
	readPageToken,
} from '@instagram-insights/core/internal';
import type { ICredentialDataDecryptedObject, IHookFunctions } from 'n8n-workflow';
import { addressOf } from '../../../credentials/formParts';
import { AUTHENTICATIONS, type Authentication } from '../../graph/authentication';
import { checkToken, openClient } from '../../graph/openClient';
import { n8nClock, n8nTransport, pageTransport } from '../../graph/ports';
import { OWN_ACCOUNT, readOneAccountId } from '../../panel/account';
import { readCallOptions } from '../../panel/options';
import type { WebhookCredential } from '../receive/parameters';

/** The callback of the credential's app. */
export function openApp(
	context: IHookFunctions,
	credential: WebhookCredential,
	graphVersion: string,
): AppSubscriptions {
	const access = {
		credentialType: 'instagramInsightsWebhookApi',
		baseUrl: addressOf(credential, 'https://graph.facebook.com'),
	};
	const { appId, appSecret } = credential;
	return createAppSubscriptions(String(appId ?? '').trim(), {
		transport: n8nTransport(context, access),
		clock: n8nClock,
		graphVersion,
		secrets: typeof appSecret === 'string' && appSecret.trim() !== '' ? [appSecret.trim()] : [],
	});
}

/** An account that can be subscribed. */
export type OpenAccount = { readonly login: LoginType; readonly subscription: AccountSubscription };

/**
 * Who sends an account's events to the app: with Instagram Login the account itself, with Facebook Login the Page that
 * it is linked to, which must be asked with the Page's own token.
 *
 * @throws {InsightsError} `not-found`: the token does not reach the account, or reaches several and none is chosen
 */
export async function openAccount(
	context: IHookFunctions,
	authentication: Authentication,
	graphVersion: string,
): Promise<OpenAccount> {
	const { credentialType, host } = AUTHENTICATIONS[authentication];
	const credentials = await context.getCredentials<ICredentialDataDecryptedObject>(credentialType);
	checkToken(credentials, host);
	const baseUrl = addressOf(credentials, `https://${host}`);
	const own = { transport: n8nTransport(context, { credentialType, baseUrl }), clock: n8nClock, graphVersion };
	const login = HOSTS[host].loginType;
	const me = { login, node: 'me', name: 'the account' };
	if (login === 'instagram') return { login, subscription: createAccountSubscription(me, own) };

	const accountId = readOneAccountId(context.getNodeParameter('account', OWN_ACCOUNT));
	const client = await openClient(context, { authentication, call: { ...readCallOptions({}), graphVersion } });
	const accounts = await client.accounts().catch(isPageToken);
	if (accounts === 'page-token') return { login, subscription: createAccountSubscription(me, own) };
	const page = choosePage(accounts, accountId);
	const pageToken = await readPageToken(page, own);
	const transport = pageTransport(context, { token: pageToken, proof: proofOf(pageToken, credentials), baseUrl });
	const options = { transport, clock: n8nClock, graphVersion, secrets: [pageToken] };
	return { login, subscription: createAccountSubscription({ login, node: page, name: `the Page ${page}` }, options) };
}

/** The token of a Page has no list of Pages, because it is the Page. */
function isPageToken(error: unknown): 'page-token' {
	const said = isInsightsError(error) ? (error.graph?.message ?? '') : '';
	if (/nonexisting field \(accounts\) on node type \(Page\)/i.test(said)) return 'page-token';
	throw error;
}

function choosePage(accounts: readonly ReachableAccount[], accountId: string | undefined): string {
	const matching = accountId === undefined ? accounts : accounts.filter(({ id }) => id === accountId);
	const [account, ...others] = matching;
	if (account?.page !== undefined && others.length === 0) return account.page.id;
	const several = others.length > 0;
	throw new InsightsError(
		'not-found',
		several
			? `The token reaches ${matching.length} accounts`
			: `The token does not reach the account${accountId === undefined ? '' : ` ${accountId}`}`,
		{
			advice: several
				? 'Choose one under Account.'
				: 'Check the parameter Account, and that the Page linked with it was ticked at login. The token needs pages_show_list and pages_manage_metadata.',
		},
	);
}

function proofOf(pageToken: string, { appSecret }: ICredentialDataDecryptedObject): string | undefined {
	const secret = typeof appSecret === 'string' ? appSecret.trim() : '';
	return secret === '' ? undefined : appSecretProof(pageToken, secret);
}
