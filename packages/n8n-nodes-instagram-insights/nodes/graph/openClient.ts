import {
	createInsightsClient,
	type Host,
	type InsightsClient,
	InsightsError,
	tokenProblem,
	withBatching,
} from '@instagram-insights/core/internal';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { addressOf } from '../../credentials/formParts';
import type { CallOptions } from '../panel/options';
import { AUTHENTICATIONS, type Authentication, wrongLogin } from './authentication';
import { n8nClock, n8nTransport, type RequestContext } from './ports';

export type ClientContext = RequestContext & {
	getTimezone(): string;
	getCredentials(type: string, itemIndex?: number): Promise<ICredentialDataDecryptedObject>;
};

export type ClientRequest = {
	readonly authentication: Authentication;
	/** The account to read. @default the token's own */
	readonly accountId?: string | undefined;
	/** Whether many accounts are read at once: their requests then share batches if the host supports them. */
	readonly together?: boolean;
	readonly call: CallOptions;
};

/**
 * A client of core that sends its requests through n8n with the chosen credential.
 *
 * @throws {InsightsError} `auth`: the token is empty, a placeholder or an app's; `wrong-host`: it is one of the other login
 */
export async function openClient(context: ClientContext, request: ClientRequest): Promise<InsightsClient> {
	const { credentialType, host } = AUTHENTICATIONS[request.authentication];
	const credentials = await context.getCredentials(credentialType);
	checkToken(credentials, host);
	const { graphVersion, patienceMs, allowUnlisted } = request.call;
	const transport = n8nTransport(context, { credentialType, baseUrl: addressOf(credentials, `https://${host}`) });
	return createInsightsClient({
		host,
		transport: request.together ? withBatching(transport, n8nClock) : transport,
		clock: n8nClock,
		graphVersion,
		patienceMs,
		allowUnknown: allowUnlisted,
		timeZone: context.getTimezone(),
		...(request.accountId === undefined ? {} : { accountId: request.accountId }),
	});
}

/**
 * Refuse a token whose form shows that Meta will refuse it: Meta's own words would be misleading.
 *
 * @throws {InsightsError} `auth`, `wrong-host`
 */
export function checkToken({ accessToken }: ICredentialDataDecryptedObject, host: Host): void {
	// OAuth2 credentials keep their token in another place.
	if (typeof accessToken !== 'string') return;
	const token = accessToken.trim();
	const problem = tokenProblem(token);
	if (problem !== null) throw problem;
	const wrong = wrongLogin(token, host);
	if (wrong !== null) throw new InsightsError('wrong-host', wrong.message, { advice: wrong.advice });
}
