import type { Host, InsightsClient } from '@instagram-insights/core/internal';
import { type ILoadOptionsFunctions, NodeOperationError } from 'n8n-workflow';
import { AUTHENTICATIONS, isAuthentication } from '../graph/authentication';
import { openClient } from '../graph/openClient';
import { OWN_ACCOUNT, readAccountId } from './account';
import { readCallOptions } from './options';

/** A client for the choices made in the panel so far. */
export async function panelClient(
	context: ILoadOptionsFunctions,
	{ withAccount }: { withAccount: boolean },
): Promise<{ readonly client: InsightsClient; readonly host: Host }> {
	const authentication = context.getCurrentNodeParameter('authentication');
	if (!isAuthentication(authentication)) {
		throw new NodeOperationError(context.getNode(), 'Choose a credential first');
	}
	const accountId = withAccount ? readAccountId(context.getCurrentNodeParameter('account') ?? OWN_ACCOUNT) : undefined;
	const options = context.getCurrentNodeParameter('options');
	const call = readCallOptions(typeof options === 'object' && options !== null ? { ...options } : {});
	const client = await openClient(context, { authentication, accountId, call });
	return { client, host: AUTHENTICATIONS[authentication].host };
}
