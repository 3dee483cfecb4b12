import { createInsightsClient, type InsightsClient, InsightsError } from '@instagram-insights/core';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { CallOptions } from '../descriptions/options';
import { AUTHENTICATIONS, type Authentication } from './authentication';
import { n8nClock } from './n8nClock';
import { n8nTransport, type RequestContext } from './n8nTransport';
import { wrongLogin } from './wrongLogin';

export type ClientContext = RequestContext & {
	getTimezone(): string;
	getCredentials(type: string, itemIndex?: number): Promise<ICredentialDataDecryptedObject>;
};

export type ClientRequest = {
	readonly authentication: Authentication;
	/** The account to read; the token's own when left out. */
	readonly accountId?: string | undefined;
	readonly call: CallOptions;
};

/**
 * A client of core that speaks through n8n with the chosen credential.
 *
 * @throws {InsightsError} `wrong-host`: the token is one of the other login
 */
export async function openClient(context: ClientContext, request: ClientRequest): Promise<InsightsClient> {
	const { credentialType, host } = AUTHENTICATIONS[request.authentication];
	const credentials = await context.getCredentials(credentialType);
	const { accessToken, baseUrl } = credentials;
	const wrong = typeof accessToken === 'string' ? wrongLogin(accessToken.trim(), host) : null;
	if (wrong !== null) throw new InsightsError('wrong-host', wrong.message, { advice: wrong.advice });
	const { graphVersion, patienceMs, allowUnlisted } = request.call;
	return createInsightsClient({
		host,
		transport: n8nTransport(context, { credentialType, baseUrl: readBaseUrl(baseUrl, host) }),
		clock: n8nClock,
		graphVersion,
		patienceMs,
		allowUnknown: allowUnlisted,
		timeZone: context.getTimezone(),
		...(request.accountId === undefined ? {} : { accountId: request.accountId }),
	});
}

function readBaseUrl(value: unknown, host: string): string {
	const text = typeof value === 'string' ? value.trim().replace(/\/+$/, '') : '';
	return text === '' ? `https://${host}` : text;
}
