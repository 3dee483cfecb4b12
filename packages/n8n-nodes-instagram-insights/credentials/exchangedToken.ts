import type { ICredentialDataDecryptedObject, IDataObject, IHttpRequestHelper } from 'n8n-workflow';

const SECOND_MS = 1000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** One request that turns a short-lived token into a long-lived one. */
export type ExchangeRequest = { readonly url: string; readonly qs: Readonly<Record<string, string>> };

type Known = { readonly accessToken: string; readonly until: number };

/**
 * Long-lived tokens by the short-lived ones that n8n keeps.
 *
 * n8n stores what the sign-in first returned and gives an OAuth2 credential no way to store anything else; a refresh
 * would need a refresh token, which Meta does not have. So the exchange lives as long as this process: after a restart
 * the account must be connected again. The README says so, and names the access token credential as the one that lasts.
 */
const exchanged = new Map<string, Known>();

/** Many more credentials than anyone has; the oldest entry makes room. */
const MOST_KEPT = 200;

/**
 * The token data of an OAuth2 credential with a long-lived token in it, where one can be had.
 *
 * Never throws, and asks once for each token: whatever goes wrong here must not cost the request that waits.
 *
 * @param requestFor the request for the exchange; secrets stay inside it
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
	// An exchange that failed is kept as the short token itself, so that it is not tried at every request.
	return { oauthTokenData: { ...tokenData, access_token: current.accessToken || shortToken } };
}

/** Facebook's sign-in often gives a long-lived token at once. */
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
