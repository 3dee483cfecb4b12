import { createHmac } from 'node:crypto';
import { HOSTS, InsightsError, isInsightsError, type ReachableAccount } from '@instagram-insights/core';
import type { ICredentialDataDecryptedObject, IHookFunctions } from 'n8n-workflow';
import { z } from 'zod/v4';
import { OWN_ACCOUNT, readAccountId } from '../../InstagramInsights/descriptions/account';
import { readCallOptions } from '../../InstagramInsights/descriptions/options';
import { AUTHENTICATIONS, type Authentication } from '../../InstagramInsights/transport/authentication';
import { openClient } from '../../InstagramInsights/transport/openClient';
import type { Subscriber } from './accountSubscription';
import { callGraph } from './graphCall';

const pageSchema = z.object({ access_token: z.string() });

/**
 * Who sends an account's events to the app: with Instagram Login the account itself, with Facebook Login the Page that
 * it is linked to, which must be asked with the Page's own token.
 *
 * @throws {InsightsError} `not-found`: the token does not reach the account, or reaches several and none is chosen
 */
export async function findSubscriber(
	context: IHookFunctions,
	authentication: Authentication,
	graphVersion: string,
): Promise<Subscriber> {
	const { credentialType, host } = AUTHENTICATIONS[authentication];
	const credentials = await context.getCredentials<ICredentialDataDecryptedObject>(credentialType);
	const baseUrl = `${readBaseUrl(credentials, host)}/${graphVersion}`;
	const own = { context, access: { baseUrl, by: { credentialType } }, path: '/me', appId: null };
	if (HOSTS[host].loginType === 'instagram') return own;

	const accountId = readAccountId(context.getNodeParameter('account', OWN_ACCOUNT));
	const client = await openClient(context, { authentication, call: { ...readCallOptions({}), graphVersion } });
	const accounts = await client.accounts().catch(isPageToken);
	if (accounts === 'page-token') return own;
	const page = choosePage(accounts, accountId);
	const call = {
		method: 'GET',
		path: `/${page}`,
		query: { fields: 'access_token' },
		what: 'token of the Page',
	} as const;
	const { access_token: pageToken } = await callGraph(context, own.access, call, pageSchema);
	const { appSecret } = credentials;
	const proof =
		typeof appSecret === 'string' && appSecret.trim() !== ''
			? createHmac('sha256', appSecret.trim()).update(pageToken).digest('hex')
			: undefined;
	return { context, access: { baseUrl, by: { pageToken, proof } }, path: `/${page}`, appId: null };
}

/** A Page's token has no list of Pages: it is the Page. */
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
		several ? `The token reaches ${matching.length} accounts` : 'The token does not reach the account',
		{
			advice: several
				? 'Choose one of them in the parameter Account.'
				: 'Check the parameter Account, and that the Page linked with it was ticked at login. The token needs pages_show_list and pages_manage_metadata.',
		},
	);
}

function readBaseUrl({ baseUrl }: ICredentialDataDecryptedObject, host: string): string {
	const text = typeof baseUrl === 'string' ? baseUrl.trim().replace(/\/+$/, '') : '';
	return text === '' ? `https://${host}` : text;
}
