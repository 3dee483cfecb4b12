import type { ICredentialDataDecryptedObject, IDataObject, IHttpRequestHelper } from 'n8n-workflow';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** One request that turns a short-lived token into a long-lived one. */
export type ExchangeRequest = { readonly url: string; readonly qs: Readonly<Record<string, string>> };

type Known = { readonly accessToken: string; readonly until: number };

/**
 * Long-lived tokens by the short-lived tokens that n8n stores.
 *
 * n8n stores what the sign-in returned, and an OAuth2 credential cannot store anything else. A refresh would need a refresh
 * token, which Meta does not give. So an exchanged token lives as long as this process: after a restart, the user must connect
 * again. The README says so, and recommends the access token credential.
 */
const exchanged = new Map<string, Known>();

/** Far more credentials than anyone has. The oldest entry is dropped first. */
const MOST_KEPT = 200;

/**
 * The token data of an OAuth2 credential with a long-lived token, if Meta gives one.
 *
 * Never throws, and asks once per token, because a failed exchange must not cost the request that waits.
 *
 * @param requestFor the request for the exchange, which contains secrets
 */
export async function withLongLivedToken(
	http: IHttpRequestHelper['helpers'],
	credentials: ICredentialDataDecryptedObject,
	requestFor: (shortToken: string) => ExchangeRequest,
	now: number,
): Promise<IDataObject> {
	const tokenData = credentials.oauthTokenData as IDataObject | undefined;
	const shortToken = tokenData?.access_token;
	if (typeof shortToken !== 'string' || shortToken === '' || isLongLived(tokenData)) return {};
	const known = exchanged.get(shortToken);
	const current = known !== undefined && known.until > now ? known : await exchange(http, requestFor(shortToken), now);
	if (current === null) return {};
	exchanged.delete(shortToken);
	exchanged.set(shortToken, current);
	for (const [oldest] of exchanged) if (exchanged.size > MOST_KEPT) exchanged.delete(oldest);
	// After a failed exchange, keep the short token itself, so that not every request tries again.
	return { oauthTokenData: { ...tokenData, access_token: current.accessToken || shortToken } };
}

/** Facebook's sign-in often gives a long-lived token directly. */
function isLongLived(tokenData: IDataObject | undefined): boolean {
	return Number(tokenData?.expires_in) * SECOND_MS > DAY_MS;
}

async function exchange(
	http: IHttpRequestHelper['helpers'],
	{ url, qs }: ExchangeRequest,
	now: number,
): Promise<Known | null> {
	try {
		const response = (await http.httpRequest({
			method: 'GET',
			url,
			qs: { ...qs },
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			timeout: 15_000,
		})) as { statusCode: number; body: unknown };
		const body = (typeof response.body === 'object' && response.body !== null ? response.body : {}) as IDataObject;
		if (response.statusCode !== 200 || typeof body.access_token !== 'string') {
			return { accessToken: '', until: now + HOUR_MS };
		}
		const lifetimeMs = Number(body.expires_in) * SECOND_MS;
		return { accessToken: body.access_token, until: now + (lifetimeMs > 0 ? lifetimeMs : HOUR_MS) };
	} catch {
		return null;
	}
}
